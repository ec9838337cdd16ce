"""The satisfaction question: how it is asked, and what a mail answers to it with words or numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from rules.language.phrases import ROOM, count_unknown, drop_harmless
from rules.language.writing import fold
from rules.letters.naming import name_in
from rules.sections.promises import EVERY_LEVEL, ClockRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rules.letter import LetterLanguage
    from rules.sections.closing import SatisfactionRules

Ratings = tuple[tuple[str, str], ...]
"""(aspect, step); the aspect is empty for the whole."""

#: The clock that runs while a confirmed ticket waits for the answer.
CLOCK: Final = "satisfaction"

_CLOCK_NAMES: Final[dict[LetterLanguage, str]] = {
    "zh-CN": "满意度答复",
    "zh-TW": "滿意度回覆",
    "en": "satisfaction answer",
}

#: In a longer text a word such as `good` is no answer, unless it stands on a line of its own.
_SHORT: Final = 200
#: An answer stands at the top.
_LONGEST: Final = 4_000

_DIGITS: Final = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
_NUMBER: Final = re.compile(
    r"(?<![a-z0-9./])(?P<number>[0-9]{1,3}|[一二三四五六七八九](?=\s?[分星]))"
    r"(?:\s?(?:/|out of)\s?(?P<best>[0-9]{1,3}))?(?:\s?(?:[分星]|points?\b|stars?\b))?(?![a-z0-9%/期钟]|\.[0-9])"
)
#: Just before a step they turn it round: `不太满意`, `not really satisfied`.
_NEGATION: Final = re.compile(
    r"[不没未无别][^\s,.;:!?、。]{0,3}$|(?:\b(?:not|never|no|hardly|less)|n't)(?: \w+){0,2} ?$"
)
#: So many characters before a step may turn it round.
_NEAR: Final = 40
#: What may stand beside a number that is an answer; of Chinese, the characters.
_BESIDE_NUMBERS: Final = frozenset(
    re.findall(
        r"[a-z'’]+|[\u3400-\u9fff]",
        "rate rating score scored give gave we i'd i’d would overall service quality satisfaction answer stars points"
        " for of our his her their thanks thank thx"
        " 谢感给打评价满意度服务质量总体整均都选答案回复分星每项各和与",
    )
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The ratings that a text gives, and the text without them, folded."""

    ratings: Ratings
    rest: str


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["step", "number", "aspect"]
    value: str
    """The name of the step or of the aspect; empty for a number of another scale and for a step that is denied."""


@dataclass(frozen=True, slots=True)
class _Line:
    tokens: tuple[_Token, ...]
    rest: str
    """The line without them, or as it is where it holds none."""

    @property
    def stands_alone(self) -> bool:
        """Tell whether the line is nothing but an answer; beside a number no unknown word may stand."""
        room = 0 if any(token.kind == "number" for token in self.tokens) else ROOM
        return bool(self.tokens) and count_unknown(self.rest, known=_BESIDE_NUMBERS) <= room

    @property
    def words(self) -> tuple[_Token, ...]:
        """What it answers in words; numbers between other words are about something else."""
        return tuple(token for token in self.tokens if token.kind != "number")


def waiting_clock(rules: SatisfactionRules) -> ClockRule | None:
    """The clock that runs while a confirmed ticket waits for the answer; None where it waits for none.

    It starts with the question and is no promise of anybody: what ends it stops it, and it is never overdue.
    """
    if rules.ask != "before_closing":
        return None
    return ClockRule(name=CLOCK, names=_CLOCK_NAMES, starts=(), stops=("rated",), limit={EVERY_LEVEL: rules.wait})


def question(rules: SatisfactionRules, language: LetterLanguage) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """What a letter asks with: (number, step) pairs, the best first, and the aspects, all in its language."""
    best = len(rules.steps)
    steps = tuple(
        (str(best - place), name_in(step.names, language, otherwise=step.name))
        for place, step in enumerate(rules.steps)
    )
    return steps, tuple(name_in(aspect.names, language, otherwise=aspect.name) for aspect in rules.aspects)


