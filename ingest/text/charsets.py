"""Bytes to text whatever their label says: the charset ladder, and what no text may hold."""

from __future__ import annotations

import codecs
import re

from ingest.text.charset_guess import guess, is_implausible

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
#: ISO 2022: an escape, its final bytes, and what stands up to the next one.
_ESCAPED = re.compile(rb"\x1b(\$[@B]|\$\([A-D]|\([A-Z])([\x21-\x7e\s]*)")
#: What goes by a Chinese label.
_CHINESE = {"gb18030": ("gb18030",), "cp950": ("cp950", "big5hkscs"), "big5hkscs": ("big5hkscs",)}

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

    The declared charset where it fits and says something, then UTF-8, what the bytes look like, line by line, and the
    declared one with replacements. A Latin or ASCII label over 8-bit bytes is disbelieved first: it is what gateways
    write when they do not know.
    """
    charset = codec(label)
    if data.isascii() and not (charset and _STATEFUL.match(charset)):
        return _with_escapes(data) if b"\x1b$" in data else data.decode("ascii")
    if charset is None or charset in _LATIN:
        return _undeclared(data)
    if charset in _CHINESE:
        return _chinese(data, charset)
    if charset.startswith("iso2022_jp"):
        return _with_escapes(data)
    if (text := _strictly(data, charset)) is not None:
        return text
    return _mislabelled(data, charset)


def decode_unlabelled(data: bytes, likely: str | None = None) -> str:
    """The text of bytes that no label stands beside, as in a raw header: `likely` is the charset used elsewhere."""
    text = _strictly(data, "utf-8")
    return decode(data, likely) if text is None else text


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


def _strictly(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except UnicodeError:
        return None


def _chinese(data: bytes, charset: str) -> str:
    """Text under a Chinese label, which may be UTF-8, or of the other one of GB 18030 and Big5.

    Two-byte letters alone are no proof of UTF-8: some words of GBK are valid UTF-8 too.
    """
    text = _strictly(data, "utf-8")
    if text is not None and max(text) >= "\u0800":
        return text
    for candidate in _CHINESE[charset]:
        if (text := _strictly(data, candidate)) is not None:
            break
    if text is not None and not is_implausible(text):
        return text
    if text is not None:
        better = guess(data)
        return text if better is None else data.decode(better, "replace")
    return _mislabelled(data, charset)


def _undeclared(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and (text := _strictly(data, "utf-16")) is not None:
        return text
    if (text := _strictly(data, "utf-8")) is not None:
        return text
    if (text := _guessed(data)) is not None:
        return text
    return _strictly(data, "cp1252") or data.decode("latin-1")


def _guessed(data: bytes) -> str | None:
    if (likely := guess(data)) is not None and (text := _strictly(data, likely)) is not None:
        return text
    return _strictly(data, "gb18030") if _looks_chinese(data) else None


def _mislabelled(data: bytes, charset: str) -> str:
    if charset != "utf-8" and (text := _strictly(data, "utf-8")) is not None:
        return text
    if (text := _guessed(data)) is not None:
        return text
    if charset == "utf-8" and b"\n" in data.rstrip(b"\r\n"):
        return "".join(map(_line, data.splitlines(keepends=True)))
    return _line(data) if charset == "utf-8" else data.decode(charset, "replace")


def _line(line: bytes) -> str:
    """One line of a text that is not all UTF-8: footers and quotes are joined on in another charset."""
    if (text := _strictly(line, "utf-8") or _guessed(line)) is not None:
        return text
    if line.decode("utf-8", "ignore").isascii():  # not one sequence holds: plain Latin
        return line.decode("cp1252", "replace")
    return line.decode("utf-8", "replace")


def _with_escapes(data: bytes) -> str:
    """ISO-2022-JP with all that is sent under its name: the signs of NEC and IBM, and EUC or Shift JIS bytes.

    Python's codecs know the standard only. Shift JIS holds the same characters at places that are computed from theirs.
    """
    if not data.isascii():
        return _strictly(data, "euc_jp") or _strictly(data, "cp932") or _undeclared(data)
    if (text := _strictly(data, "iso2022_jp_ext")) is not None:
        return text
    if (text := _strictly(data, "iso2022_kr")) is not None:
        return text
    return _ESCAPED.sub(_as_shift_jis, data).decode("cp932", "replace")


def _as_shift_jis(match: re.Match[bytes]) -> bytes:
    if match[1] == b"(I":  # half-width katakana in seven bits
        return bytes(sign | 0x80 for sign in match[2])
    if not match[1].startswith(b"$"):
        return match[2]
    pairs = zip(match[2][::2], match[2][1::2], strict=False)
    return b"".join(_shift_jis_pair(row, cell) for row, cell in pairs)


def _shift_jis_pair(row: int, cell: int) -> bytes:
    """A character of JIS X 0208 (rows and cells from 0x21) in Shift JIS."""
    lead = (row - 0x21) // 2 + 0x81
    trail = cell + 0x7E if row % 2 == 0 else cell + 0x1F + (cell >= 0x60)
    return bytes((lead + 0x40 * (lead > 0x9F), trail))


def _looks_chinese(data: bytes) -> bool:
    """Nearly all 8-bit bytes stand in pairs of GB 2312, most of them of its first level (common characters)."""
    high = sum(map(len, _HIGH.findall(data)))
    pairs = len(_HAN_PAIR.findall(data))
    return pairs * 2 >= high * 0.9 and len(_COMMON_HAN_PAIR.findall(data)) >= pairs * 0.8
