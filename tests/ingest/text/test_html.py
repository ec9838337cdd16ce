"""HTML to text: what a reader would see, and no more work than that."""

from __future__ import annotations

from time import process_time

import pytest

from ingest.text.html import text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param('<div style="display:none;max-height:0">Preview</div><p>Hi</p>', "Hi", id="a preview line"),
        pytest.param("<p style='opacity: 0'>Preview</p>Hi", "Hi", id="one that is transparent"),
        pytest.param("<div hidden>a<div>b</div>c</div>Hi", "Hi", id="all within a hidden element"),
        pytest.param("<p>&zwnj;&nbsp;&#847;&zwnj;&nbsp;</p><p>Hi</p>", "Hi", id="signs that nobody sees"),
        pytest.param('<p style="opacity:0.9">Hi</p>', "Hi", id="almost opaque is seen"),
        pytest.param('<p title="a hidden thing" class="hidden">Hi</p>', "Hi", id="the word alone hides nothing"),
        pytest.param(
            '<td style="font-size:0"><b style="font-size:9pt">Hi</b></td>', "Hi", id="a layout without a size"
        ),
        pytest.param("<!--[if mso]><p>Outlook</p><![endif]-->Hi", "Hi", id="what only Outlook shows"),
        pytest.param("<!--[if !mso]><!--><p>Hi</p><!--<![endif]-->", "Hi", id="what only Outlook does not show"),
        pytest.param("<p>a</p><!-- b -- c --><p>d</p>", "a\n\nd", id="a comment"),
        pytest.param("<style>p {}</style><SCRIPT>x()</SCRIPT>Hi", "Hi", id="no style and no script"),
        pytest.param("<pre>a<br>b\n  c</pre>", "a\nb\n  c", id="breaks in preformatted text"),
        pytest.param("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a  b\nc  d", id="a table"),
        pytest.param("<ul><li>a<li>b</ul>", "* a\n  * b", id="a list"),
        pytest.param(
            '<a href="https://x.example/?a=1&amp;b=2">this page</a>',
            "this page <https://x.example/?a=1&b=2>",
            id="a link",
        ),
        pytest.param(
            '<a href="https://www.x.example/">X.example</a>', "X.example", id="a link that says where it leads"
        ),
        pytest.param('<a href="mailto:a@x.example">Ada</a>', "Ada", id="no link to a page"),
        pytest.param('<img src="a.png" alt="Printer on fire">', "Printer on fire", id="a picture without a text"),
        pytest.param('Look: <img src="a.png" alt="Printer on fire">', "Look:", id="a picture beside a text"),
        pytest.param("<p>one" * 300, "\n\n".join(["one"] * 300), id="paragraphs that do not end are not nested"),
        pytest.param("<div>" * 5000 + "deep" + "</div>" * 5000 + "<p>Hi</p>", "deep\n\nHi", id="any depth"),
    ],
)
def test_the_text_is_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of(html) == (text, "")


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<div>",
        "<div hidden>",
        "<!--",
        "<style>",
        "<a href=x>",
        "</a>",
        "<img alt=",
        "&amp",
        "<table><td>",
        '"',
    ],
)
def test_no_html_costs_much(piece: str) -> None:
    began = process_time()
    text_of(piece * (400_000 // len(piece)))
    assert process_time() - began < 3.0