def read_rating(text: str, rules: SatisfactionRules) -> Ratings | None:
    """Read an answer to the satisfaction question; None where the text is none, or leaves a doubt.

    Steps are told by their names in any language, their words or their numbers, the best being the highest; aspects by
    their names, or by as many numbers as there are aspects, in their order. One answer stands for all aspects.
    """
    answer = find_rating(text, rules)
    return answer.ratings if answer else None


def find_rating(text: str, rules: SatisfactionRules) -> Answer | None:
    """Read an answer as `read_rating` does, and tell what else the text says."""
    if not rules.steps:
        return None
    known = dict(_known_words(rules))
    lines = [_read_line(line, known, rules) for line in _even(text[:_LONGEST]) if line]
    alone = [token for line in lines if line.stands_alone for token in line.tokens]
    if ratings := _combine(alone, rules):
        return Answer(ratings, _rest(lines))
    if not alone and len(text.strip()) <= _SHORT:
        ratings = _combine([token for line in lines for token in line.words], rules)
    return Answer(ratings, _rest(lines)) if ratings else None


def is_unhappy(ratings: Ratings, rules: SatisfactionRules) -> bool:
    """Tell whether one of the ratings is a step of which the lead is told."""
    unhappy = {step.name for step in rules.steps if step.unhappy}
    return any(step in unhappy for _, step in ratings)


def _rest(lines: Iterable[_Line]) -> str:
    return "\n".join(line.rest for line in lines)


def _even(text: str) -> Iterator[str]:
    """The lines of a text, folded, each with single spaces and without hyphens."""
    return (_even_words(line) for line in drop_harmless(fold(text)).splitlines())


def _even_words(text: str) -> str:
    return " ".join(text.replace("-", " ").split())


def _read_line(line: str, known: Mapping[str, _Token], rules: SatisfactionRules) -> _Line:
    pattern = _pattern(tuple(known))
    tokens = []
    for match in pattern.finditer(line):
        token = known.get(match[0]) or _number(match, rules)
        denied = (
            token.kind == "step" and _NEGATION.search(line[max(0, match.start() - _NEAR) : match.start()]) is not None
        )
        tokens.append(_Token("step", "") if denied else token)
    return _Line(tuple(tokens), pattern.sub(" ", line))


def _number(match: re.Match[str], rules: SatisfactionRules) -> _Token:
    best = len(rules.steps)
    number = _DIGITS.get(match["number"]) or int(match["number"])
    scale = int(match["best"]) if match["best"] else best
    fits = scale == best and 1 <= number <= best
    return _Token("number", rules.steps[best - number].name if fits else "")


def _known_words(rules: SatisfactionRules) -> Iterator[tuple[str, _Token]]:
    for aspect in rules.aspects:
        for name in (aspect.name, *aspect.names.values(), *aspect.words):
            yield _even_words(fold(name)), _Token("aspect", aspect.name)
    for step in rules.steps:
        for word in (step.name, *step.names.values(), *step.words):
            yield _even_words(fold(word)), _Token("step", step.name)


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, the longest first, or a number."""
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    return re.compile("|".join((*map(_bounded, longest_first), _NUMBER.pattern)))


def _bounded(word: str) -> str:
    escaped = re.escape(word)
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if word.isascii() else escaped


def _combine(tokens: list[_Token], rules: SatisfactionRules) -> Ratings | None:
    """What the tokens of an answer come to; None where they contradict each other or do not fit the question."""
    if not all(token.value for token in tokens):
        return None
    named, alone = _by_aspect(tokens)
    asked = tuple(aspect.name for aspect in rules.aspects) or ("",)
    if not named and len(alone) == len(asked):
        return tuple(zip(asked, alone, strict=True))
    if len(set(alone)) > 1:
        return None
    whole = dict.fromkeys(asked, alone[0]) if alone else {}
    answered = whole | named
    return tuple((aspect, answered[aspect]) for aspect in asked if aspect in answered) or None


def _by_aspect(tokens: Iterable[_Token]) -> tuple[dict[str, str], list[str]]:
    """The steps of the aspects named before them, and those that no aspect stands before."""
    named: dict[str, str] = {}
    alone: list[str] = []
    waiting: list[str] = []
    for token in tokens:
        if token.kind == "aspect":
            waiting.append(token.value)
        elif waiting:
            named |= dict.fromkeys(waiting, token.value)
            waiting = []
        else:
            alone.append(token.value)
    return named, alone
