"""A forward opens a ticket of its own, linked to the one out of whose thread it came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rules.decide import decide
from rules.facts import Facts, apply
from rules.report import Forward, Mail
from rules.token import make_message_id
from tests.samples import ALICE, BOB, FACTS, KEYS, LI, MALLORY, NOW, RULEBOOK, a_mail

if TYPE_CHECKING:
    from rules.decision import Decision

FORWARD = Forward("the subject's prefix", "Grace Hopper <grace@customer.example>")
QUOTED = "Please look.\n\nFrom: Grace Hopper <grace@customer.example>\n\nThe printer of room 9 jams."


def letter_to(recipient: str) -> str:
    return make_message_id(KEYS, ticket=1, serial=5, recipient=recipient, domain="desk.example")


def forwarded_by(sender: str, text: str = "Please look.", *, references: tuple[str, ...] = ()) -> Mail:
    mail = a_mail(sender, "Fwd: VPN", text, n=2, references=references or (letter_to(sender),))
    return replace(mail, forward=FORWARD, full_text=QUOTED if text == "Please look." else text)


def open_first() -> Facts:
    mail = a_mail(ALICE, n=1)
    return apply(FACTS, mail, decide(mail, FACTS, RULEBOOK, NOW))


OPENED = open_first()


def decide_on(mail: Mail) -> Decision:
    return decide(mail, OPENED, RULEBOOK, NOW)


@pytest.mark.parametrize("sender", [ALICE, LI])
def test_a_forward_out_of_a_thread_opens_a_linked_ticket(sender: str) -> None:
    decision = decide_on(forwarded_by(sender))
    ticket = decision.ticket
    assert ticket is not None
    assert (decision.verdict, ticket.id, ticket.forwarded_from) == ("opened", 2, 1)
    assert any("out of ticket 202611-001" in reason for reason in decision.reasons)


def test_the_requester_is_who_forwards_and_whom_the_copy_names_is_only_told() -> None:
    decision = decide_on(forwarded_by(LI))
    assert decision.ticket is not None
    assert decision.ticket.requester == LI
    assert not decision.ticket.participant("grace@customer.example")
    assert any("grace@customer.example" in reason for reason in decision.reasons)
    assert all(letter.to != "grace@customer.example" for letter in decision.letters)


def test_what_is_handed_on_is_what_the_ticket_is_judged_by() -> None:
    decision = decide_on(forwarded_by(BOB))
    assert decision.ticket is not None
    assert "printer" in decision.ticket.summary


def test_an_answer_is_appended_though_it_lies_in_the_same_thread() -> None:
    assert decide_on(replace(forwarded_by(ALICE), forward=None)).verdict == "appended"


def test_a_command_on_a_forwarded_letter_means_its_ticket() -> None:
    mail = replace(forwarded_by(LI, "!note the cable is ordered"), verified=True)
    decision = decide_on(mail)
    assert (decision.verdict, decision.ticket and decision.ticket.id) == ("command", 1)


def test_a_command_within_what_is_handed_on_is_not_obeyed() -> None:
    mail = replace(forwarded_by(LI), full_text="Please look.\n\n!resolve done", verified=True)
    assert decide_on(mail).verdict == "opened"


def test_a_stranger_with_somebody_elses_letter_gets_no_link() -> None:
    decision = decide_on(forwarded_by(MALLORY, references=(letter_to(ALICE),)))
    assert decision.ticket is not None
    assert (decision.ticket.id, decision.ticket.forwarded_from) == (2, None)
