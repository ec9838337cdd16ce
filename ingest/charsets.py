"""Bytes to text whatever their label says: the charset ladder, and what no text may hold."""

from __future__ import annotations

import codecs
import re

#: Labels that senders use for a larger character set than the label's own: reading them as that one loses nothing.
_WIDER = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "windows-949": "cp949",
    "big5": "cp950",
    "big-5": "cp950",
    "cn-big5": "cp950",
    "x-big5": "cp950",
    "x-x-big5": "cp950",
    "csbig5": "cp950",
    "windows-950": "cp950",
    "big5-hkscs": "big5hkscs",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "x-utf-8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
}
_GUOBIAO = re.compile(r"(?:x-)?(?:gb[k_0-9-]|cp-?936|ms936|windows-936|euc-?cn|chinese|csgb|csiso58gb|iso-ir-58)")
#: Families of codecs that read text. Python knows rot13, idna and utf-7 too: never for a sender.
_READABLE = re.compile(
    r"(?:utf[-_]?(?:8|16|32)(?:[-_]?[bl]e|-sig)?|iso[-_]?8859[-_]\d+|iso-?2022[-_]?(?:jp|kr)[\w-]*"
    r"|(?:windows|cp|ibm)[-_]?\d+|koi8[-_]?[rut]|mac[-_]?\w+|x-mac-\w+|gb18030|hz(?:-gb-2312)?|big5\w*|euc[-_]?(?:jp|kr|jis\w+)|shift[-_]?jis\w*|johab|tis-?620"
    r"|latin[-_]?\d+|ptcp154|kz1048)"
)
_STATEFUL = re.compile(r"iso-?2022|hz|utf[-_]?(?:16|32)|cp(?:037|273|424|500|875|1026|1140)|ibm")
_LATIN = frozenset({"cp1252"})
_HIGH = re.compile(rb"[\x80-\xff]+")
_HAN_PAIR = re.compile(rb"[\xa1-\xa3\xb0-\xf7][\xa1-\xfe]")
_COMMON_HAN_PAIR = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_FULL_WIDTH_KANA = re.compile("[\u3041-\u30ff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_NEW_LINES = re.compile("\r\n?|\x85|\u2028|\u2029")


def clean(text: str) -> str:
    """The text with `\\n` line ends and without NUL, other controls, lone surrogates and byte order marks.

    What comes out encodes as UTF-8 and is taken by PostgreSQL, whose `text` refuses U+0000.
    """
    text = text.replace("\r\n", "\n")
    if any(sign in text for sign in "\r\x85\u2028\u2029"):
        text = _NEW_LINES.sub("\n", text)
    if (
        text.replace("\n", "").replace("\t", "").isprintable()
    ):  # many times as fast as the pattern, and nearly always so
        return text
    return _FORBIDDEN.sub("", text)


def decode(data: bytes, label: str | None = None) -> str:
    """The text of the bytes; never raises, and replaces only what no ladder step can read.

    The declared charset where it fits, then UTF-8, GB18030, and the declared one with replacements. A Latin or
    ASCII label over 8-bit bytes is disbelieved first: it is what gateways write when they do not know.
    """
    charset = codec(label)
    if data.isascii() and not (charset and _STATEFUL.match(charset)):
        return data.decode("ascii")
    if charset is None or charset in _LATIN:
        return _undeclared(data)
    if charset in {"gb18030", "cp950", "big5hkscs"} and (text := _as_utf8(data)) is not None:
        return text
    for candidate in (charset, *_also(charset)):
        if (text := _strictly(data, candidate)) is not None:
            return text
    return _mislabelled(data, charset)


def codec(label: str | None) -> str | None:
    """The Python codec to read a declared charset with, or None where the label tells nothing usable."""
    if not label:
        return None
    name = label.strip().strip("\"'").lower()[:40]
    if _GUOBIAO.match(name):
        return "gb18030"
    name = _WIDER.get(name, name)
    if not _READABLE.fullmatch(name):
        return None
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _also(charset: str) -> tuple[str, ...]:
    """What else goes by a label: Hong Kong's Big5, and Japanese text that a gateway only called ISO-2022-JP."""
    if charset == "cp950":
        return ("big5hkscs",)
    return ("euc_jp", "cp932") if charset.startswith("iso2022_jp") else ()


def _strictly(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except UnicodeError:
        return None


def _as_utf8(data: bytes) -> str | None:
    """UTF-8 under a Chinese label. Two-byte letters alone prove nothing: some GBK words are valid UTF-8 too."""
    text = _strictly(data, "utf-8")
    return text if text is not None and max(text) >= "\u0800" else None


def _undeclared(data: bytes) -> str:
    if (text := _strictly(data, "utf-8")) is not None:
        return text
    if _looks_chinese(data) and (text := _strictly(data, "gb18030")) is not None:
        return text
    if (text := _strictly(data, "cp932")) is not None and _is_japanese(text):
        return text
    return _strictly(data, "cp1252") or data.decode("latin-1")


def _mislabelled(data: bytes, charset: str) -> str:
    if charset != "utf-8" and (text := _strictly(data, "utf-8")) is not None:
        return text
    if _looks_chinese(data) and (text := _strictly(data, "gb18030")) is not None:
        return text
    if charset == "utf-8" and data.decode("utf-8", "ignore").isascii():  # not one sequence holds: plain Latin
        return data.decode("cp1252", "replace")
    return data.decode(charset, "replace")


def _is_japanese(text: str) -> bool:
    """Mostly full-width kana: half-width ones are single bytes, and any Latin letter could be one."""
    return len(_FULL_WIDTH_KANA.findall(text)) * 2 >= len(_NOT_ASCII.findall(text))


def _looks_chinese(data: bytes) -> bool:
    """Nearly all 8-bit bytes stand in pairs of GB 2312, most of them of its first level (common characters)."""
    high = sum(map(len, _HIGH.findall(data)))
    pairs = len(_HAN_PAIR.findall(data))
    return pairs * 2 >= high * 0.9 and len(_COMMON_HAN_PAIR.findall(data)) >= pairs * 0.8
