"""The words of a rulebook, found in a text in one pass, whatever they tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import re2

from rules.language.writing import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Purpose = Literal["category", "kind", "impact", "urgency"]

#: Some thousand words need a few MB; the automaton forgets states and makes them anew rather than growing past this.
_MEMORY: Final = 32 << 20

#: Stands where a longer word stood: part of no word, and the edge of one.
_TAKEN: Final = "\0"

#: Written in several ways by the same people: `can't` and `cant`, `sign-in` and `sign in`.
_ONE_WRITING: Final = (("'", ""), ("’", ""), ("`", ""), ("-", " "), ("/", " "), ("_", " "))


@dataclass(frozen=True, slots=True)
class Telling:
    """What one word tells: for which purpose, in favour of what, and how much."""

    word: str
    """As the rulebook writes it."""
    purpose: Purpose
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    """Folded (`plain`)."""
    pattern: re.Pattern[str]
    tellings: tuple[Telling, ...]
    purposes: frozenset[Purpose]

    def stands_in(self, text: str) -> bool:
        # looking for the stem first spares most searches; a plural may end otherwise
        return self.text[:-1] in text and self.pattern.search(text) is not None


class Vocabulary:
    """All words of a rulebook as one automaton.

    A word that stands only inside longer ones of the same purpose tells nothing, so that `not urgent` is not `urgent`.
    Between purposes nothing is hidden: `please install` is a request, and says `install` of a software.

    RE2 is fast here because it tells which words a text holds, not where: one pass, however many words there are. An
    alternation over the same words took twenty times as long, most of it making an object of each match.
    """

    __slots__ = ("_automaton", "_longer", "_words")

    def __init__(self, words: Iterable[tuple[Purpose, str, Mapping[str, float]]]) -> None:
        self._words: Final = tuple(_words_of(words))
        self._automaton: Final = _automaton(self._words) if self._words else None
        self._longer: Final = self._words_around_words()

    def told_by(self, text: str) -> frozenset[Telling]:
        """Everything a text tells, each word once. The text is one that `plain` returned."""
        found = self._numbers_in(text)
        return frozenset(
            telling
            for number in found
            for telling in self._words[number].tellings
            if not self._is_hidden(number, telling.purpose, found, text)
        )

    def _numbers_in(self, text: str) -> frozenset[int]:
        return frozenset(self._automaton.Match(text) or ()) if self._automaton is not None else frozenset()

    def _words_around_words(self) -> dict[int, tuple[int, ...]]:
        """For each word those that it is a part of, the longest first, so that none is cut by another."""
        around: dict[int, tuple[int, ...]] = {}
        for number in sorted(range(len(self._words)), key=lambda number: -len(self._words[number].text)):
            for part in self._numbers_in(self._words[number].text) - {number}:
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


def plain(text: str) -> str:
    """Fold a text for matching: one script, width and case, no apostrophes or hyphens, single spaces."""
    folded = fold(text)
    for written, instead in _ONE_WRITING:
        folded = folded.replace(written, instead)
    return " ".join(folded.split())


def _words_of(words: Iterable[tuple[Purpose, str, Mapping[str, float]]]) -> Iterator[_Word]:
    tellings: dict[str, dict[tuple[Purpose, str], Telling]] = {}
    for purpose, name, weights in words:
        # the heaviest last: of two ways to write one word it is the one that counts
        for written, weight in sorted(weights.items(), key=lambda pair: pair[1]):
            if word := plain(written):
                tellings.setdefault(word, {})[purpose, name] = Telling(written, purpose, name, weight)
    for word, told in tellings.items():
        purposes = frozenset(purpose for purpose, _ in told)
        yield _Word(word, re.compile(_as_pattern(word), re.ASCII), tuple(told.values()), purposes)


def _automaton(words: Iterable[_Word]) -> re2.Set:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    automaton = re2.Set.SearchSet(options)
    for word in words:
        automaton.Add(word.pattern.pattern)
    automaton.Compile()
    return automaton


def _as_pattern(word: str) -> str:
    """A word as RE2 and `re` read it: ASCII ends at the edges of words, and an English word has a plural."""
    before = r"\b" if _is_latin(word[0]) else ""
    after = r"\b" if _is_latin(word[-1]) else ""
    return before + _with_plural(word) + after


def _with_plural(word: str) -> str:
    if not (word[-1].isascii() and word[-1].isalpha()):
        return re.escape(word)
    if word[-1] == "y" and word[-2:-1] not in "aeiou":
        return re.escape(word[:-1]) + "(?:y|ies)"
    return re.escape(word) + ("(?:es)?" if word.endswith(("s", "x", "ch", "sh")) else "s?")


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
