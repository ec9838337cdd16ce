"""Short phrases that say what a reply means: that it is broken again, or only thanks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rules.language.similarity import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Longer texts say more than thanks.
_SHORT = 60
#: What sounds like trouble or like thanks, and is neither.
_HARMLESS = re.compile(
    r"\bno (?:more |further )?(?:problems?|issues?)\b|\b(?:thanks|thank you) again\b"
    r"|没有?(?:任何)?问题|没事|再次(?:感谢|谢谢)|麻烦(?:您|你|大家|各位)?了"
)
_MORE_TO_SAY = re.compile(
    r"[?？]|吗|怎么|但|还|没|未|不|又|再|仍|请|看|坏|错|断|卡|慢|失败|异常|无法"
    r"|\b(?:but|still|not|no|nothing|never|cannot|can't|doesn't|how|when|why|again|same|another|please|look|call"
    r"|fail\w*|error\w*|broke\w*|crash\w*|jam\w*|wrong|worse|down|slow)\b"
)
_WORD = re.compile(r"[a-z0-9'’]+|[\u3400-\u9fff]")
#: Words of politeness beside the thanks themselves; of Chinese, the characters.
_POLITE = frozenset(
    _WORD.findall(
        "a all and best bye confirm confirmed day dear everybody everyone everything fine for from good great guys"
        " have hello help helpful hi i is it it's its kind lot lots much my nice now ok okay problem problems quick"
        " quickly regards reply sincerely so support team that the this ticket to very was well work works yes you your"
        " 我你您的了啊呀哦哈嗯吧很好真太非常多已经都是这现在刚可以能用完全问题工单帮助忙支持处理及时快速祝愉"
    )
)
#: Room for a name: one word, or three characters of Chinese.
_ROOM = 3


def says_again(text: str, words: Iterable[str]) -> str | None:
    """Return the first of the words by which a text says that the problem is back, or None.

    Chinese words count anywhere, Latin ones as whole words.
    """
    folded = fold(text)
    return next((word for word in words if _pattern(word).search(folded)), None)


def is_thanks(text: str, words: Iterable[str], *, again: Iterable[str] = (), writer: str = "") -> bool:
    """Tell whether a text only thanks: beside the thanks there is nothing but politeness and a name.

    `again` are the words by which the problem is back, `writer` is the name that may stand below. Where it is doubtful
    the answer is no: a ticket that is opened again bothers a colleague, one that is closed leaves a requester alone.
    """
    if len(text.strip()) > _SHORT:
        return False
    folded = fold(text)
    found = [pattern for word in words if (pattern := _pattern(word)).search(folded)]
    if not found:
        return False
    folded = _HARMLESS.sub(" ", folded)
    for pattern in found:
        folded = pattern.sub(" ", folded)
    if _MORE_TO_SAY.search(folded) or says_again(folded, again):
        return False
    known = _POLITE | frozenset(_WORD.findall(fold(writer)))
    return sum(_ROOM if word.isascii() else 1 for word in _WORD.findall(folded) if word not in known) <= _ROOM


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    folded = re.escape(fold(word))
    return re.compile(rf"(?<![a-z0-9]){folded}(?![a-z0-9])" if word.isascii() else folded)
