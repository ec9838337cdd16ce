"""Header fields as they are found in the wild: unfolded, decoded (RFC 2047 and raw 8-bit), and bounded."""

from __future__ import annotations

import binascii
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from ingest.text.charsets import clean, codec, decode, decode_unlabelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from email.message import Message

#: Longer values are cut: no honest header is, and everything read from one stays linear in this.
LONGEST_HEADER = 64 * 1024

_LINE_BREAKS = re.compile(r"[\r\n]+")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,8})\?=")
_NOT_SHOWN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_SPACES = re.compile(r"[\s\x1c-\x1f]+")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_MESSAGE_ID = re.compile(r"<([^<>]{1,998})>")
_PARAMETER = re.compile(r";\s*([^\s=;\"]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)", re.DOTALL)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_PERCENT_SIGNS = re.compile(r"%[C-Fc-f][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]")
_SHORT = 1000
_MOST_PARAMETERS = 100


class Headers:
    """The header fields of one part, by lower-cased name. Reading one never raises.

    Raw 8-bit bytes, which have no label, are read in the charset of the text of the mail, where they fit it.
    """

    __slots__ = ("_charset", "_fields", "_message", "_whole")

    def __init__(self, message: Message, *, whole: Headers | None = None) -> None:
        """`whole` are those of the mail that the part is of."""
        self._message = message
        self._whole = whole
        self._charset: str | None = None
        fields: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            fields.setdefault(name.lower(), []).append(str(value))
        self._fields = fields

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def count(self, name: str) -> int:
        return len(self._fields.get(name, ()))

    def raw(self, name: str) -> str:
        """The first field of that name, unfolded, with its encoded words; empty where there is none."""
        values = self._fields.get(name)
        return self._unfold(values[0]) if values else ""

    def all_raw(self, name: str) -> list[str]:
        return [self._unfold(value) for value in self._fields.get(name, ())]

    def _unfold(self, value: str) -> str:
        value = value[:LONGEST_HEADER]
        if "\n" in value or "\r" in value:
            value = _LINE_BREAKS.sub("", value)
        if not value.isascii():
            value = decode_unlabelled(value.encode("utf-8", "surrogateescape"), self._text_charset())
        return value.strip(" \t")

    def _text_charset(self) -> str:
        """Found once for a mail: it may have twenty thousand fields, each of which asks for it."""
        if self._whole is not None:
            return self._whole._text_charset()  # noqa: SLF001 - of the same class
        if self._charset is None:
            self._charset = _text_charset(self._message)
        return self._charset

    def text(self, name: str) -> str:
        """The first field of that name decoded, on one line, without controls."""
        return one_line(decode_words(self.raw(name)))

    def token(self, name: str) -> str:
        """The first word of a field whose value is a keyword, in lower case: `auto-replied`, `bulk`."""
        value = self.raw(name).replace("(", ";").split(";", 1)[0].strip().lower()
        return one_line(value)


def _text_charset(message: Message) -> str:
    """The charset that the first leaf of a mail declares."""
    leaf: Any = message
    while leaf.is_multipart() and (parts := leaf.get_payload()):
        leaf = parts[0]
    declared = next((str(value) for name, value in leaf.raw_items() if name.lower() == "content-type"), "")
    return parameters(declared)[1].get("charset", "")


