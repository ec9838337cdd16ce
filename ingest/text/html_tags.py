"""What tags say beyond their text: what they hide, where links lead, and what a picture shows. Each in one pass."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Final

#: Elements nest no deeper in what people write; the parser and the renderer behind it both end at some depth.
DEEPEST: Final = 200
_LONGEST_LINK: Final = 300
_MOST_PICTURES: Final = 50

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})\b([^<>]{0,4000})>")
#: Elements that have no end, and such as need none, since the next of their kind ends them (HTML, 13.1.2).
_VOID: Final = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_ENDED_BY_THE_NEXT: Final = frozenset(("p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "option"))
#: `font-size: 0` hides nothing for sure: layouts set it around elements that have a size of their own.
_HIDING_STYLE = re.compile(
    r"\bstyle\s*=\s*(?:\"[^\"]*|'[^']*)(?:display\s*:\s*none|visibility\s*:\s*hidden"
    r"|max-height\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d]))",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_HIDDEN = re.compile(r"(?:^|\s)hidden(?=[\s/=]|$)", re.IGNORECASE)
_LINK = re.compile(r"<(/?)a\b([^<>]{0,4000})>", re.IGNORECASE)
_TARGET = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b[^<>]{0,4000}?\balt\s*=\s*(?:\"([^\"<>]{1,500})\"|'([^'<>]{1,500})')", re.IGNORECASE)
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


@dataclass(slots=True)
class _Hiding:
    """The walk through the tags: how deep, and what is hidden since when."""

    depth: int = 0
    kept: list[str] = field(default_factory=list)
    start: int = 0
    """Where what is not yet in `kept` begins."""
    hidden_from: int = -1
    open_within: Counter[str] = field(default_factory=Counter)


def without_hidden(html: str) -> str:
    """The HTML without elements that no reader is shown, such as the preview line of newsletters, and not too deep.

    What is hidden and never ends hides nothing.
    """
    state, hiding = _Hiding(), ""
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if name in _VOID:
            continue
        if hiding:
            state.open_within[name] += -1 if tag[1] else 1
            if name == hiding and state.open_within[name] == 0:
                state.start, hiding = tag.end(), ""
        elif not tag[1] and _hides(tag[3]):
            hiding, state.hidden_from = name, tag.start()
            state.open_within = Counter({name: 1})
            state.kept.append(html[state.start : tag.start()])
        elif name not in _ENDED_BY_THE_NEXT:
            _count_depth(state, tag, html)
    return "".join(state.kept) + html[state.hidden_from if hiding else state.start :]


def _hides(attributes: str) -> bool:
    return bool(_HIDING_STYLE.search(attributes) or _HIDDEN.search(_QUOTED.sub("", attributes)))


def _count_depth(state: _Hiding, tag: re.Match[str], html: str) -> None:
    is_too_deep = state.depth > DEEPEST or (state.depth == DEEPEST and not tag[1])
    state.depth = max(0, state.depth + (-1 if tag[1] else 1))
    if is_too_deep:
        state.kept.append(html[state.start : tag.start()] + " ")
        state.start = tag.end()


def with_link_targets(html: str) -> str:
    """The HTML with the address of each link behind its words, where these do not tell it and its length is sane."""
    target, start = "", 0

    def told(tag: re.Match[str]) -> str:
        nonlocal target, start
        if not tag[1]:
            target, start = _target(tag[2]), tag.end()
            return tag[0]
        link, target = target, ""
        if not link:
            return tag[0]
        words = unescape(_TAG.sub("", html[start : min(tag.start(), start + 4000)])).strip()
        return f" &lt;{escape(link)}&gt;{tag[0]}" if words and not _is_told(link, words) else tag[0]

    return _LINK.sub(told, html)


def _target(attributes: str) -> str:
    found = _TARGET.search(attributes)
    link = unescape(found[1] or found[2] or found[3] or "").strip() if found else ""
    return link if _SCHEME.match(link) and len(link) <= _LONGEST_LINK and not re.search(r"\s", link) else ""


def _is_told(link: str, words: str) -> bool:
    bare = _SCHEME.sub("", link, count=1).rstrip("/").lower()
    return bare in words.lower() or _SCHEME.match(words) is not None


def picture_texts(html: str) -> str:
    """What the pictures show by their `alt`, a line each."""
    texts = (unescape(found[1] or found[2]).strip() for found in _PICTURE.finditer(html))
    return "\n".join(list(dict.fromkeys(filter(None, texts)))[:_MOST_PICTURES])
