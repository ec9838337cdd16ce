"""Lines of keys in a TOML text."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.toml_files.lines import Place, key_lines

TEXT = '''\
# a comment with = and [brackets]
name = "desk"          # 2

[calendars.office]     # 4
mon = ["09:00-12:00",  # 5
       "13:30-18:00"]  # 6
holidays = """
two # lines
"""
timezone = 'Asia/Shanghai'  # 10

[[clocks]]             # 12
name = "response"
limit = { P1 = "30m", "P 2" = "1h" }   # 14
[clocks.more]          # 15
deep.er = 1

[[clocks]]             # 18
name = "resolution # not a comment"
'''

PLACES = [
    pytest.param(("name",), 2, id="a key"),
    pytest.param(("calendars", "office"), 4, id="a table"),
    pytest.param(("calendars", "office", "mon"), 5, id="a list"),
    pytest.param(("calendars", "office", "mon", 1), 6, id="an item of a list over several lines"),
    pytest.param(("calendars", "office", "timezone"), 10, id="a key behind a text of several lines"),
    pytest.param(("clocks", 0), 12, id="a table of a list"),
    pytest.param(("clocks", 0, "limit", "P1"), 14, id="a key of an inline table"),
    pytest.param(("clocks", 0, "limit", "P 2"), 14, id="a quoted key"),
    pytest.param(("clocks", 0, "more"), 15, id="a table inside the newest table of a list"),
    pytest.param(("clocks", 0, "more", "deep", "er"), 16, id="a dotted key"),
    pytest.param(("clocks", 1, "name"), 19, id="the second table of a list"),
]


@pytest.mark.parametrize(("place", "line"), PLACES)
def test_every_key_has_its_line(place: Place, line: int) -> None:
    assert key_lines(TEXT)[place] == line


def places_of(value: Any, place: Place = ()) -> list[Place]:
    match value:
        case dict():
            below = [((*place, key), item) for key, item in value.items()]
        case list():
            below = [((*place, number), item) for number, item in enumerate(value)]
        case _:
            return [place]
    return [place, *(found for at, item in below for found in places_of(item, at))]


def test_every_key_that_tomllib_reads_is_found() -> None:
    assert set(places_of(tomllib.loads(TEXT))) - {(), ("calendars",)} <= set(key_lines(TEXT))


@given(st.text(alphabet="ab=\"'[]{}.,# \n\\", max_size=60))
def test_no_text_hangs_it(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in key_lines(text).values())
