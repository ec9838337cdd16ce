"""The attachments and the text in a `winmail.dat`: TNEF, as Outlook writes it for readers that are not Outlook.

[MS-OXTNEF] is a list of attributes; what they leave to MAPI properties ([MS-OXCDATA]) lies in two of them. What is cut
or broken ends the reading, and what was read before it counts.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ingest.text.charsets import clean, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE: Final = b"\x78\x9f\x3e\x22"

_MOST_FILES: Final = 200
_MOST_ATTRIBUTES: Final = 20_000
_MOST_PROPERTIES: Final = 2_000

_CODE_PAGE: Final = 0x9007
_BODY: Final = 0x800C
_MESSAGE_PROPERTIES: Final = 0x9003
_NEXT_FILE: Final = 0x9002
_FILE_TITLE: Final = 0x8010
_FILE_CONTENT: Final = 0x800F
_FILE_PROPERTIES: Final = 0x9005
_OF_A_FILE: Final = frozenset({_FILE_TITLE, _FILE_CONTENT, _FILE_PROPERTIES})

_PLAIN_BODY: Final = 0x1000
_HTML_BODY: Final = 0x1013
_INTERNET_CODE_PAGE: Final = 0x3FDE
_DISPLAY_NAME: Final = 0x3001
_CONTENT: Final = 0x3701
_SHORT_NAME: Final = 0x3704
_LONG_NAME: Final = 0x3707
_MEDIA_TYPE: Final = 0x370E

_FIRST_NAMED_PROPERTY: Final = 0x8000
_MULTIPLE: Final = 0x1000
_OBJECT: Final = 0x000D
_TEXT: Final = 0x001E
_UNICODE: Final = 0x001F
_VARIABLE: Final = frozenset({_OBJECT, _TEXT, _UNICODE, 0x0102})
#: Lengths of the other types, filled up to four bytes.
_FIXED: Final = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_LONGEST_IDENTIFIER: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """One attachment: its long name where it has one."""

    name: str = ""
    type: str = ""
    """The media type that the sender noted, if any."""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Winmail:
    """What a `winmail.dat` holds."""

    text: str
    html: str
    files: tuple[PackedFile, ...]


class _BrokenError(Exception):
    """The bytes end, or say what cannot be, here."""


@dataclass(slots=True)
class _Bytes:
    """Bytes that are read from the front."""

    data: memoryview
    at: int = 0

    def take(self, length: int) -> memoryview:
        end = self.at + length
        if end > len(self.data):
            raise _BrokenError
        taken, self.at = self.data[self.at : end], end
        return taken

    def number(self) -> int:
        (number,) = struct.unpack("<I", self.take(4))
        return int(number)

    def padded(self) -> memoryview:
        """A value behind its length, filled up to four bytes."""
        length = self.number()
        value = self.take(length)
        self.at = min(self.at + -length % 4, len(self.data))
        return value


@dataclass(slots=True)
class _Reading:
    """What is known so far."""

    code_page: str = ""
    text: str = ""
    html: str = ""
    files: list[PackedFile] = field(default_factory=list)


def unpack(data: bytes) -> Winmail | None:
    """The content of a `winmail.dat`, or None where the bytes are none. Time and memory are linear in the bytes."""
    if not data.startswith(SIGNATURE):
        return None
    reading = _Reading()
    for name, value in _attributes(_Bytes(memoryview(data), len(SIGNATURE) + 2)):
        _read_attribute(reading, name, value)
    files = tuple(each for each in reading.files if each.name or each.content)
    return Winmail(text=reading.text, html=reading.html, files=files)


def _attributes(data: _Bytes) -> Iterator[tuple[int, memoryview]]:
    """The id of each attribute without its type, and its value; a level before and a checksum after it are skipped."""
    try:
        for _ in range(_MOST_ATTRIBUTES):
            data.take(1)
            name = data.number() & 0xFFFF
            value = data.take(data.number())
            yield name, value
            data.take(2)
    except _BrokenError:
        return


def _read_attribute(reading: _Reading, name: int, value: memoryview) -> None:
    if name == _CODE_PAGE and len(value) >= 4:
        reading.code_page = f"cp{_Bytes(value).number()}"
    elif name == _BODY:
        reading.text = reading.text or _text(value, reading.code_page)
    elif name == _MESSAGE_PROPERTIES:
        _read_message(reading, value)
    elif name == _NEXT_FILE and len(reading.files) < _MOST_FILES:
        reading.files.append(PackedFile())
    elif name in _OF_A_FILE and reading.files:
        reading.files[-1] = _described(reading.files[-1], name, value, reading.code_page)


def _described(file: PackedFile, name: int, value: memoryview, code_page: str) -> PackedFile:
    if name == _FILE_TITLE:
        return replace(file, name=file.name or _text(value, code_page))
    if name == _FILE_CONTENT:
        return replace(file, content=file.content or bytes(value))
    found = dict(_properties(value, code_page))
    called = next((told for key in (_LONG_NAME, _DISPLAY_NAME, _SHORT_NAME) if (told := _string(found, key))), "")
    content = found.get(_CONTENT, b"")
    return PackedFile(
        name=called or file.name,
        type=_string(found, _MEDIA_TYPE).lower() or file.type,
        # An object begins with the identifier of its interface.
        content=file.content or (content[_LONGEST_IDENTIFIER:] if isinstance(content, bytes) else b""),
    )


def _read_message(reading: _Reading, value: memoryview) -> None:
    found = dict(_properties(value, reading.code_page))
    reading.text = _string(found, _PLAIN_BODY) or reading.text
    html = found.get(_HTML_BODY, b"")
    reading.html = html if isinstance(html, str) else clean(decode(html, _web_code_page(found) or reading.code_page))


def _web_code_page(found: dict[int, str | bytes]) -> str:
    number = found.get(_INTERNET_CODE_PAGE, b"")
    return f"cp{int.from_bytes(number, 'little')}" if isinstance(number, bytes) and number else ""


def _string(found: dict[int, str | bytes], key: int) -> str:
    value = found.get(key, "")
    return value if isinstance(value, str) else ""


def _properties(value: memoryview, code_page: str) -> Iterator[tuple[int, str | bytes]]:
    """The id and the first value of each property."""
    data = _Bytes(value)
    try:
        for _ in range(min(data.number(), _MOST_PROPERTIES)):
            kind, name = struct.unpack("<HH", data.take(4))
            if name >= _FIRST_NAMED_PROPERTY:
                _skip_name(data)
            first = _first_value(data, kind)
            yield name, _as_told(first, kind & ~_MULTIPLE, code_page)
    except _BrokenError:
        return


def _as_told(value: memoryview, kind: int, code_page: str) -> str | bytes:
    if kind == _TEXT:
        return _text(value, code_page)
    if kind == _UNICODE:
        return clean(bytes(value).decode("utf-16-le", "replace").split("\0", 1)[0])
    return bytes(value)


def _skip_name(data: _Bytes) -> None:
    data.take(16)
    if data.number() == 0:
        data.number()
    else:
        data.padded()


def _first_value(data: _Bytes, kind: int) -> memoryview:
    plain = kind & ~_MULTIPLE
    is_variable = plain in _VARIABLE
    count = data.number() if is_variable or kind & _MULTIPLE else 1
    if is_variable:
        values = [data.padded() for _ in range(min(count, _MOST_PROPERTIES))]
        return values[0] if values else memoryview(b"")
    if plain not in _FIXED:
        raise _BrokenError
    return data.take(_FIXED[plain] * count)[: _FIXED[plain]]


def _text(value: memoryview, code_page: str) -> str:
    return clean(decode(bytes(value).split(b"\0", 1)[0], code_page))
