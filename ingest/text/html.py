"""The text of an HTML part, bounded."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from ingest.text.charsets import clean
from ingest.text.html_quotes import mark_quotes, quote_lines
from ingest.text.html_tags import picture_texts, with_link_targets, without_hidden

#: A table of 600 KB costs inscriptis some four seconds; what people write is far below this.
LARGEST = 192 * 1024

_DROPPED: Final = ("style", "script", "head", "title", "template")
_UNSHOWN = re.compile(r"<(?:(style|script|head|title|template)\b|!--)", re.IGNORECASE)
_COMMENT: Final = ""
_ENDS: Final = {name: re.compile(rf"</{name}[^>]{{0,200}}>?", re.IGNORECASE) for name in _DROPPED} | {
    _COMMENT: re.compile("-->")
}
#: What newsletters fill the preview line with: nothing that is seen.
_INVISIBLE = re.compile("^[\u034f\u00ad\u200b-\u200f\u2007\ufeff \t\u00a0]+$", re.MULTILINE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,200}>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n\s*\n\s*\n+")


def text_of(html: str) -> tuple[str, str]:
    """The text a reader would see, and a note where the HTML was cut; hidden parts, scripts and styles are left out.

    Where there is no text at all, it is what the pictures are said to show.
    """
    shown = _without_unshown(html.replace("\x00", ""))
    note = ""
    if len(shown) > LARGEST:
        shown, note = shown[:LARGEST], f"Only the first {LARGEST // 1024} KiB of the HTML were read."
    shown = without_hidden(_XML_DECLARATION.sub("", shown))
    text = _rendered(mark_quotes(with_link_targets(shown)))
    text = quote_lines(_INVISIBLE.sub("", clean(text)).replace("\u00a0", " "))
    if not text.strip():
        text = clean(picture_texts(shown))
    return _EMPTY_LINES.sub("\n\n", text).strip(), note


def _rendered(html: str) -> str:
    if "<" not in html:
        return unescape(html)
    try:
        return str(get_text(html, ParserConfig(css=CSS_PROFILES["strict"])))
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError, AssertionError):
        # lxml refuses some documents (only a comment, a wrong declaration), and very deep ones end the renderer
        return unescape(_TAG.sub(" ", _BREAK.sub("\n", html)))


def _without_unshown(html: str) -> str:
    """The HTML without style, script and comments, found by their ends alone: linear, and before the size is cut."""
    kept: list[str] = []
    endless: set[str] = set()
    position = start = 0
    while match := _UNSHOWN.search(html, position):
        name = (match[1] or _COMMENT).lower()
        end = None if name in endless else _ENDS[name].search(html, match.end())
        if end is None:
            endless.add(name)
            position = match.end()
        else:
            kept.append(html[start : match.start()])
            start = position = end.end()
    kept.append(html[start:])
    return "".join(kept)
