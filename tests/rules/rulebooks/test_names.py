"""The names that the shipped rulebooks give their things use the words of the letters."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from daemon.config.rulebooks import find_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator

RULEBOOKS = ("desktop-events", "enterprise-itsm", "first-contact", "group-operations", "service-request")
#: A complaint is 客訴 in every letter to Taiwan; the rest are words of the mainland in traditional characters.
OTHER_WORDS = re.compile("投訴|核實|軟件|硬件|網絡|信息|打印|用戶|反饋|服務器|郵件|默認")


def names_in(table: dict[str, Any], language: str) -> Iterator[str]:
    """Every name in a language that a table of a rulebook and the tables within it hold."""
    for key, value in table.items():
        if key == "names":
            yield value.get(language, "")
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, dict):
                yield from names_in(each, language)


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_taiwan_reads_one_word_for_each_thing(rulebook: str) -> None:
    with find_rulebook(rulebook).open("rb") as file:
        names = list(names_in(tomllib.load(file), "zh-TW"))
    assert names
    assert [name for name in names if OTHER_WORDS.search(name)] == []
