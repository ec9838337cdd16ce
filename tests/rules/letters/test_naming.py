"""Letters call the things of a rulebook by its names, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rules.language.sayings import Saying, say
from rules.letters.naming import name_values
from tests.rules.rulebooks.shipped import shipped
from tests.samples import RULEBOOK

if TYPE_CHECKING:
    from rules.letter import LetterLanguage, Value
    from rules.rulebook import Rulebook


def told(saying: Saying, language: LetterLanguage, rulebook: Rulebook) -> Value:
    return name_values({"reason": saying}, rulebook, language)["reason"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-CN", "无人具备“一卡通”技能"), ("zh-TW", "無人具備「一卡通」技能"), ("en", "without skill Campus card")],
)
def test_a_skill_is_called_as_the_category_that_asks_for_it(language: LetterLanguage, sentence: str) -> None:
    assert told(say("lacks-skill", skill="campus-card"), language, shipped("group-operations")) == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-CN", "具备“printers”技能"), ("zh-TW", "具備「printers」技能"), ("en", "skill printers")],
)
def test_a_skill_without_a_name_is_quoted(language: LetterLanguage, sentence: str) -> None:
    assert told(say("has-skill", skill="printers"), language, RULEBOOK) == sentence


def test_a_skill_that_several_categories_ask_for_is_called_as_none_of_them() -> None:
    rulebook = shipped("group-operations")
    printer = rulebook.categories["printer"].model_copy(update={"skill": "campus-card"})
    shared = rulebook.model_copy(update={"categories": rulebook.categories | {"printer": printer}})
    assert told(say("has-skill", skill="campus-card"), "zh-CN", shared) == "具备“campus-card”技能"


@pytest.mark.parametrize(("language", "sentence"), [("zh-CN", "负责“园区”区域"), ("zh-TW", "負責「園區」區域")])
def test_an_area_is_called_as_its_zone(language: LetterLanguage, sentence: str) -> None:
    assert told(say("has-area", area="campus"), language, shipped("group-operations")) == sentence
