"""Whether a machine wrote a mail, and what told."""

from __future__ import annotations

from email import message_from_string

import pytest

from ingest.automatic import automatic
from ingest.headers import Headers
from rules.report import Address

ADA = Address("ada@x.example", "Ada")
DESK = frozenset({"support@desk.example"})


def told(fields: str, *, subject: str = "Printer", sender: Address | None = ADA) -> tuple[str | None, str]:
    return automatic(Headers(message_from_string(fields + "\n\n")), sender, subject, DESK)


@pytest.mark.parametrize(
    ("fields", "auto"),
    [
        ("Auto-Submitted: auto-replied", "reply"),
        ("Auto-Submitted: auto-generated (by cron)", "reply"),
        ("Precedence: auto_reply", "reply"),
        ("X-Autoreply: yes", "reply"),
        ("X-Autorespond: away", "reply"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "reply"),
        ("Content-Type: multipart/report; report-type=feedback-report; boundary=b", "reply"),
        ("List-Id: <staff.x.example>", "list"),
        ("Precedence: bulk", "list"),
        ("Precedence: List", "list"),
        ("X-Deskd-Instance: d1", "own"),
    ],
)
def test_a_header_tells_that_a_machine_wrote(fields: str, auto: str) -> None:
    kind, reason = told(fields)
    assert kind == auto
    assert reason


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param("Auto-Submitted: no", id="the header says no"),
        pytest.param("X-Auto-Response-Suppress: All", id="Exchange writes this on mail of people too"),
        pytest.param("X-Autoreply: no", id="the other header says no"),
        pytest.param("Precedence: first-class", id="an old priority"),
        pytest.param("In-Reply-To: <a@b>", id="an answer"),
    ],
)
def test_a_person_is_not_taken_for_a_machine(fields: str) -> None:
    assert told(fields) == (None, "")


@pytest.mark.parametrize(
    "subject",
    ["Automatic reply: Printer", "自动回复: 打印机", "自動回覆：印表機", "Out of Office: Printer", "Re: 自动回复"],
)
def test_an_absence_in_the_subject_needs_a_second_sign(subject: str) -> None:
    assert told("From: a@x.example", subject=subject) == (None, "")
    assert told("In-Reply-To: <a@b>", subject=subject)[0] == "reply"


def test_our_own_address_is_never_answered() -> None:
    assert told("From: x", sender=Address("support@desk.example"))[0] == "own"


def test_an_answer_by_a_machine_on_a_list_is_a_reply() -> None:
    assert told("List-Id: <a.b>\nAuto-Submitted: auto-replied")[0] == "reply"
