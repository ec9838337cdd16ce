"""Quoted mail within HTML: where it begins and ends is in the markup, and must not be lost when that becomes text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.replies.marks import OUTLOOK_RULE

#: Private characters that stand on a line of their own in the rendered text.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_LINE = "<div>{}</div>"
#: What a rule that somebody drew becomes.
_RULE = "-" * 32
_MOST_LEVELS = 12

_TAG = re.compile(r"<(/?)(blockquote|div|hr)\b([^<>]{0,2000})>", re.IGNORECASE)
_QUOTE = re.compile(
    r"\btype\s*=\s*[\"']?cite|\bname\s*=\s*[\"']?quote\b|\bid\s*=\s*[\"']?(?:isReplyContent|ntes-pcmac-signature-quote)"
    r"|\bclass\s*=\s*[\"'][^\"']{0,200}\b(?:gmail_quote_container|yahoo_quoted|protonmail_quote|tutanota_quote"
    r"|zmail_extra)\b",
    re.IGNORECASE,
)
#: What makes a `blockquote` a quote and not a `div`: Gmail's `div` of that class holds the attribution too, and
#: programs that report something draw a line beside their boxes.
_OF_BLOCKQUOTES = re.compile(
    r"\bclass\s*=\s*[\"'][^\"']{0,200}\bgmail_quote\b|border-left\s*:[^;]{0,60}(?:solid|px)", re.IGNORECASE
)
_HEADER = re.compile(
    r"\bid\s*=\s*[\"']?(?:x_)*(?:divRplyFwdMsg|mail-editor-reference-message-container)\b"
    r"|\bclass\s*=\s*[\"']?(?:x_)*OutlookMessageHeader\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Block:
    """A `blockquote` that is open, or the document itself, and which of the `div`s open directly in it are quotes."""

    is_quote: bool = False
    divs: list[bool] = field(default_factory=list)


def mark_quotes(html: str) -> str:
    """The HTML with a mark on a line of its own where a quote begins and ends, and a rule over a quoted header.

    A quote is a `blockquote` or `div` that a known program made one, or a `blockquote` with a line beside it; what
    somebody merely indented is none. Takes time in proportion to the length.
    """
    html = html.replace(_OPEN, "").replace(_CLOSE, "")
    blocks = [_Block()]
    return _TAG.sub(lambda match: _marked(match, blocks), html)


def quote_lines(text: str) -> str:
    """The rendered text with `>` before each line that lies within a quote, as plain text has it."""
    if _OPEN not in text:
        return text
    level = 0
    lines: list[str] = []
    for line in text.split("\n"):
        shown = line.replace(_OPEN, "").replace(_CLOSE, "")
        level = max(0, level + line.count(_OPEN) - line.count(_CLOSE))
        if shown.strip() or shown == line:
            lines.append(f"{'>' * min(level, _MOST_LEVELS)} {shown}" if level else shown)
    return "\n".join(lines)


def _marked(match: re.Match[str], blocks: list[_Block]) -> str:
    """A tag with what is to stand before or after it."""
    tag, attributes = match[2].lower(), match[3]
    if tag == "hr":
        return _LINE.format(_RULE)
    if match[1]:
        return _LINE.format(_CLOSE) * _close(tag, blocks) + match[0]
    is_quote = _is_quote(tag, attributes)
    if tag == "div":
        blocks[-1].divs.append(is_quote)
    else:
        blocks.append(_Block(is_quote))
    rule = _LINE.format(OUTLOOK_RULE) if _HEADER.search(attributes) else ""
    return rule + match[0] + (_LINE.format(_OPEN) if is_quote else "")


def _is_quote(tag: str, attributes: str) -> bool:
    return bool(_QUOTE.search(attributes)) or (tag == "blockquote" and bool(_OF_BLOCKQUOTES.search(attributes)))


def _close(tag: str, blocks: list[_Block]) -> int:
    """How many quotes end with an element. A `blockquote` ends what is left open in it, one `div` too many nothing."""
    if tag == "div":
        divs = blocks[-1].divs
        return int(divs.pop()) if divs else 0
    if len(blocks) == 1:
        return 0
    block = blocks.pop()
    return block.is_quote + sum(block.divs)
