"""Bytes to a mail: what every mail becomes, and that no bytes are refused."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.mail.parsing import LONGEST_BOUNDARY
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from rules.report import Address, Mail

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DESK = Ourselves(addresses=frozenset({"support@desk.example"}))
TRUSTED = replace(DESK, senders_are_checked=True)


def read(original: bytes, *, trusted: bool = False) -> Mail:
    return read_mail(original, source="support", key="7.1", received_at=NOON, ourselves=TRUSTED if trusted else DESK)


def plain(body: str = "The printer is on fire.", **fields: str) -> bytes:
    headers = {
        "From": "Ada Ng <ada@corp.example>",
        "To": "support@desk.example",
        "Subject": "Printer",
        "Date": "Sat, 21 Nov 2026 12:00:00 +0000",
        "Message-ID": "<1@corp.example>",
        "Content-Type": "text/plain; charset=utf-8",
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    return ("".join(f"{name}: {value}\r\n" for name, value in headers.items()) + f"\r\n{body}\r\n").encode()


@pytest.mark.parametrize(
    ("length", "parted"),
    [
        pytest.param(LONGEST_BOUNDARY, True, id="a long boundary parts a mail"),
        pytest.param(LONGEST_BOUNDARY + 1, False, id="of a longer one no pattern is made"),
    ],
)
def test_a_boundary_has_a_sane_length(length: int, parted: bool) -> None:
    boundary = "b" * length
    body = f"--{boundary}\r\nContent-Type: text/plain\r\n\r\nThe printer is on fire.\r\n--{boundary}--"
    mail = read(plain(body, Content_Type=f'multipart/mixed; boundary="{boundary}"'))
    assert "The printer is on fire." in mail.full_text
    assert (mail.full_text == "The printer is on fire.") is parted


def test_a_plain_mail_is_read_whole() -> None:
    mail = read(plain(Cc="Bo Li <bo@corp.example>", References="<a@x> <b@x>", In_Reply_To="<b@x>"))
    assert mail.sender == Address("ada@corp.example", "Ada Ng")
    assert mail.to == (Address("support@desk.example"),)
    assert mail.cc == (Address("bo@corp.example", "Bo Li"),)
    assert (mail.message_id, mail.references) == ("<1@corp.example>", ("<a@x>", "<b@x>"))
    assert (mail.subject, mail.text, mail.language) == ("Printer", "The printer is on fire.", "en")
    assert (mail.auto, mail.bounce, mail.attachments, mail.notes) == (None, None, (), ())


def test_only_a_trusted_server_verifies_a_sender() -> None:
    assert not read(plain()).verified
    assert read(plain(), trusted=True).verified


def test_a_sender_who_cannot_be_told_is_never_verified() -> None:
    mail = read(plain(From="a@x.example, b@x.example"), trusted=True)
    assert (mail.sender, mail.verified) == (None, False)
    assert mail.notes


def test_the_same_mail_by_another_way_has_the_same_content_key() -> None:
    again = b"Received: from elsewhere by here\r\n" + plain()
    assert read(again).content_key == read(plain()).content_key


def test_the_transfer_encoding_is_no_part_of_the_content_key() -> None:
    encoded = plain("", Content_Transfer_Encoding="base64") + base64.b64encode(b"The printer is on fire.\r\n")
    assert read(encoded).content_key == read(plain()).content_key


def test_another_body_under_the_same_message_id_has_another_content_key() -> None:
    assert read(plain("Something else.")).content_key != read(plain()).content_key


def test_without_a_message_id_the_hash_alone_is_the_content_key() -> None:
    mail = read(plain(Message_ID="<>"))
    assert mail.message_id is None
    assert mail.content_key.startswith(":")


def test_only_the_new_lines_are_the_text_and_all_lines_the_full_text() -> None:
    mail = read(plain("Still broken.\r\n\r\nOn Fri, 20 Nov 2026 at 9:00, Support wrote:\r\n> Restart it."))
    assert mail.text == "Still broken."
    assert "Restart it." in mail.full_text


def nested(levels: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(levels)
    )
    return b"From: a@x.example\r\n" + opened + b"Content-Type: text/plain\r\n\r\ndeep\r\n"


@pytest.mark.parametrize("levels", [49, 51, 1100, 10_000])
def test_no_depth_of_nesting_breaks_the_reading(levels: int) -> None:
    mail = read(nested(levels))
    assert mail.sender == Address("a@x.example")
    assert bool(mail.notes) == (levels > 50)


def test_parts_after_the_five_hundredth_are_left_in_the_original() -> None:
    part = b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n"
    mail = read(b"From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 2000)
    assert len(mail.attachments) == 500
    assert mail.notes == ("Parts after the first 500 were not read.",)


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_any_bytes_become_a_mail(original: bytes) -> None:
    mail = read(original)
    assert mail.original == original
    assert mail.content_key


_PIECES = (
    b'From: |a@x|<|>|,|"|\r\n|\n\n|Content-Type: |multipart/mixed|; boundary=b|--b\r\n|--b--\r\n'
    b"|message/rfc822|text/html|charset=|utf-7|gb2312|\xff|\x00|=?utf-8?q?|?=|=0A|Subject: "
    b"|Content-Transfer-Encoding: base64\r\n|==|> |wrote:|name*0*=|;"
).split(b"|")


@given(st.lists(st.sampled_from(_PIECES), max_size=30))
@settings(max_examples=200)
def test_any_broken_mail_becomes_text_that_a_database_takes(pieces: list[bytes]) -> None:
    mail = read(b"".join(pieces))
    for text in (mail.subject, mail.text, mail.full_text, str(mail.sender), *(each.name for each in mail.attachments)):
        assert "\x00" not in text
        text.encode("utf-8")
    assert bool(mail.text) == bool(mail.full_text)
