from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.cli.layout import align, columns_of, cut, lines_of, one_line


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        pytest.param("printer", 7, id="Latin letters take one column"),
        pytest.param("打印机", 6, id="Chinese characters take two"),
        pytest.param("Ａ，", 4, id="full-width forms take two"),
        pytest.param("e\u0301", 1, id="a combining accent takes none"),
        pytest.param("a\u200bb", 2, id="a zero-width space takes none"),
    ],
)
def test_columns_are_those_of_a_terminal(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@given(st.text(), st.integers(1, 20))
def test_a_cut_text_never_takes_more_columns_than_allowed(text: str, width: int) -> None:
    assert columns_of(cut(text, width)) <= width


def test_a_wide_character_that_fits_only_half_is_left_out() -> None:
    assert cut("打印机坏了", 6) == "打印…"


def test_columns_begin_at_the_same_place_in_every_row() -> None:
    lines = list(align([("王芳", "a"), ("Li Wei", "b")]))
    assert [columns_of(line[:-1]) for line in lines] == [8, 8]


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    assert one_line(text).isprintable()
    assert all(line.isprintable() for line in lines_of(text, most=5))


def test_a_long_text_says_how_much_is_missing() -> None:
    assert list(lines_of("a\nb\nc\nd", most=2)) == ["a", "b", "... 2 more lines"]
