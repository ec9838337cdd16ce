"""The text of an HTML part, bounded."""

from __future__ import annotations

import re
from html import unescape

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from ingest.charsets import clean
from ingest.html_quotes import mark_quotes, quote_lines

#: A table of 600 KB costs inscriptis some four seconds; what people write is far below this.
LARGEST = 192 * 1024

_UNSHOWN = re.compile(r"<(style|script|head|title|!--)\b", re.IGNORECASE)
_ENDS = {"style": "</style", "script": "</script", "head": "</head", "title": "</title", "!--": "-->"}
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,200}>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n\s*\n\s*\n+")


def text_of(html: str) -> tuple[str, str]:
    """The text a reader would see, and a note where the HTML was cut; hidden parts, scripts and styles are left out."""
    shown = _without_unshown(html.replace("\x00", ""))
    note = ""
    if len(shown) > LARGEST:
        shown, note = shown[:LARGEST], f"Only the first {LARGEST // 1024} KiB of the HTML were read."
    text = _rendered(mark_quotes(_XML_DECLARATION.sub("", shown)))
    text = quote_lines(clean(text).replace("\u00a0", " "))
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
    lowered = html.lower()
    if len(lowered) != len(html):  # a few letters change length in lower case, and the positions with them
        return html
    position = 0
    while match := _UNSHOWN.search(html, position):
        end = lowered.find(_ENDS[match[1].lower()], match.end())
        if end < 0:
            break
        kept.append(html[position : match.start()])
        position = lowered.find(">", end) + 1 or len(html)
    kept.append(html[position:])
    return "".join(kept)
