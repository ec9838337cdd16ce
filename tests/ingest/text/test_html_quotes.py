"""Quotes of HTML mail keep their beginning and end when it becomes text."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.html import text_of
from ingest.text.html_quotes import mark_quotes, quote_lines

QUOTE = '<blockquote type="cite">{}</blockquote>'


def test_each_line_of_a_quote_is_marked_with_its_level() -> None:
    html = f"<p>new</p>{QUOTE.format('<div>old</div>' + QUOTE.format('<div>older</div>'))}<p>below</p>"
    lines = [line for line in text_of(html)[0].split("\n") if line.strip(" >")]
    assert lines == ["new", "> old", ">> older", "below"]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param('<blockquote type="cite"><div>old</blockquote>below', id="a div that is never closed"),
        pytest.param('<blockquote type="cite">old</div></div></blockquote>below', id="a div closed too often"),
        pytest.param('</blockquote><blockquote type="cite">old</blockquote>below', id="a quote closed before it began"),
    ],
)
def test_a_quote_ends_where_it_ends_in_untidy_markup(html: str) -> None:
    lines = [line for line in text_of(html)[0].split("\n") if line.strip(" >")]
    assert lines == ["> old", "below"]


def test_a_mail_cannot_set_the_marks_itself() -> None:
    assert quote_lines(mark_quotes("\ue0f0\ue0f1 text")) == " text"


@given(st.lists(st.sampled_from(["<div>", "</div>", "<blockquote type=cite>", "</blockquote>", "<hr>", "x"])))
def test_no_markup_leaves_a_mark_behind(tags: list[str]) -> None:
    text, _ = text_of("".join(tags))
    assert not any("\ue000" <= sign <= "\uf8ff" for sign in text)
    assert text.count("x") == tags.count("x")


@pytest.mark.parametrize(
    "tag", ["<div>", "</blockquote>", "<blockquote type=cite>", f"<div class={chr(34)}{'a ' * 600}>"]
)
def test_time_grows_with_the_length(tag: str) -> None:
    html = tag * (192 * 1024 // len(tag))
    began = process_time()
    mark_quotes(html)
    assert process_time() - began < 1
