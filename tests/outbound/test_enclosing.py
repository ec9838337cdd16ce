"""Files that go along with a letter."""

from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outbound.compose import compose
from outbound.enclosing import EnclosedFile
from outbound.letters import render
from tests.outbound.samples import MESSAGE_ID, NOW, SENDER, make_letter


def sent(*files: EnclosedFile) -> email.message.EmailMessage:
    letter = make_letter("assigned")
    message = compose(letter, render(letter), SENDER, MESSAGE_ID, NOW, files)
    assert message == compose(letter, render(letter), SENDER, MESSAGE_ID, NOW, files)
    return email.message_from_bytes(message, policy=email.policy.default)


def test_a_letter_carries_its_files_behind_its_text() -> None:
    photo, log = (
        EnclosedFile("photo.jpg", "image/jpeg", b"\xff\xd8\xff" * 999),
        EnclosedFile("a b.log", "text/x-log", b""),
    )
    mail = sent(photo, log)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content()
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        ("photo.jpg", photo.content),
        ("a b.log", b""),
    ]


@pytest.mark.parametrize(
    ("given", "sent_as"),
    [
        ("image/png", "image/png"),
        ("video/mp4", "video/mp4"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("message/rfc822", "application/octet-stream"),
        ("image/png\r\nBcc: all@corp.example", "application/octet-stream"),
    ],
)
def test_only_what_nothing_runs_keeps_its_type(given: str, sent_as: str) -> None:
    (part,) = sent(EnclosedFile("file", given, b"x")).iter_attachments()
    assert part.get_content_type() == sent_as


@pytest.mark.parametrize(
    "name", ["屏幕截图 2026-11-20 上午.png", "a" * 150, '"; filename=b.exe', "line\r\nBcc: x", "100%.png", "é.png", ""]
)
def test_every_name_arrives_as_it_is_and_only_as_a_name(name: str) -> None:
    mail = sent(EnclosedFile(name, "image/png", b"x"))
    (part,) = mail.iter_attachments()
    assert part.get_filename() == (name or "file")
    assert "Bcc" not in mail
    assert part.keys() == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]


@settings(max_examples=30)
@given(st.text(max_size=150), st.binary(max_size=5000))
def test_any_bytes_arrive_under_any_name(name: str, content: bytes) -> None:
    (part,) = sent(EnclosedFile(name, "application/pdf", content)).iter_attachments()
    assert part.get_content() == content
