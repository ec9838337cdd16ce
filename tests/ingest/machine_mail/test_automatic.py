"""Whether a machine wrote a mail, and what told."""

from __future__ import annotations

from email import message_from_string

import pytest

from ingest.machine_mail.automatic import automatic
from ingest.mail.headers import Headers
from rules.report import Address

ADA = Address("ada@x.example", "Ada")
DESK = frozenset({"support@desk.example"})


def told(
    fields: str, *, subject: str = "Printer", text: str = "It is jammed.", sender: Address | None = ADA
) -> tuple[str | None, str]:
    message = message_from_string(f"{fields}\n\n{text}")
    return automatic(message, Headers(message), sender, subject, text, DESK)


@pytest.mark.parametrize(
    ("fields", "auto"),
    [
        ("Auto-Submitted: auto-replied", "reply"),
        ("Auto-Submitted: auto-generated (by cron)", "list"),
        ("Auto-Submitted: auto-notified", "list"),
        ("Auto-Submitted: auto-generated\nIn-Reply-To: <a@b>", "reply"),
        ("Auto-Submitted: unheard-of", "reply"),
        ("X-Auto-Reply-From: ada@x.example", "reply"),
        ("X-BoxTrapper: id", "reply"),
        ("Content-Type: text/calendar; method=REPLY", "reply"),
        ("X-Cron-Env: <LANG=C>", "list"),
        ("Return-Path: <>", "list"),
        ("Feedback-ID: a:b:c", "list"),
        ("List-Unsubscribe-Post: List-Unsubscribe=One-Click\nTo: support@desk.example", "list"),
        ("Precedence: junk", "list"),
        ("X-Loop: support@desk.example", "own"),
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
        pytest.param("List-Id: <staff.x.example>\nTo: support@desk.example", id="to us, through a list"),
        pytest.param("List-Id: <a.b>\nPrecedence: list\nTo: x@y.example\nCc: support@desk.example", id="a copy to us"),
        pytest.param(
            "List-Id: Support <support.desk.example>\nPrecedence: list", id="through a group that is our address"
        ),
        pytest.param("List-Post: <mailto:support@desk.example>", id="through a group that others may post to"),
        pytest.param("Return-Path: <ada@x.example>", id="an envelope sender"),
        pytest.param("Content-Type: text/calendar; method=REQUEST", id="an invitation"),
        pytest.param("X-Loop: somebody@else.example", id="another system's mark"),
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


@pytest.mark.parametrize("address", ["noreply@x.example", "no-reply+42@x.example", "mailer.do-not-reply@x.example"])
def test_nobody_reads_what_is_sent_to_such_an_address(address: str) -> None:
    assert told("To: support@desk.example", sender=Address(address))[0] == "list"


@pytest.mark.parametrize("address", ["norepa@x.example", "nora.reply@x.example", "ron@x.example"])
def test_people_have_names_that_begin_like_it(address: str) -> None:
    assert told("To: support@desk.example", sender=Address(address)) == (None, "")


@pytest.mark.parametrize(
    ("fields", "subject", "text"),
    [
        pytest.param("In-Reply-To: <a@b>", "自动回复：您的工单", "我在休假。", id="QQ"),
        pytest.param("X: y", "自动回复: [202611-001] 打印机", "收到", id="the number of a ticket"),
        pytest.param("X: y", "自动答复: 打印机", "您好，我正在休假，12月1日回来。", id="its text"),
        pytest.param("X: y", "Out of Office", "Hi,\n\nI am out of the office until Monday.", id="English text"),
        pytest.param(
            "X: y", "Abwesenheitsnotiz: Drucker", "Guten Tag,\nich bin bis Montag nicht im Büro.", id="German"
        ),
        pytest.param("X-Auto-Response-Suppress: All", "Réponse automatique : Imprimante", "x", id="Exchange in French"),
        pytest.param("In-Reply-To: <a@b>", "Automatisch antwoord: Printer", "x", id="Exchange in Dutch"),
        pytest.param("In-Reply-To: <a@b>", "已读: 您的工单", "x", id="a read receipt in Chinese"),
        pytest.param("References: <a@b>", "Your email requires verification verify#x", "x", id="BoxTrapper"),
    ],
)
def test_who_is_away_is_not_answered(fields: str, subject: str, text: str) -> None:
    kind, reason = told(fields, subject=subject, text=text)
    assert (kind, bool(reason)) == ("reply", True)


@pytest.mark.parametrize(
    ("fields", "subject", "text"),
    [
        pytest.param("In-Reply-To: <a@b>", "Re: Out of office assistant is broken", "Still.", id="an answer about it"),
        pytest.param("X: y", "出差 VPN 连不上", "我正在出差，VPN 连不上。", id="trouble on a journey"),
        pytest.param("X: y", "Automatic reply: how do I set it?", "Please tell me.", id="a question about it"),
        pytest.param(
            "In-Reply-To: <a@b>", "Re: Please confirm your email address", "It is right.", id="a confirmation"
        ),
        pytest.param("In-Reply-To: <a@b>", "回复：请确认邮件", "已确认。", id="a confirmation in Chinese"),
    ],
)
def test_who_writes_about_it_is_answered(fields: str, subject: str, text: str) -> None:
    assert told(fields, subject=subject, text=text) == (None, "")
