"""Which of many patterns stand in a text: RE2, so that time grows with the text, and no pattern makes the desk wait."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import re2

from rules.language.writing import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_PATTERN: Final = 500
"""Characters of one pattern."""

LARGEST_PATTERN: Final = 2_000
"""RE2 instructions of one pattern: 500 Chinese characters are 1,500; on 4,000 characters made to hurt, such a pattern
takes 0.1 s where most take 0.02 ms."""

LARGEST_TOGETHER: Final = 20_000
"""RE2 instructions of all patterns of a rulebook: two hundred ordinary ones have a quarter of them."""

#: Some thousand words need a few MB; the automaton forgets states and makes them anew rather than growing past this.
_MEMORY: Final = 32 << 20

_LONGEST_FIND: Final = 40
_LONGEST_GROUP: Final = 500
_LONGEST_READ: Final = 32_768
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")


class Automaton:
    """Patterns that are looked for in one pass, however many there are.

    RE2 is fast here because it tells which patterns a text holds, not where. An alternation over a thousand words took
    twenty times as long, most of it making an object of each match.
    """

    __slots__ = ("_set",)

    def __init__(self, patterns: Sequence[str]) -> None:
        self._set: Final = re2.Set.SearchSet(_options()) if patterns else None
        if self._set is not None:
            for pattern in patterns:
                self._set.Add(pattern)
            self._set.Compile()

    def numbers_in(self, text: str) -> frozenset[int]:
        """The numbers, from 0, of the patterns that stand somewhere in a text."""
        return frozenset(self._set.Match(text) or ()) if self._set is not None else frozenset()


class Pattern:
    """A pattern of a rulebook, for texts that `fold` returned: it too may be written in any script, width and case.

    Raises ValueError, with a sentence for its writer, where RE2 does not take it, or it asks too much or nothing.
    """

    __slots__ = ("_compiled", "size", "written")

    def __init__(self, written: str) -> None:
        _check_length(written)
        self.written: Final = written
        self._compiled: Final = _compile(_fold(written), written)
        self.size: Final = self._compiled.programsize
        """In RE2 instructions."""
        _check_size(written, self.size)
        if self._compiled.fullmatch(""):
            raise ValueError(f"{written!r} tells nothing: it is found in an empty text too")

    @property
    def folded(self) -> str:
        """As an `Automaton` takes it."""
        return _fold(self.written)

    def find(self, text: str) -> str:
        """What the pattern finds first in a text, cut to a few words; empty where it finds nothing."""
        match = self._compiled.search(text)
        return match[0][:_LONGEST_FIND] if match else ""


class Extractor:
    """A pattern with named groups that is looked for in a text as it stands, of any case; `^` and `$` end each line.

    Raises ValueError, with a sentence for its writer, where RE2 does not take it, or it asks too much.
    """

    __slots__ = ("_compiled", "groups", "size")

    def __init__(self, written: str) -> None:
        _check_length(written)
        self._compiled: Final = _compile(f"(?m){written}", written)
        self.size: Final = self._compiled.programsize
        _check_size(written, self.size)
        self.groups: Final = frozenset(self._compiled.groupindex)
        """The names of its groups."""

    def extract(self, text: str) -> dict[str, str] | None:
        """What its groups found in the beginning of a text, each stripped and cut, without the empty ones.

        None where the pattern is not found.
        """
        match = self._compiled.search(text[:_LONGEST_READ])
        if match is None:
            return None
        found = {name: (value or "").strip()[:_LONGEST_GROUP] for name, value in match.groupdict().items()}
        return {name: value for name, value in found.items() if value}


def _check_length(written: str) -> None:
    if len(written) > LONGEST_PATTERN:
        raise ValueError(f"the pattern has {len(written)} characters; it may have {LONGEST_PATTERN}")


def _check_size(written: str, size: int) -> None:
    if size > LARGEST_PATTERN:
        raise ValueError(
            f"{written!r} is too large: RE2 makes {size:,} instructions of it, and {LARGEST_PATTERN:,} may be"
        )


def _compile(pattern: str, written: str) -> Any:
    try:
        return re2.compile(pattern, options=_options())
    except re2.error as error:
        reason = error.args[0] if error.args else "it is none"
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        raise ValueError(f"{written!r} is no RE2 pattern: {reason}") from error


def _fold(written: str) -> str:
    """Fold what stands for itself; a full-width bracket stays a sign, where folding would make syntax of it."""
    return _NOT_ASCII.sub(lambda run: re.escape(fold(run[0])), written)


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.case_sensitive = False  # texts are folded, and rulebooks name codes as they are printed
    return options
