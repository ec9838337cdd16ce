"""Delivery reports, standard and not."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.machine_mail.bounces import delivery_report
from ingest.mail.addresses import only_address
from ingest.mail.body import read_body
from ingest.mail.headers import Headers
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from rules.report import Bounce

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def read(mail: str) -> tuple[Bounce | None, str]:
    message = message_from_string(mail)
    headers = Headers(message)
    sender = only_address(headers.all_raw("from"))
    return delivery_report(message, headers, sender, headers.text("subject"), read_body(message).text)


def standard(status: str) -> str:
    return f"""From: Mail Delivery System <mailer-daemon@mx.example>
Subject: Undelivered
Message-ID: <report@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I could not deliver your mail.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{status}

--b
Content-Type: text/rfc822-headers

Message-ID: <letter@desk.example>
Subject: Your ticket

--b--
"""


FAILED = (
    "Final-Recipient: rfc822; ada@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown"
)


def test_the_id_of_a_letter_is_printable_ascii() -> None:
    part = "Content-Type: text/rfc822-headers\n\nMessage-ID: <letter{}@desk.example>\n"
    ids = []
    for odd in (".1", "\0", "\x7f"):
        bounce, _ = read(f"From: mailer-daemon@mx.example\nSubject: Undelivered Mail\n{part.format(odd)}")
        ids.append(bounce and bounce.message_id)
    assert ids == ["<letter.1@desk.example>", None, None]


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(standard(FAILED.replace("ada@", "林@")), id="in the status part (RFC 6533)"),
        pytest.param("From: mailer-daemon@mx.example\nX-Failed-Recipients: 林@x.example\n\nfailed", id="in a header"),
    ],
)
def test_the_name_of_a_recipient_may_be_chinese(mail: str) -> None:
    message = message_from_bytes(mail.encode())
    bounce, _ = delivery_report(message, Headers(message), None, "", "")
    assert bounce is not None
    assert bounce.recipient == "林@x.example"


def test_a_standard_report_tells_recipient_status_and_letter() -> None:
    bounce, evidence = read(standard(FAILED))
    assert bounce == Bounce("ada@x.example", hard=True, status="5.1.1", message_id="<letter@desk.example>")
    assert "RFC 3464" in evidence


@pytest.mark.parametrize(
    ("status", "hard", "code"),
    [
        pytest.param(
            "Final-Recipient: rfc822;a@x.example\nAction: delayed\nStatus: 4.4.1", False, "4.4.1", id="delayed"
        ),
        pytest.param(
            "Final-Recipient: rfc822;a@x.example\nAction: failed\nStatus: 4.4.7", False, "4.4.7", id="given up"
        ),
        pytest.param(
            "Final-Recipient: rfc822;a@x.example\nAction: failed\nStatus: 5.2.2", True, "5.2.2", id="permanent"
        ),
    ],
)
def test_hard_is_what_the_status_calls_permanent(status: str, hard: bool, code: str) -> None:
    bounce, _ = read(standard(status))
    assert bounce is not None
    assert (bounce.hard, bounce.status) == (hard, code)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_a_report_and_no_bounce(action: str) -> None:
    bounce, evidence = read(standard(f"Final-Recipient: rfc822; a@x.example\nAction: {action}\nStatus: 2.0.0"))
    assert bounce is None
    assert action in evidence


def plain(body: str, **fields: str) -> str:
    return "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items()) + f"\n{body}\n"


@pytest.mark.parametrize(
    ("mail", "recipient", "hard"),
    [
        pytest.param(
            plain("unknown\n", From="x@y.example", Subject="hm", X_Failed_Recipients="ada@x.example"),
            "ada@x.example",
            True,
            id="a header of Exim",
        ),
        pytest.param(
            plain("<ada@x.example>:\n550 no such user", From="MAILER-DAEMON@mx.example", Subject="failure notice"),
            "ada@x.example",
            True,
            id="qmail",
        ),
        pytest.param(
            plain(
                "邮箱 ada@x.example 已满 452 4.2.2 full",
                From="Postmaster@qq.example",
                Subject="系统退信/Systems bounce",
            ),
            "ada@x.example",
            False,
            id="a Chinese provider, for now",
        ),
        pytest.param(
            plain(
                "Sorry: ada@x.example user unknown", From="robot <r@mx.example>", Return_Path="<>", Subject="Problem"
            ),
            "ada@x.example",
            True,
            id="a null sender and a complaint",
        ),
        pytest.param(
            plain(
                "Still trying ada@x.example",
                From="postmaster@mx.example",
                Subject="Delivery Status Notification (Delay)",
            ),
            "ada@x.example",
            False,
            id="no code, but words of patience",
        ),
    ],
)
def test_a_report_outside_the_standard_is_read_by_its_words(mail: str, recipient: str, hard: bool) -> None:
    bounce, evidence = read(mail)
    assert bounce is not None
    assert (bounce.recipient, bounce.hard) == (recipient, hard)
    assert evidence


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(
            plain("It says 550 user unknown", From="ada@x.example", Subject="Mail delivery failed"), id="a person asks"
        ),
        pytest.param(
            plain("See below", From="postmaster@x.example", Subject="Re: Undeliverable"), id="a postmaster answers"
        ),
        pytest.param(plain("The disk is full", From="root@x.example", Subject="Cron"), id="a machine that mails"),
        pytest.param(
            plain("I cannot deliver mail to ada@y.example", From="administrator@x.example", Subject="A question"),
            id="an administrator asks",
        ),
        pytest.param(
            plain("On its way to ada@x.example", From="noreply@parcels.example", Subject="Delivery notification"),
            id="a parcel",
        ),
        pytest.param(plain("ok", From="noreply@x.example", Subject="Your account is disabled"), id="a notification"),
    ],
)
def test_ordinary_mail_is_no_bounce(mail: str) -> None:
    assert read(mail) == (None, "")


def read_samples() -> Iterator[tuple[str, str, bytes]]:
    """What each shows, what is expected (recipient, hard or soft, status, the letter), and the bytes of the report."""
    for sample in (Path(__file__).parent / "bounces_written.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        name, expected, mail = sample.split("\n", 2)
        head, _, body = mail.partition("\n\n")
        charset = "gb18030" if "charset=gb" in head else "utf-8"
        yield name, expected, head.encode() + b"\n\n" + body.encode(charset)


@pytest.mark.parametrize(
    ("expected", "report"), [pytest.param(expected, report, id=name) for name, expected, report in read_samples()]
)
def test_the_reports_of_many_mail_systems_are_read(expected: str, report: bytes) -> None:
    mail = read_mail(report, source="s", key="k", received_at=NOW, ourselves=Ourselves())
    assert mail.auto == "bounce"
    assert mail.bounce is not None
    told = (mail.bounce.recipient, "hard" if mail.bounce.hard else "soft", mail.bounce.status, mail.bounce.message_id)
    assert " ".join(each or "-" for each in told) == expected


def test_flufl_is_asked_where_our_own_patterns_know_nothing() -> None:
    text = "failed addresses follow:\nada@x.example\nmessage text follows:\n"
    report = plain(text, From="mailer-daemon@odd.example", Subject="Your mail")
    bounce, evidence = read(report)
    assert bounce is not None
    assert (bounce.recipient, "flufl" in evidence) == ("ada@x.example", True)


@pytest.mark.parametrize("text", ["", "uu: M1234@#x", "Dear all,\n\nthe relay moves on Monday.\n\nThe postmaster"])
def test_a_mail_systems_other_mail_is_no_bounce(text: str) -> None:
    assert read(plain(text, From="postmaster@x.example", Subject="News")) == (None, "")
