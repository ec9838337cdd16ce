"""The words of a rulebook, found in a text in one pass, whatever they tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from rules.language.automaton import Automaton, Pattern
from rules.language.writing import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Purpose = Literal["category", "kind", "impact", "urgency", "zone", "service"]

#: For which purpose, in favour of what, and how much each word or pattern tells.
Weighted = tuple[Purpose, str, "Mapping[str, float]"]

#: Stands where a longer word stood: part of no word, and the edge of one.
_TAKEN: Final = "\0"

#: Written in several ways by the same people: `can't` and `cant`, `sign-in` and `sign in`.
_ONE_WRITING: Final = (("'", ""), ("’", ""), ("`", ""), ("-", " "), ("/", " "), ("_", " "))


@dataclass(frozen=True, slots=True)
class Telling:
    """What one word or pattern tells: for which purpose, in favour of what, and how much."""

    word: str
    """As the rulebook writes it; a pattern too."""
    purpose: Purpose
    name: str
    weight: float
    found: str = ""
    """What a pattern found in the text; empty for a word."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    """Folded (`plain`)."""
    pattern: str
    """As RE2 and `re` read it (`word_pattern`)."""
    tellings: tuple[Telling, ...]
    purposes: frozenset[Purpose]

    def stands_in(self, text: str) -> bool:
        # looking for the stem first spares most searches; a plural may end otherwise
        return self.text[:-1] in text and _compiled(self.pattern).search(text) is not None


class Vocabulary:
    """All words and patterns of a rulebook.

    A word that stands only inside longer ones of the same purpose tells nothing, so that `not urgent` is not `urgent`.
    Between purposes nothing is hidden: `please install` is a request, and says `install` of a software. Patterns hide
    nothing and are not hidden. They see the hyphens and apostrophes of a text, which words do without; so each of the
    two has its own pass.
    """

    __slots__ = ("_longer", "_pattern_tellings", "_patterns", "_seen_patterns", "_seen_words", "_words")

    def __init__(self, words: Iterable[Weighted], patterns: Iterable[Weighted] = ()) -> None:
        self._words: Final = tuple(_words_of(words))
        self._seen_words: Final = Automaton([word.pattern for word in self._words])
        self._longer: Final = self._words_around_words()
        self._pattern_tellings: Final = tuple(
            Telling(written, purpose, name, weight)
            for purpose, name, weights in patterns
            for written, weight in weights.items()
        )
        self._patterns: Final = tuple(Pattern(telling.word) for telling in self._pattern_tellings)
        self._seen_patterns: Final = Automaton([pattern.folded for pattern in self._patterns])

    def told_by(self, text: str) -> list[Telling]:
        """Everything a text, as somebody wrote it, tells; each word and pattern once."""
        folded = one_line(text)
        return [*self._told_by_words(_in_one_writing(folded)), *self._told_by_patterns(folded)]

    def _told_by_words(self, text: str) -> Iterator[Telling]:
        found = self._seen_words.numbers_in(text)
        for number in found:
            tellings = self._words[number].tellings
            if found.isdisjoint(self._longer.get(number, ())):
                yield from tellings
            else:
                yield from (each for each in tellings if not self._is_hidden(number, each.purpose, found, text))

    def _told_by_patterns(self, text: str) -> Iterator[Telling]:
        for number in self._seen_patterns.numbers_in(text):
            yield replace(self._pattern_tellings[number], found=self._patterns[number].find(text))

    def _words_around_words(self) -> dict[int, tuple[int, ...]]:
        """For each word those that it is a part of, the longest first, so that none is cut by another."""
        around: dict[int, tuple[int, ...]] = {}
        for number in sorted(range(len(self._words)), key=lambda number: -len(self._words[number].text)):
            for part in self._seen_words.numbers_in(self._words[number].text) - {number}:
                around[part] = (*around.get(part, ()), number)
        return around

    def _is_hidden(self, number: int, purpose: Purpose, found: frozenset[int], text: str) -> bool:
        """Tell whether a word stands only inside longer ones of the same purpose."""
        longer = [self._words[other] for other in self._longer.get(number, ()) if other in found]
        rest = text
        for other in longer:
            if purpose in other.purposes:
                rest = rest.replace(other.text, _TAKEN)
        return rest is not text and not self._words[number].stands_in(rest)


def one_line(text: str) -> str:
    """Fold a text for matching patterns: one script, width and case, single spaces."""
    return " ".join(fold(text).split())


def plain(text: str) -> str:
    """Fold a text for matching words: one script, width and case, no apostrophes or hyphens, single spaces."""
    return _in_one_writing(fold(text))


def word_pattern(word: str) -> str:
    """A word that `plain` returned as RE2 and `re` read it: ASCII ends at the edges of words, and has a plural."""
    before = r"\b" if _is_latin(word[0]) else ""
    after = r"\b" if _is_latin(word[-1]) else ""
    return before + _with_plural(word) + after


def _in_one_writing(folded: str) -> str:
    for written, instead in _ONE_WRITING:
        folded = folded.replace(written, instead)
    return " ".join(folded.split())


def _words_of(words: Iterable[Weighted]) -> Iterator[_Word]:
    tellings: dict[str, dict[tuple[Purpose, str], Telling]] = {}
    for purpose, name, weights in words:
        # the heaviest last: of two ways to write one word it is the one that counts
        for written, weight in sorted(weights.items(), key=lambda pair: pair[1]):
            if word := plain(written):
                tellings.setdefault(word, {})[purpose, name] = Telling(written, purpose, name, weight)
    for word, told in tellings.items():
        purposes = frozenset(purpose for purpose, _ in told)
        yield _Word(word, word_pattern(word), tuple(told.values()), purposes)


@lru_cache(maxsize=4_096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Few of a rulebook's words stand inside longer ones; to compile all of them would take most of reading it."""
    return re.compile(pattern, re.ASCII)


def _with_plural(word: str) -> str:
    if not (word[-1].isascii() and word[-1].isalpha()):
        return re.escape(word)
    if word[-1] == "y" and word[-2:-1] not in "aeiou":
        return re.escape(word[:-1]) + "(?:y|ies)"
    return re.escape(word) + ("(?:es)?" if word.endswith(("s", "x", "ch", "sh")) else "s?")


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
