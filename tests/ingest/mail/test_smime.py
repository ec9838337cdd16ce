"""The words of signed and of encrypted mails."""

from __future__ import annotations

import base64
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mail.body import Body, read_body
from ingest.mail.smime import signed_content

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = bytes.fromhex("06092a864886f70d010701")
SIGNED = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
VERSION_AND_DIGESTS = bytes.fromhex("0201013100")
ENTITY = b"Content-Type: text/plain; charset=gb2312\r\n\r\n" + "打印机坏了".encode("gb18030")


def element(tag: int, content: bytes) -> bytes:
    if len(content) < 128:
        return bytes((tag, len(content))) + content
    return bytes((tag, 0x82)) + len(content).to_bytes(2, "big") + content


def endless(tag: int, content: bytes) -> bytes:
    """An element without a length, as programs write that do not know it yet."""
    return bytes((tag, 0x80)) + content + b"\0\0"


def signed(content: bytes, kind: bytes = SIGNED) -> bytes:
    wrapped = element(0x30, DATA + element(0xA0, element(0x04, content)))
    return element(0x30, kind + element(0xA0, element(0x30, VERSION_AND_DIGESTS + wrapped)))


def streamed(content: bytes) -> bytes:
    pieces = b"".join(element(0x04, content[at : at + 10]) for at in range(0, len(content), 10))
    wrapped = endless(0x30, DATA + endless(0xA0, endless(0x24, pieces)))
    return endless(0x30, SIGNED + endless(0xA0, endless(0x30, VERSION_AND_DIGESTS + wrapped)))


def read(sealed: bytes) -> Body:
    head = b"Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
    return read_body(message_from_bytes(head + base64.encodebytes(sealed)))


@pytest.mark.parametrize("seal", [signed, streamed])
@pytest.mark.parametrize("content", [ENTITY, ENTITY + b"\r\nx" * 500], ids=["short", "long"])
def test_the_content_of_signed_data_is_found(seal: Callable[[bytes], bytes], content: bytes) -> None:
    assert signed_content(seal(content)) == content


def test_an_opaquely_signed_mail_gives_its_words_and_keeps_the_signed_file() -> None:
    body = read(signed(ENTITY))
    assert body.text == "打印机坏了"
    assert [each.name for each in body.attachments] == ["smime.p7m"]
    assert body.notes == ()


def test_a_sealed_mail_in_a_sealed_mail_stays_a_file() -> None:
    inner = b"Content-Type: application/pkcs7-mime; name=inner.p7m\r\n\r\n" + signed(b"\r\nx" * 20)
    assert [each.name for each in read(signed(inner)).attachments] == ["smime.p7m", "inner.p7m"]


def test_an_encrypted_mail_says_so() -> None:
    body = read(signed(ENTITY, ENVELOPED))
    assert (body.text, [each.name for each in body.attachments]) == ("", ["smime.p7m"])
    assert "encrypted" in body.notes[0]


@given(st.integers(min_value=0, max_value=150), st.binary(max_size=10))
def test_broken_seals_are_read_as_far_as_they_go(at: int, noise: bytes) -> None:
    assert isinstance(signed_content(streamed(ENTITY)[:at] + noise), bytes | None)
