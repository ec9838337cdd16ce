"""One writing for all: scripts, full-width forms and cases folded away, for comparing and never for showing.

And a word in one script shown to who reads the other.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing import Protocol

    class _Converter(Protocol):
        def convert(self, text: str) -> str: ...


#: Chinese mail is full of these, and normalizing costs ten times as much where one is left. NFKC gives the same.
_FULL_WIDTH = tuple((chr(0xFEE0 + ord(narrow)), narrow) for narrow in ",:;!?()")


def fold(text: str) -> str:
    """Traditional as Simplified Chinese (character by character), full width as half width, capitals as small."""
    if text.isascii():
        return text.lower()
    for wide, narrow in _FULL_WIDTH:
        text = text.replace(wide, narrow)
    return _to_simplified().convert(unicodedata.normalize("NFKC", text)).casefold()


def to_traditional(text: str) -> str:
    """Simplified as Traditional Chinese in the forms of Taiwan; what is in them already stays as it is."""
    return text if text.isascii() else _to_taiwan().convert(text)


@cache
def _to_simplified() -> _Converter:
    import opencc  # noqa: PLC0415  # its dictionaries take 20 ms to load, which texts in ASCII need not pay

    return cast("_Converter", opencc.OpenCC("t2s"))


@cache
def _to_taiwan() -> _Converter:
    import opencc  # noqa: PLC0415  # see above

    return cast("_Converter", opencc.OpenCC("s2tw"))
