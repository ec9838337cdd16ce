"""The words of a rulebook, found in a text in one pass, whatever they tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import re2

from rules.writing import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Purpose = Literal["category", "kind", "impact", "urgency"]

#: RE2 compiles some thousand words into a few MB and falls back to a slow search where they do not fit.
_MEMORY: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Telling:
    """What one word tells: for which purpose, in favour of what, and how much."""

    word: str
    """Folded, without a plural's ending."""
    purpose: Purpose
    name: str
    weight: float


class Vocabulary:
    """All words of a rulebook as one automaton.

    Of words at one place only the longest is found, so that `not urgent` is not `urgent`; but what a longer word of one
    purpose hides from another purpose is told all the same: `please install` is a request and says `install`.
    """

    __slots__ = ("_pattern", "_tellings")

    def __init__(self, words: Iterable[tuple[Purpose, str, Mapping[str, float]]]) -> None:
        own: dict[str, list[Telling]] = {}
        for purpose, name, weights in words:
            for word, weight in weights.items():
                folded = plain(word)
                own.setdefault(folded, []).append(Telling(folded, purpose, name, weight))
        self._tellings: Final = _with_hidden(own)
        self._pattern: Final = _alternation(self._tellings)

    def told_by(self, text: str) -> frozenset[Telling]:
        """Everything a text tells, each word once. The text is one that `plain` returned."""
        found = {match.group() for match in self._pattern.finditer(text.encode())}
        return frozenset(telling for word in found for telling in self._tellings_of(word.decode()))

    def _tellings_of(self, found: str) -> tuple[Telling, ...]:
        return self._tellings.get(found) or self._tellings[found[:-1]]


def plain(text: str) -> str:
    """Fold a text for matching: one script, width and case, straight apostrophes, single spaces."""
    return " ".join(fold(text).replace("’", "'").split())


def _with_hidden(own: Mapping[str, list[Telling]]) -> dict[str, tuple[Telling, ...]]:
    """Add to each word what the words inside it tell for the purposes it says nothing about itself."""
    by_purpose: dict[Purpose, dict[str, list[Telling]]] = {}
    for word, tellings in own.items():
        for telling in tellings:
            by_purpose.setdefault(telling.purpose, {}).setdefault(word, []).append(telling)
    patterns = {purpose: _alternation(words) for purpose, words in by_purpose.items()}
    return {
        word: tuple(
            telling for purpose, words in by_purpose.items() for telling in _inside(word, words, patterns[purpose])
        )
        for word in own
    }


def _inside(word: str, words: Mapping[str, list[Telling]], pattern: re2._Regexp) -> Iterator[Telling]:
    for match in pattern.finditer(word.encode()):
        found = match.group().decode()
        yield from words.get(found) or words[found[:-1]]


def _alternation(words: Iterable[str]) -> re2._Regexp:
    options = re2.Options()
    options.longest_match = True
    options.max_mem = _MEMORY
    options.log_errors = False
    # Bytes, because RE2 searches bytes: offsets into a str would be counted anew for each match.
    return re2.compile("|".join(map(_as_pattern, sorted(words))).encode() or b"[^\\x00-\\xff]", options)


def _as_pattern(word: str) -> str:
    """A word as RE2 reads it: ASCII ends at the edges of words, and an English word has a plural."""
    before = r"\b" if _is_latin(word[0]) else ""
    after = r"s?\b" if word[-1].isascii() and word[-1].isalpha() else r"\b" if _is_latin(word[-1]) else ""
    escaped: str = re2.escape(word)
    return before + escaped + after


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
