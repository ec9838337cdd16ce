"""Bytes to the tree of parts of a mail (RFC 5322, RFC 2046), in time linear in the bytes and without recursion.

The standard library asks every enclosing part about each line, compiles a pattern for every boundary, and recurses.
Here a part is a span of one text, found by its boundary; the objects are the library's, since others read them.
"""

from __future__ import annotations

import re
from email.message import Message
from email.policy import compat32
from itertools import islice
from typing import TYPE_CHECKING, Any

from ingest.mail.headers import LONGEST_HEADER, parameters
from ingest.mail.limits import DEEPEST, HEADER_BLOCK_NOTE, LARGEST_HEADER_BLOCK, MOST_PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_BOUNDARY = 200
"""Characters; RFC 2046 5.1.1 allows 70."""

_HEADER_WAS_CUT = f"Of a header longer than {LONGEST_HEADER // 1024} KiB only the beginning was read."

_LINE = r"[^\r\n]*(?:\r\n|[\r\n]|\Z)"
_FIELD = re.compile(rf"([!-9;-~]*)[ \t]*:[ \t]*({_LINE}(?:[ \t]{_LINE})*)")
#: The envelope of an mbox file, and continuations of no header.
_BEFORE_FIELDS = re.compile(rf"(?:>?From {_LINE})?(?:[ \t]{_LINE})*")
_LINE_END = re.compile(r"\r\n|[\r\n]")
_LINE_ENDS = re.compile(r"[\r\n]+")
_BLANK_LINES = re.compile(r"(?:\r\n|\n|\r(?!\n)){2,}")
_DELIMITER_END = re.compile(r"(--)?[ \t]*(?:\r\n|[\r\n]|\Z)")

#: A part with the span of the text that it is read from, and its depth.
_Span = tuple["_Message", int, int, int]

#: What the library has been seen to raise while it reads a part. Such a mail becomes one with the raw text.
UNREADABLE = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def parse(original: bytes) -> tuple[Message, tuple[str, ...]]:
    """The tree of parts, and a note for each limit that cut one.

    Depth and parts are limited on the raw bytes before; here they are once more, for boundaries written so that only
    who reads parameters sees them. Whoever reads the parts must expect `UNREADABLE`.
    """
    text = original.decode("ascii", "surrogateescape")
    notes: dict[str, None] = {}
    root = _Message(notes)
    waiting: list[_Span] = [(root, 0, len(text), 0)]
    left = 2 * MOST_PARTS
    while waiting:
        part, start, end, depth = waiting.pop()
        start = _read_headers(part, text, start, end)
        spans = list(islice(_spans(part, text, start, end), left)) if depth <= DEEPEST else []
        if not spans:
            part.set_payload(text[start:end])
        left -= len(spans)
        waiting.extend([(part.child(), *span, depth + 1) for span in spans][::-1])
    return root, tuple(notes)


class _Message(Message):
    """A part with bounded headers, and parameters read by us: the library reads them in quadratic time (gh-87075)."""

    def __init__(self, notes: dict[str, None]) -> None:
        super().__init__(compat32)
        self._notes = notes
        self._room = LARGEST_HEADER_BLOCK

    def set_raw(self, name: str, value: str) -> None:
        if len(value) > LONGEST_HEADER:
            self._notes[_HEADER_WAS_CUT] = None
            value = value[:LONGEST_HEADER]
        self._room -= len(name) + len(value)
        if self._room < 0:
            self._notes[HEADER_BLOCK_NOTE] = None
        else:
            super().set_raw(name, value)

    def get_param(self, param: str, failobj: Any = None, header: str = "content-type", *_: Any, **__: Any) -> Any:
        value = self.get(header)
        return failobj if value is None else parameters(str(value))[1].get(param.lower(), failobj)

    def child(self) -> _Message:
        """A new part within this one."""
        part = _Message(self._notes)
        if self.get_content_type() == "multipart/digest":
            part.set_default_type("message/rfc822")
        self.attach(part)
        return part


def _read_headers(part: _Message, text: str, start: int, end: int) -> int:
    """Where the content begins: after an empty line, or at the first line that is no header."""
    before = _BEFORE_FIELDS.match(text, start, end)
    at = before.end() if before else start
    while at < end and (found := _FIELD.match(text, at, end)):
        if found[1]:
            part.set_raw(found[1], found[2].rstrip("\r\n"))
        at = found.end()
    empty = _LINE_END.match(text, at, end)
    return empty.end() if empty else at


def _spans(part: _Message, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the parts within one begin and end; none for a leaf."""
    kind = part.get_content_type()
    if kind == "message/delivery-status":
        yield from _blocks(text, start, end)
    elif kind.startswith("message/"):
        yield start, end
    elif kind.startswith("multipart/") and (boundary := part.get_boundary()) and len(boundary) <= LONGEST_BOUNDARY:
        yield from _between(text, start, end, f"--{boundary}")


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The blocks of a delivery report, parted by empty lines (RFC 3464, 2.1). Of too many the rest is one."""
    if empty := _LINE_ENDS.match(text, start, end):
        start = empty.end()
    for _ in range(MOST_PARTS // 2):
        blank = _BLANK_LINES.search(text, start, end)
        if blank is None or blank.end() == end:
            break
        yield start, blank.start()
        start = blank.end()
    yield start, end


def _between(text: str, start: int, end: int, delimiter: str) -> Iterator[tuple[int, int]]:
    """What stands between the delimiters of a multipart, without the line end that belongs to each delimiter."""
    opened, at = -1, text.find(delimiter, start, end)
    while at >= 0:
        line_end = _DELIMITER_END.match(text, at + len(delimiter), end)
        if line_end is not None and (at == start or text[at - 1] in "\r\n"):
            if opened >= 0:
                yield opened, _without_line_end(text, opened, at)
            if line_end[1]:
                return
            opened = line_end.end()
        at = text.find(delimiter, at + len(delimiter), end)
    if opened >= 0:
        yield opened, _without_line_end(text, opened, end)


def _without_line_end(text: str, start: int, end: int) -> int:
    if end - start >= 2 and text.startswith("\r\n", end - 2):
        return end - 2
    return end - 1 if end > start and text[end - 1] in "\r\n" else end
