"""Somebody reports for another: who took a phone call, or an assistant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from immutables import Map

from rules.decide import decide
from rules.directory import Contact, Directory
from rules.facts import apply
from tests.samples import ALICE, BOB, FACTS, LI, NOW, RULEBOOK, a_mail

TEXT = "!for alice@corp.example\nShe called: the VPN is down."
DESK = replace(FACTS, commands_by_mail=True)
KNOWS_ALICE = replace(DESK, directory=Directory(Map({ALICE: Contact(address=ALICE, name="Alice Chen")})))


def test_an_engineer_who_took_a_call_reports_for_the_caller() -> None:
    decision = decide(a_mail(LI, "phone call", TEXT, verified=True), DESK, RULEBOOK, NOW)
    assert decision.ticket is not None
    assert decision.ticket.requester == ALICE
    assert [person.address for person in decision.ticket.participants] == [ALICE]
    assert (ALICE, "receipt") in {(letter.to, letter.template) for letter in decision.letters}
    assert "She called: the VPN is down." in decision.ticket.summary


def test_the_caller_is_called_by_the_name_of_the_people_file() -> None:
    decision = decide(a_mail(LI, "phone call", TEXT, verified=True), KNOWS_ALICE, RULEBOOK, NOW)
    assert decision.ticket is not None
    assert decision.ticket.participants[0].name == "Alice Chen"


def test_the_ticket_says_who_reported_it() -> None:
    decision = decide(a_mail(LI, "phone call", TEXT, verified=True), DESK, RULEBOOK, NOW)
    assert any("li@desk.example reports it for alice@corp.example" in str(event) for event in decision.events)


def test_an_assistant_reports_for_whom_the_people_file_knows() -> None:
    decision = decide(a_mail(BOB, "for my boss", TEXT, verified=True), KNOWS_ALICE, RULEBOOK, NOW)
    assert decision.ticket is not None
    assert decision.ticket.requester == ALICE


@pytest.mark.parametrize(
    ("sender", "text", "verified", "facts"),
    [
        pytest.param(BOB, TEXT, True, DESK, id="an assistant of somebody whom nobody knows"),
        pytest.param(LI, TEXT, False, DESK, id="an engineer whom the mail server does not prove"),
        pytest.param(LI, TEXT, True, FACTS, id="a desk whose mail server is not trusted"),
        pytest.param(LI, "!for nobody in particular\nVPN is down", True, DESK, id="what is no address"),
        pytest.param(LI, "The VPN is down !for alice@corp.example", True, DESK, id="a command that is not first"),
    ],
)
def test_who_writes_is_the_requester(sender: str, text: str, verified: bool, facts: object) -> None:
    decision = decide(a_mail(sender, "VPN", text, verified=verified), facts, RULEBOOK, NOW)  # type: ignore[arg-type]
    assert decision.ticket is not None
    assert decision.ticket.requester == sender


def test_who_reported_it_is_told_the_ticket() -> None:
    decision = decide(a_mail(LI, "phone call", TEXT, verified=True), DESK, RULEBOOK, NOW)
    (told,) = [letter for letter in decision.letters if letter.template == "transcript"]
    assert (told.to, told.data["lines"]) == (LI, (("!for", f"the requester is {ALICE}"),))


def test_a_second_call_about_the_same_is_told_the_ticket_too() -> None:
    first = a_mail(LI, "phone call", TEXT, verified=True)
    facts = apply(DESK, first, decide(first, DESK, RULEBOOK, NOW))
    again = decide(a_mail(LI, "phone call", TEXT, verified=True, n=2), facts, RULEBOOK, NOW)
    assert again.verdict == "repeated"
    assert (LI, "transcript") in {(letter.to, letter.template) for letter in again.letters}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("!for nobody in particular\nVPN is down", "not done: nobody is no address", id="no address"),
        pytest.param("!代报\nVPN is down", "not done: VPN is no address", id="nobody named"),
    ],
)
def test_an_engineer_is_told_why_the_ticket_is_his_own(text: str, answer: str) -> None:
    decision = decide(a_mail(LI, "phone call", text, verified=True), DESK, RULEBOOK, NOW)
    (told,) = [letter for letter in decision.letters if letter.template == "transcript"]
    assert told.data["lines"] == (("!for", answer),)


def test_why_an_assistant_may_not_is_among_the_reasons() -> None:
    decision = decide(a_mail(BOB, "for my boss", TEXT, verified=True), DESK, RULEBOOK, NOW)
    assert any("not in the people file" in reason for reason in decision.reasons)
    assert "transcript" not in {letter.template for letter in decision.letters}


def test_a_name_before_the_address_is_the_caller_s() -> None:
    text = "!for Alice Chen <Alice@corp.example>\nThe VPN is down."
    decision = decide(a_mail(LI, "phone call", text, verified=True), DESK, RULEBOOK, NOW)
    assert decision.ticket is not None
    assert decision.ticket.participants[0].name == "Alice Chen"
