"""Short phrases that say what a reply means: that it is broken again, that it is solved or not, or only thanks."""

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
    r"\bno (?:more |further |other )?(?:problems?|issues?|complaints?)\b|\b(?:thanks|thank you) again\b"
    r"|\b(?:please |you (?:can|may) )?(?:go ahead and )?close"
    r"(?: (?:it|(?:this|the|my) (?:ticket|case|request))\b|(?=[.!]|$))|\bkeep (?:it )?up\b"
    r"|\b(?:works?|working|running|fine|ok|okay|normal|online) again\b|又(?:能用|可以用?|好|正常|恢复)了?"
    r"|没有?(?:任何|其他|别的|什么)?问题|没事|再次(?:感谢|谢谢)|麻烦(?:您|你|大家|各位)?了|还?不错|请?继续(?:保持|努力)"
    r"|请?(?:可以|帮忙)?(?:关闭|关掉|结束)(?:此|这个|该)?工单|请?(?:关单|结案)"
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
#: Room for a name, as `count_unknown` counts: one word, or three characters of Chinese.
ROOM = 3


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
    found = [word for word in words if _pattern(word).search(folded)]
    if not found:
        return False
    folded = cut_words(drop_harmless(folded), found)
    if _MORE_TO_SAY.search(folded) or says_again(folded, again):
        return False
    return count_unknown(folded, known=_WORD.findall(fold(writer))) <= ROOM


def find_phrase(text: str, words: Iterable[str], *, hidden_by: Iterable[str] = ()) -> str | None:
    """Return one of the words that stands in a text outside of longer words of `hidden_by`, or None.

    So `solved` is not found in `not solved` where that is a word by itself, nor `有问题` in `没有问题`.
    """
    wanted, folded = set(words), fold(text)
    for word in sorted({*wanted, *hidden_by}, key=lambda word: (-len(word), word)):
        if not _pattern(word).search(folded):
            continue
        if word in wanted:
            return word
        folded = _pattern(word).sub(" ", folded)
    return None


def says_more(text: str) -> bool:
    """Tell whether a text asks for something or sounds like trouble, so that somebody ought to read it."""
    return _MORE_TO_SAY.search(drop_harmless(fold(text))) is not None


def drop_harmless(folded: str) -> str:
    """A folded text without what sounds like trouble and is none, such as `no problem`."""
    return _HARMLESS.sub(" ", folded)


def cut_words(folded: str, words: Iterable[str]) -> str:
    """A folded text without these words, the longest of them first."""
    for word in sorted(words, key=len, reverse=True):
        folded = _pattern(word).sub(" ", folded)
    return folded


def count_unknown(folded: str, *, known: Iterable[str] = ()) -> int:
    """How much a folded text holds beside politeness and `known` words: 1 for a Chinese character, 3 for a word."""
    polite = _POLITE.union(known)
    return sum(ROOM if word.isascii() else 1 for word in _WORD.findall(folded) if word not in polite)


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    folded = re.escape(fold(word))
    return re.compile(rf"(?<![a-z0-9]){folded}(?![a-z0-9])" if word.isascii() else folded)
