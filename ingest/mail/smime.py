"""The content of an opaquely signed mail (RFC 8551, 3.5.2): Outlook sends one when "clear text" is switched off.

Nothing is verified: the words are read, as those of an unsigned mail would be, and the signed file is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
_DATA: Final = bytes.fromhex("2a864886f70d010701")

_OID: Final = 0x06
_OCTETS: Final = 0x04
_OCTETS_IN_PIECES: Final = 0x24
_SEQUENCE: Final = 0x30
_CONTEXT_0: Final = 0xA0
_MOST_LENGTH_BYTES: Final = 4


class _MalformedError(Exception):
    """Not what signed data looks like."""


@dataclass(slots=True)
class _Elements:
    """BER (X.690) from the front: elements are entered or taken one after the other."""

    data: bytes
    at: int = 0

    def header(self) -> tuple[int, int | None]:
        """The tag and the length of the next element; None for one that runs up to its end mark."""
        if self.at + 2 > len(self.data):
            raise _MalformedError
        tag, length = self.data[self.at], self.data[self.at + 1]
        self.at += 2
        if length < 0x80:
            return tag, length
        if length == 0x80:
            return tag, None
        digits = self.data[self.at : self.at + length - 0x80]
        if len(digits) > _MOST_LENGTH_BYTES:
            raise _MalformedError
        self.at += len(digits)
        return tag, int.from_bytes(digits, "big")

    def enter(self, wanted: int) -> None:
        tag, _ = self.header()
        if tag != wanted:
            raise _MalformedError

    def take(self) -> tuple[int, bytes]:
        """The tag and the bytes of an element of known length."""
        tag, length = self.header()
        if length is None:
            raise _MalformedError
        self.at += length
        return tag, self.data[self.at - length : self.at]


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity within signed data (RFC 5652, 5.1), or None where the bytes are anything else: encrypted, say."""
    elements = _Elements(data)
    try:
        elements.enter(_SEQUENCE)
        _expect(elements, _SIGNED_DATA)
        elements.enter(_CONTEXT_0)
        elements.enter(_SEQUENCE)
        elements.take()  # the version
        elements.take()  # the digest algorithms
        elements.enter(_SEQUENCE)
        _expect(elements, _DATA)
        elements.enter(_CONTEXT_0)
        return _octets(elements)
    except _MalformedError:
        return None


def _expect(elements: _Elements, identifier: bytes) -> None:
    if elements.take() != (_OID, identifier):
        raise _MalformedError


def _octets(elements: _Elements) -> bytes:
    tag, length = elements.header()
    if tag == _OCTETS and length is not None:
        return elements.data[elements.at : elements.at + length]
    if tag != _OCTETS_IN_PIECES:
        raise _MalformedError
    end = len(elements.data) if length is None else min(len(elements.data), elements.at + length)
    pieces: list[bytes] = []
    while elements.at < end:
        tag, piece = elements.take()
        if tag != _OCTETS:
            break
        pieces.append(piece)
    return b"".join(pieces)
