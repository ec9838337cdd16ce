"""What 8-bit bytes say whose charset nobody told, or told wrongly, judged by the characters that come out."""

from __future__ import annotations

import re
from typing import Final

from ingest.text.common_characters import CHINESE, CYRILLIC, JAPANESE, KOREAN

#: Shares of common characters: running text has three quarters of them, a wrong reading at most a quarter by chance.
_PLAUSIBLE: Final = 0.5
_PLAUSIBLE_LETTERS: Final = 0.6

#: Codec, characters to expect. Equal shares are decided by this order.
_PAIRED: Final = (
    ("gb18030", CHINESE),
    ("cp950", CHINESE),
    ("big5hkscs", CHINESE),
    ("euc_jp", JAPANESE),
    ("cp932", JAPANESE),
    ("cp949", KOREAN),
)
_LETTERS: Final = (("koi8-r", CYRILLIC), ("cp1251", CYRILLIC))

_NOT_ASCII = re.compile("[^\x00-\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(rb"[\x80-\xff]{4,}")

#: Characters that are judged: what a mail is written in shows early.
_JUDGED: Final = 1000
_JUDGED_BYTES: Final = 16 * 1024


def guess(data: bytes) -> str | None:
    """The codec that makes plausible text of the bytes, or None. Only the first kilobytes are looked at."""
    sample = data[:_JUDGED_BYTES]
    found = [(share, codec) for codec, common in _PAIRED if (share := _share(sample, codec, common)) >= _PLAUSIBLE]
    if found:
        return max(found, key=lambda each: each[0])[1]
    if sum(map(len, _WORD.findall(sample))) < len(_HIGH.findall(sample)) * 0.6:
        return None  # single accented letters within words: a Latin script
    letters = [(_share(sample, codec, common), codec) for codec, common in _LETTERS]
    share, codec = max(letters)
    return codec if share >= _PLAUSIBLE_LETTERS else None


def is_implausible(text: str) -> bool:
    """Whether text that was read as Chinese holds next to no character of Chinese as people write it."""
    signs = _NOT_ASCII.findall(text[:_JUDGED_BYTES])[:_JUDGED]
    return len(signs) >= 4 and sum(sign in CHINESE for sign in signs) < len(signs) * 0.2


def _share(sample: bytes, codec: str, common: frozenset[str]) -> float:
    """The share of common characters among those beyond ASCII; 0 where the bytes are none of this charset."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError as error:
        if len(sample) < _JUDGED_BYTES or error.start < len(sample) - 4:
            return 0.0
        text = sample[: error.start].decode(codec)
    signs = _NOT_ASCII.findall(text)[:_JUDGED]
    return sum(sign in common for sign in signs) / len(signs) if signs else 0.0
