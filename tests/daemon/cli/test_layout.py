from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.cli.layout import align, columns_of, cut, fit, lines_of, one_line


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


WORDS = st.text("ab|打印（，。 ", max_size=200).map(str.split).map(" ".join)


@given(WORDS, st.integers(20, 80))
def test_what_is_folded_has_the_same_words_and_fits_as_far_as_they_can_be_parted(text: str, width: int) -> None:
    lines = list(fit([f"name  {text}"], width))
    assert "".join("".join(lines).split()) == "".join(f"name{text}".split())
    assert all(columns_of(line) <= width or len(line.split()) == 1 for line in lines[1:])


@pytest.mark.parametrize(
    ("line", "folded"),
    [
        pytest.param("the printer on floor three", ["the printer on floor three"], id="what fits stays"),
        pytest.param(
            "ok    smtp  letters leave by mail.corp.example",
            ["ok    smtp  letters leave", "            by", "            mail.corp.example"],
            id="what goes on stands beneath its column, and a long word stays whole",
        ),
        pytest.param(
            "  assignee  三楼财务（东侧）",
            ["  assignee  三楼财务（东", "            侧）"],
            id="Chinese is parted anywhere but from its punctuation",
        ),
        pytest.param(
            "  | 三楼打印机坏了没有反应，请来",
            ["  | 三楼打印机坏了没有反", "  | 应，请来"],
            id="somebody's words are marked on each line",
        ),
        pytest.param(
            "  because the wide gap  is far off",
            ["  because the wide gap  is", "    far off"],
            id="a column that begins far to the right leaves no room beneath it",
        ),
    ],
)
def test_a_line_that_is_too_long_for_26_columns(line: str, folded: list[str]) -> None:
    assert list(fit([line], 26)) == folded


def test_what_goes_to_a_file_is_not_folded() -> None:
    assert list(fit(["word " * 100], None)) == ["word " * 100]
