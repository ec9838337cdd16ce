"""The standard library's parser of MIME, kept to work that is linear in the bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.feedparser import BufferedSubFile, BytesFeedParser  # type: ignore[attr-defined]  # typeshed leaves it out
from email.message import Message
from email.policy import Compat32, Policy
from functools import partial
from typing import TYPE_CHECKING, Any

from ingest.headers import LONGEST_HEADER, parameters
from ingest.limits import HEADER_BLOCK_NOTE, LARGEST_HEADER_BLOCK, MOST_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LONGEST_BOUNDARY = 200
"""Characters; RFC 2046 5.1.1 allows 70."""

_HEADER_WAS_CUT = f"Of a header longer than {LONGEST_HEADER // 1024} KiB only the beginning was read."


def parse(original: bytes) -> tuple[Message, tuple[str, ...]]:
    """The tree of parts, and a note for each limit that cut a header.

    Raises what the standard library raises on the bytes of strangers: see `UNREADABLE`.
    """
    seen = _Seen()
    parser = _Parser(seen)
    parser.feed(original)
    return parser.close(), tuple(seen.notes)


#: What the parser has been seen to raise. A mail that it fails on is still a mail: it becomes one with the raw text.
UNREADABLE = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the parts of one mail tell beside themselves."""

    notes: dict[str, None] = field(default_factory=dict)
    boundaries: set[str] = field(default_factory=set)


class _Policy(Compat32):
    """A header of a million folded lines is joined no further than it is read."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        kept, length = 0, 0
        for line in sourcelines:
            kept, length = kept + 1, length + len(line)
            if length > 2 * LONGEST_HEADER:
                break
        return super().header_source_parse(list(sourcelines[:kept]))


_POLICY = _Policy()


class _Message(Message):
    """A part whose headers are bounded, and whose parameters are read by us.

    The library reads parameters in quadratic time (gh-87075), makes a regular expression of every boundary, and `re`
    remembers it: one of 4 MB took 4.6 seconds.
    """

    def __init__(self, seen: _Seen, policy: Policy = _POLICY) -> None:
        super().__init__(policy)
        self._seen = seen
        self._room = LARGEST_HEADER_BLOCK

    def set_raw(self, name: str, value: str) -> None:
        if len(value) > LONGEST_HEADER:
            self._seen.notes[_HEADER_WAS_CUT] = None
            value = value[:LONGEST_HEADER]
        self._room -= len(name) + len(value)
        if self._room < 0:
            self._seen.notes[HEADER_BLOCK_NOTE] = None
        else:
            super().set_raw(name, value)

    def get_param(self, param: str, failobj: Any = None, header: str = "content-type", *_: Any, **__: Any) -> Any:
        value = self.get(header)
        return failobj if value is None else parameters(str(value))[1].get(param.lower(), failobj)

    def get_boundary(self, failobj: Any = None) -> Any:
        boundary = super().get_boundary()
        if boundary is None or len(boundary) > LONGEST_BOUNDARY:
            return failobj
        self._seen.boundaries.add(boundary)
        return boundary


class _Parser(BytesFeedParser):
    """The library's parser over lines that ask few questions."""

    def __init__(self, seen: _Seen) -> None:
        super().__init__(partial(_Message, seen), policy=_POLICY)
        self._input = _Lines(seen.boundaries)


class _Lines(BufferedSubFile):  # type: ignore[misc]
    """The lines of a mail, up to the end of the part that is being read.

    The library asks every enclosing part about each line whether the part ends there. Here 49 levels cost no more than
    one: such an end is the delimiter of a boundary seen before, or the blank line after a block of a delivery report.
    Blocks are counted as parts are, as each becomes an object.
    """

    def __init__(self, boundaries: set[str]) -> None:
        super().__init__()
        self._boundaries = boundaries
        self._ends: list[Callable[[str], Any]] = []
        self._blank_line_ends = 0
        self._blocks = 0

    def push_eof_matcher(self, pred: Callable[[str], Any]) -> None:
        if not self._ends:
            super().push_eof_matcher(self._is_an_end)
        self._ends.append(pred)
        self._blank_line_ends += bool(pred("\n"))

    def pop_eof_matcher(self) -> Callable[[str], Any]:
        pred = self._ends.pop()
        self._blank_line_ends -= bool(pred("\n"))
        if not self._ends:
            super().pop_eof_matcher()
        return pred

    def _is_an_end(self, line: str) -> bool:
        if line.startswith("--"):
            return self._is_a_delimiter(line.rstrip(" \t\r\n")[2:]) and any(end(line) for end in reversed(self._ends))
        if self._blank_line_ends == 0 or line[0] not in "\r\n" or self._blocks == MOST_PARTS:
            return False
        self._blocks += 1
        return True

    def _is_a_delimiter(self, text: str) -> bool:
        return text in self._boundaries or text.removesuffix("--") in self._boundaries
