"""The attachments in a winmail.dat."""

from __future__ import annotations

import base64
import struct
from email import message_from_bytes
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mail.body import Body, read_body, read_files
from ingest.mail.winmail import SIGNATURE, PackedFile, unpack


def attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def variable(kind: int, name: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def named(value: bytes) -> bytes:
    """A property with a name of its own instead of a number, as add-ins write them."""
    label = "Keywords\0".encode("utf-16-le")
    head = struct.pack("<HH", 0x101F, 0x8001) + bytes(16) + struct.pack("<II", 1, len(label)) + label
    return head + b"\0" * (-len(label) % 4) + struct.pack("<II", 1, len(value)) + value + b"\0" * (-len(value) % 4)


def properties(*each: bytes) -> bytes:
    return struct.pack("<I", len(each)) + b"".join(each)


NUMBER = struct.pack("<HHI", 3, 0x0E20, 7)
TWO_NUMBERS = struct.pack("<HHIII", 0x1003, 0x0E21, 2, 7, 8)
CODE_PAGE = attribute(1, 0x00069007, struct.pack("<II", 936, 0))
NEXT = attribute(2, 0x00069002, bytes(14))
LONG_NAME = variable(0x1F, 0x3707, "打印机 2026 的故障照片.png\0".encode("utf-16-le"))
PNG = NEXT + attribute(2, 0x00018010, "打印机~1.PNG\0".encode("gbk")) + attribute(2, 0x0006800F, b"\x89PNG-bytes")
LONG_PNG = PNG + attribute(
    2, 0x00069005, properties(NUMBER, TWO_NUMBERS, named(b"a\0\0\0"), LONG_NAME, variable(0x1E, 0x370E, b"image/PNG\0"))
)


def winmail(*attributes: bytes) -> bytes:
    return SIGNATURE + b"\x01\x00" + b"".join(attributes)


def mail(packed: bytes, *, text: bytes = b"") -> Body:
    return read_body(message_from_bytes(written(packed, text)))


def written(packed: bytes, text: bytes) -> bytes:
    return (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + text + b"\n--b\n"
        b'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\n'
        + base64.encodebytes(packed)
        + b"\n--b--\n"
    )


def test_a_file_has_its_short_name_in_the_sender_s_code_page() -> None:
    found = unpack(winmail(CODE_PAGE, PNG))
    assert found is not None
    assert found.files == (PackedFile(name="打印机~1.PNG", content=b"\x89PNG-bytes"),)


def test_a_long_name_and_the_type_stand_among_the_properties() -> None:
    found = unpack(winmail(CODE_PAGE, LONG_PNG))
    assert found is not None
    assert found.files == (PackedFile(name="打印机 2026 的故障照片.png", type="image/png", content=b"\x89PNG-bytes"),)


def test_a_mail_lists_what_the_winmail_dat_holds() -> None:
    body = mail(winmail(CODE_PAGE, LONG_PNG, PNG), text=b"It is broken.")
    assert body.text == "It is broken."
    assert [(each.name, each.type, each.size) for each in body.attachments] == [
        ("打印机 2026 的故障照片.png", "image/png", 10),
        ("打印机~1.PNG", "image/png", 10),
    ]
    assert body.notes == ("winmail.dat was unpacked.",)


def test_what_it_holds_can_be_handed_on() -> None:
    files = read_files(message_from_bytes(written(winmail(CODE_PAGE, LONG_PNG), b"")))
    assert [each.content for each in files] == [b"\x89PNG-bytes"]


def test_one_that_holds_only_the_look_of_the_text_is_no_attachment() -> None:
    body = mail(winmail(CODE_PAGE, attribute(1, 0x00069003, properties(NUMBER))), text=b"It is broken.")
    assert (body.attachments, body.notes) == ((), ())


@pytest.mark.parametrize(
    "told",
    [
        attribute(1, 0x0002800C, "打印机坏了\0".encode("gbk")),
        attribute(1, 0x00069003, properties(NUMBER, variable(0x1F, 0x1000, "打印机坏了\0".encode("utf-16-le")))),
        attribute(1, 0x00069003, properties(variable(0x102, 0x1013, "<p>打印机坏了</p>".encode("gbk")))),
    ],
    ids=["as an attribute", "as a property", "as HTML"],
)
def test_its_text_is_read_where_the_mail_has_no_other(told: bytes) -> None:
    assert mail(winmail(CODE_PAGE, told)).text == "打印机坏了"
    assert mail(winmail(CODE_PAGE, told), text=b"The same in English.").text == "The same in English."


def test_bytes_that_are_none_stay_an_attachment() -> None:
    assert unpack(b"something else") is None
    assert [each.name for each in mail(b"something else").attachments] == ["winmail.dat"]


@given(st.integers(min_value=0, max_value=600), st.binary(max_size=12))
def test_what_was_read_before_the_bytes_break_counts(at: int, noise: bytes) -> None:
    whole = winmail(CODE_PAGE, PNG, LONG_PNG)
    found = unpack(whole[:at] + noise)
    assert found is None or all(each.name or each.content for each in found.files)


@pytest.mark.slow
@pytest.mark.parametrize(
    "packed",
    [
        winmail(NEXT * 1_000_000),
        winmail(attribute(1, 0x00069003, struct.pack("<I", 0xFFFFFFFF) + NUMBER * 2_000_000)),
        winmail(attribute(1, 0x00069003, properties(struct.pack("<HHI", 0x1E, 1, 0xFFFFFFFF) + bytes(16 << 20)))),
        winmail(LONG_PNG * 50_000),
    ],
    ids=["a million files", "endless properties", "endless values", "properties of many files"],
)
def test_a_hostile_one_costs_little(packed: bytes) -> None:
    began = process_time()
    unpack(packed)
    assert process_time() - began < 2.0
