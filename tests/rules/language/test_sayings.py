"""The desk says the same in every language, with the same values."""

from __future__ import annotations

from collections import Counter
from string import Formatter

import pytest

from rules.language.sayings import SENTENCES, say, say_all, speak
from rules.language.sentences import alerts, attachments, closing, commands, letters, reports, work
from rules.language.terms import TERMS
from rules.rulebook_files.moments import MEANINGS


def as_it_is(field: str, term: str) -> str:
    return term


def fields(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


@pytest.mark.parametrize("key", SENTENCES)
def test_every_language_names_the_same_values(key: str) -> None:
    english, *others = (fields(sentence) for sentence in SENTENCES[key].values())
    assert all(each == english for each in others)


def test_no_key_is_given_twice() -> None:
    modules = (reports, work, commands, closing, alerts, attachments, letters)
    keys = Counter(key for module in modules for key, *_ in module.ROWS)
    assert [key for key, count in keys.items() if count > 1] == []


def test_a_saying_is_its_english_sentence() -> None:
    assert say("overdue", clock="response") == "response is overdue"


def test_a_letter_says_it_in_its_own_language_with_its_own_terms() -> None:
    said = say("overdue", clock="response").spoken("zh-CN", lambda field, term: {"clock": "响应"}[field])
    assert said == "响应已超时"


def test_a_word_of_the_rulebook_stands_in_the_readers_script() -> None:
    said = say("sign-plain", sign="打不开")
    assert [said.spoken(language, as_it_is) for language in ("en", "zh-CN", "zh-TW")] == ["打不开", "打不开", "打不開"]


def test_somebodys_own_words_stay_as_they_are() -> None:
    assert speak("die Kasse geht nicht", "zh-CN", as_it_is) == "die Kasse geht nicht"


def test_every_moment_has_a_name_for_letters() -> None:
    assert {term for field, term in TERMS if field == "moment"} == set(MEANINGS)


def test_sayings_in_a_row_are_one() -> None:
    both = say_all((say("overdue", clock="a"), "words of somebody"))
    assert both == "a is overdue; words of somebody"
    assert both.spoken("zh-CN", as_it_is) == "a已超时；words of somebody"
