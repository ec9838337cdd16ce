"""Delivery reports land on their letters, and an address that does not work is written to no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import Engine, transaction
from rules.facts import SentLetter
from rules.report import Address, Bounce, Mail
from rules.token import make_bounce_token
from tests.daemon.desks import StandingDesk
from tests.samples import ALICE, BOB, DAY, KEYS, LI, MALLORY, a_mail


@pytest.fixture
def desk(writer: Engine) -> StandingDesk:
    return StandingDesk(writer)


def letters(writer: Engine, **columns: Any) -> list[Any]:
    with transaction(writer) as connection:
        return list(connection.execute(select(schema.letters).filter_by(**columns).order_by(schema.letters.c.id)).all())


def a_bounce(n: int, *, about: str | None = None, to: str = "support@desk.example", hard: bool = True) -> Mail:
    mail = a_mail(MALLORY, "Undelivered Mail Returned to Sender", n=n, auto="bounce")
    bounce = Bounce(recipient=ALICE, hard=hard, status="5.1.1" if hard else "4.2.2", message_id=about)
    return _to(mail, to, bounce)


def _to(mail: Mail, to: str, bounce: Bounce | None) -> Mail:
    return replace(mail, to=(Address(to),), bounce=bounce)


def signed(letter: int) -> str:
    return f"support+{make_bounce_token(KEYS, letter)}@desk.example"


def bounce_three(desk: StandingDesk, writer: Engine) -> None:
    subjects = ("printer jam", "vpn slow", "monitor dark")
    desk.receive(*(a_mail(ALICE, one, f"{one} here", n=n, verified=True) for n, one in enumerate(subjects, 1)))
    receipts = letters(writer, template="receipt", recipient=ALICE)
    desk.receive(*(a_bounce(50 + n, about=row.message_id) for n, row in enumerate(receipts)))


def test_after_three_hard_bounces_nothing_is_sent_and_staff_hear_of_it_once(desk: StandingDesk, writer: Engine) -> None:
    bounce_three(desk, writer)
    assert [row.state for row in letters(writer, template="receipt", recipient=ALICE)] == ["bounced"] * 3
    notices = letters(writer, template="notice")
    assert len(notices) == 1
    assert "3 letters came back for good" in notices[0].data["reason"]
    desk.receive(a_mail(ALICE, "badge lost", "my badge is lost", n=70))
    (last,) = letters(writer, template="receipt", recipient=ALICE, state="held")
    assert "rests since 2026-11-23" in last.reply


def test_a_mail_that_is_proven_wakes_the_address_and_a_forged_one_does_not(desk: StandingDesk, writer: Engine) -> None:
    bounce_three(desk, writer)
    desk.receive(a_mail(ALICE, "badge lost", "my badge is lost", n=70))
    assert letters(writer, template="receipt", recipient=ALICE)[-1].state == "held"
    desk.clock.move(DAY)
    desk.receive(a_mail(ALICE, "chair broken", "my chair broke", n=71, verified=True))
    assert letters(writer, template="receipt", recipient=ALICE)[-1].state == "queued"


def test_the_same_letter_that_comes_back_twice_counts_once(desk: StandingDesk, writer: Engine) -> None:
    desk.receive(a_mail(ALICE, "printer jam", "paper", n=1, verified=True))
    (receipt,) = letters(writer, template="receipt")
    first, *again = desk.receive(*(a_bounce(50 + n, about=receipt.message_id) for n in range(4)))
    assert first.bounced == receipt.message_id
    assert {one.bounced for one in again} == {None}
    assert letters(writer, template="notice") == []


def test_a_report_to_the_signed_address_finds_its_letter_without_a_message_id(
    desk: StandingDesk, writer: Engine
) -> None:
    desk.receive(a_mail(ALICE, "printer jam", "paper", n=1, verified=True))
    (receipt,) = letters(writer, template="receipt")
    (decision,) = desk.receive(a_bounce(50, to=signed(receipt.id)))
    assert (decision.verdict, decision.bounced) == ("bounce", receipt.message_id)


def test_what_comes_to_the_signed_address_is_a_report_though_it_does_not_look_like_one(
    desk: StandingDesk, writer: Engine
) -> None:
    desk.receive(a_mail(ALICE, "printer jam", "paper", n=1, verified=True))
    (receipt,) = letters(writer, template="receipt")
    odd = _to(a_mail("gateway@mx.example", "Your message", "could not be handed over", n=50), signed(receipt.id), None)
    (decision,) = desk.receive(odd)
    assert (decision.verdict, decision.bounced, decision.ticket and decision.ticket.id) == ("bounce", None, 1)


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param({"about": "<d1.k1.1.1.00000000000000000000000000000000@desk.example>"}, id="a guessed Message-ID"),
        pytest.param({"to": "support+b1-k1-1-00000000000000000000@desk.example"}, id="a guessed mark"),
        pytest.param({"about": None}, id="nothing at all"),
    ],
)
def test_a_forged_report_changes_nothing(desk: StandingDesk, writer: Engine, forged: dict[str, Any]) -> None:
    desk.receive(a_mail(ALICE, "printer jam", "paper", n=1, verified=True))
    decisions = desk.receive(*(a_bounce(50 + n, **forged) for n in range(5)))
    assert {one.reasons for one in decisions} == {("a delivery report about no letter of ours",)}
    assert {row.state for row in letters(writer)} == {"queued"}


def test_a_refusal_that_says_no_such_user_counts_like_a_bounce(desk: StandingDesk, writer: Engine) -> None:
    subjects = ("printer jam", "vpn slow", "monitor dark")
    desk.receive(*(a_mail(ALICE, one, f"{one} here", n=n, verified=True) for n, one in enumerate(subjects, 1)))
    for ticket in (1, 2, 3):
        with transaction(writer) as connection:
            failed = (SentLetter(ticket, ALICE, "receipt"), "550 5.1.1 no such user")
            desk.desk.tell_undelivered(connection, [failed])
    assert len(letters(writer, template="notice")) == 1


def test_when_the_assignee_cannot_be_reached_the_lead_hears_of_it(desk: StandingDesk, writer: Engine) -> None:
    desk.receive(*(a_mail(BOB, f"VPN {n}", "the vpn is down", n=n, verified=True) for n in range(1, 3)))
    with transaction(writer) as connection:
        assignee = connection.execute(select(schema.tickets.c.assignee).where(schema.tickets.c.id == 1)).scalar_one()
    assert assignee == LI
    for _ in range(3):
        with transaction(writer) as connection:
            desk.desk.tell_undelivered(connection, [(SentLetter(1, LI, "assigned"), "550 5.1.1 no such user")])
    assert [row.recipient for row in letters(writer, template="notice")] == ["chen@desk.example"]
