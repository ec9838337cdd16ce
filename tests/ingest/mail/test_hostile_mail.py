"""The worst mail that is taken, 25 MiB of whatever costs most, in less than five seconds of work."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

import pytest

from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves

pytestmark = pytest.mark.slow

LARGEST = 25 << 20
SECONDS = 5.0
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

HEAD = b"From: Ada Ng <ada@corp.example>\r\nMIME-Version: 1.0\r\n"
MULTIPART = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
BASE64 = HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n"
UUENCODED = HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a.txt\n"
REPORT = (
    HEAD + b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
)
CALENDAR = HEAD + b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\n"
DEEP = HEAD + b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(49)
)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        pytest.param(b"Subject:", b" =?utf-8?B?5omT5Y2w5py6?=\r\n", id="encoded words"),
        pytest.param(b"Subject:", b"=?u?q?a?", id="encoded words that never end"),
        pytest.param(b"Subject: ", b"a", id="one header"),
        pytest.param(b"Subject: a", b"\r\n a", id="one folded header"),
        pytest.param(b"", b"A: b\r\n", id="many headers"),
        pytest.param(b"", b"From: \xcd\xf5\r\n", id="many senders in a charset that nothing names"),
        pytest.param(b"From: ", b"(", id="comments in comments"),
        pytest.param(b"From: ", b'"a', id="quotes"),
        pytest.param(b"Content-Type: text/plain;", b" name*1*=%41;", id="parameters in sections"),
        pytest.param(b"Content-Type: multipart/mixed; boundary=b", b";", id="semicolons"),
        pytest.param(MULTIPART, b"--b\r\n\r\nx\r\n", id="parts"),
        pytest.param(MULTIPART + b"--b\r\n\r\n", b"--b-\r\n", id="almost a boundary"),
        pytest.param(MULTIPART + b"--b\r\n", b"A: b\r\n", id="headers of a part"),
        pytest.param(DEEP + b"\r\n", b"a line of it\r\n", id="lines 49 levels deep"),
        pytest.param(DEEP + b"\r\n", b"--\r\n", id="hyphens 49 levels deep"),
        pytest.param(REPORT, b"Final-Recipient: rfc822; a@x.example\r\n\r\n", id="blocks of a delivery report"),
        pytest.param(BASE64, b"!a=\r\n", id="noise in base64"),
        pytest.param(UUENCODED, b"M" + b"a" * 60 + b"\n", id="uuencode"),
        pytest.param(HTML, b"<", id="open brackets"),
        pytest.param(HTML, b"<table><tr><td>a", id="tables in tables"),
        pytest.param(PLAIN, bytes(range(128, 256)) + b"\n", id="lines of no charset"),
        pytest.param(PLAIN, b"\r", id="line ends"),
        pytest.param(PLAIN, b"From: a\n", id="quoted headers"),
        pytest.param(CALENDAR, b"SUMMARY:a\r\n b\r\n", id="summaries"),
    ],
)
def test_a_mail_of_25_mebibytes_is_read_in_five_seconds(head: bytes, piece: bytes) -> None:
    original = head + piece * ((LARGEST - len(head)) // len(piece))
    began = process_time()
    mail = read_mail(original, source="support", key="7.1", received_at=NOON, ourselves=Ourselves())
    assert process_time() - began < SECONDS
    assert mail.content_key