def one_line(text: str) -> str:
    """The text on one line: each run of white space one space, controls and invisible direction marks gone."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", clean(_SPACES.sub(" ", _NOT_SHOWN.sub("", text)))).strip()


def decode_words(value: str) -> str:
    """A header value with its encoded words (RFC 2047) and its raw 8-bit bytes read as text.

    Neighbouring words of one charset are joined before decoding, since senders split inside a character.
    """
    if "=?" not in value:
        return _decode_raw(value)
    return "".join(_pieces(value))


def _pieces(value: str) -> Iterator[str]:
    end = 0
    charset, pending = "", b""
    for word in _ENCODED_WORD.finditer(value):
        between = value[end : word.start()]
        label = word[1].split("*", 1)[0].lower()
        if pending and (between.strip() or not _is_same(label, charset)):
            yield decode(pending, charset)
            pending = b""
        if between.strip() or end == 0:
            yield _decode_raw(between)
        charset = charset if pending else label
        pending += _word_bytes(word[2], word[3])
        end = word.end()
    if pending:
        yield decode(pending, charset)
    yield _decode_raw(value[end:])


def _is_same(label: str, other: str) -> bool:
    return label == other or codec(label) == codec(other) is not None


def _decode_raw(text: str) -> str:
    return text if text.isascii() else decode(text.encode("utf-8", "surrogateescape"))


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    return base64_bytes(data)


def base64_bytes(data: bytes) -> bytes:
    """What the base64 says, whatever its padding and line noise; a last digit that makes no byte is dropped."""
    digits = _NOT_BASE64.sub(b"", data)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def message_ids(value: str) -> tuple[str, ...]:
    """The message ids of a References, In-Reply-To or Message-ID value, in order, each in angle brackets, none twice.

    A value without any bracket is taken as one bare id, as some senders write it.
    """
    found = [_SPACES.sub("", one_line(_decode_raw(match))) for match in _MESSAGE_ID.findall(value)]
    if not found and value.strip(" <>") and "<" not in value:
        bare = one_line(_decode_raw(value))
        found = [bare] if " " not in bare else []
    return tuple(dict.fromkeys(f"<{each}>" for each in found if each))


def parameters(value: str) -> tuple[str, Mapping[str, str]]:
    """The keyword of a Content-Type or Content-Disposition in lower case, and its parameters decoded.

    Reads RFC 2231 (charset, percent signs, continuations), and what senders write instead of it: encoded words and
    raw 8-bit bytes inside the quotes.
    """
    return _lately_read(value) if len(value) < _SHORT else _read_parameters(value)


def _read_parameters(value: str) -> tuple[str, Mapping[str, str]]:
    keyword = one_line(_decode_raw(value.split(";", 1)[0])).lower()
    return keyword, _join_sections(_sections(value)) if ";" in value else {}


#: The same few fields of a part are asked for by whoever reads it.
_lately_read = lru_cache(maxsize=256)(_read_parameters)


def _sections(value: str) -> dict[str, dict[int, tuple[str, bool]]]:
    found: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(value)):
        section = _SECTION.fullmatch(match[1].lower())
        if count >= _MOST_PARAMETERS:
            break
        if section:
            where = found.setdefault(section[1], {})
            number = int(section[2] or 0)
            if number not in where or section[3]:
                where[number] = (_unquote(match[2]), bool(section[3]))
    return found


def _unquote(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\([\"\\])", r"\1", value[1:-1])
    return value.strip('"')


def _join_sections(found: dict[str, dict[int, tuple[str, bool]]]) -> dict[str, str]:
    return {name: _join(sections) for name, sections in found.items()}


def _join(sections: dict[int, tuple[str, bool]]) -> str:
    ordered = [sections[number] for number in sorted(sections)]
    if not any(extended for _, extended in ordered):
        return one_line(decode_words(_without_percent_signs("".join(value for value, _ in ordered))))
    charset = None
    first, extended = ordered[0]
    if extended and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
        ordered[0] = (first, True)
    data = b"".join(
        unquote_to_bytes(value.encode("utf-8", "surrogateescape"))
        if percent
        else value.encode("utf-8", "surrogateescape")
        for value, percent in ordered
    )
    return one_line(decode_words(decode(data, charset)))


def _without_percent_signs(value: str) -> str:
    """A value that is percent-encoded without the star that would say so: only where it tells letters beyond ASCII."""
    if not _PERCENT_SIGNS.search(value):
        return value
    try:
        return unquote_to_bytes(value.encode("utf-8", "surrogateescape")).decode("utf-8")
    except UnicodeDecodeError:
        return value
