"""Short phrases that say what a reply means: that it is broken again, or only thanks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rules.similarity import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Longer texts say more than thanks.
_SHORT = 60
_QUESTION = re.compile(
    r"[?？]|吗|嗎|怎么|怎麼|\b(?:but|still|not|cannot|can't|how|when|why)\b|但|还是|還是|没有|沒有|不"
)


def says_again(text: str, words: Iterable[str]) -> str | None:
    """Return the first of the words by which a text says that the problem is back, or None.

    Chinese words count anywhere, Latin ones as whole words.
    """
    folded = fold(text)
    return next((word for word in words if _pattern(word).search(folded)), None)


def is_thanks(text: str, words: Iterable[str]) -> bool:
    """Tell whether a text only thanks: short, no question, nothing that is still wrong."""
    folded = fold(text).strip()
    if not folded or len(folded) > _SHORT or _QUESTION.search(folded):
        return False
    return any(_pattern(word).search(folded) for word in words)


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    folded = re.escape(fold(word))
    return re.compile(rf"(?<![a-z0-9]){folded}(?![a-z0-9])" if word.isascii() else folded)
