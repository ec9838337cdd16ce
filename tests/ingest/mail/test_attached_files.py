"""The bytes of attachments come out of the original again."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from ingest.mail.attached_files import attached_files
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from tests.samples import NOW

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def a_mail_with(*files: tuple[str, bytes]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Alice <alice@corp.example>", "看截图"
    mail.set_content("See the screenshots.\n")
    for name, content in files:
        mail.add_attachment(content, maintype="image", subtype="png", filename=name)
    return mail


def test_the_files_are_those_that_reading_the_mail_lists() -> None:
    original = a_mail_with(("屏幕.png", PIXEL), ("b.png", PIXEL * 2)).as_bytes()
    files = attached_files(original)
    mail = read_mail(original, source="support", key="1", received_at=NOW, ourselves=Ourselves())
    assert tuple(file.attachment for file in files) == mail.attachments
    assert [file.content for file in files] == [PIXEL, PIXEL * 2]


def test_an_attached_mail_keeps_its_own_attachments() -> None:
    inner = a_mail_with(("a.png", PIXEL))
    outer = a_mail_with()
    outer.add_attachment(inner)
    (file,) = attached_files(outer.as_bytes())
    assert file.attachment.type == "message/rfc822"
    assert [each.content for each in attached_files(file.content)] == [PIXEL]


@pytest.mark.parametrize("original", [b"", b"\r\n\r\n", b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a"])
def test_what_holds_no_file_gives_none(original: bytes) -> None:
    assert attached_files(original) == ()
