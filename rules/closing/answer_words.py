"""What a requester is asked to answer: whether it is solved, and how satisfied he is, in words of his own language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.closing.satisfaction import question
from rules.language.writing import fold
from rules.letter import letter_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.letter import LetterLanguage, Value
    from rules.rulebook import Rulebook
    from rules.ticket import Participant


def answer_word(words: Sequence[str], language: LetterLanguage) -> str:
    """The word that a letter in some language asks to answer with: the first in its writing, or simply the first."""
    return min(words, key=lambda word: _distance(word, language), default="")


def answers_for(reporter: Participant, rulebook: Rulebook) -> dict[str, Value]:
    """The words that a letter asks somebody to answer a solution with, as its data has them."""
    language = letter_language(reporter.language, otherwise=rulebook.language)
    closing = rulebook.closing
    return {"confirms": answer_word(closing.confirms, language), "refuses": answer_word(closing.refuses, language)}


def _distance(word: str, language: LetterLanguage) -> int:
    """How far the writing of a word is from a language; many Chinese words are the same in both scripts."""
    if language == "en" or word.isascii():
        return 0 if word.isascii() == (language == "en") else 2
    traditional = fold(word) != word.casefold()
    return int(traditional == (language == "zh-CN"))


def question_for(reporter: Participant | None, rulebook: Rulebook) -> dict[str, Value]:
    """The satisfaction question in somebody's language, as the data of a letter has it."""
    language = letter_language(reporter.language if reporter else "", otherwise=rulebook.language)
    steps, aspects = question(rulebook.satisfaction, language)
    return {"steps": steps, "aspects": aspects}
