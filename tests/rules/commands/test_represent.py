"""`!for ADDRESS`: a ticket is somebody else's than who reported it."""

from __future__ import annotations

import pytest

from rules.events import Represented
from tests.rules.commands.scene import letter, results, ticket_of, told, writes
from tests.samples import ALICE, BOB, LI

ADDRESSES = [
    pytest.param("bob@corp.example", id="alone"),
    pytest.param("Bob@CORP.example, by phone", id="in capitals, with words"),
    pytest.param("<bob@corp.example>", id="in angle brackets"),
    pytest.param('"Bob B." <bob@corp.example>', id="with a name"),
    pytest.param("bob@corp.example\nHe called at nine.", id="with lines below"),
]


@pytest.mark.parametrize("text", ADDRESSES)
def test_somebody_else_becomes_the_requester(text: str) -> None:
    decision = writes(f"!for {text}")
    ticket = ticket_of(decision)
    (event,) = [event for event in decision.events if isinstance(event, Represented)]
    assert (ticket.requester, event.by, event.relation) == (BOB, LI, "internal")
    assert {person.address for person in ticket.participants} == {ALICE, BOB}
    assert results(decision) == ("the requester is bob@corp.example",)


def test_he_gets_a_receipt_in_his_language_with_no_words_of_others() -> None:
    decision = writes("!for bob@corp.example he was rude on the phone")
    receipt = letter(decision, "receipt", BOB)
    assert (receipt.name, receipt.language, receipt.data["quoted"]) == ("Bob Brown", "zh-CN", "")
    assert receipt.data["respond_by"] == "2026-11-23 18:00"
    assert "rude" not in str(dict(receipt.data))
    assert told(decision) == {(BOB, "receipt")}


def test_the_words_behind_it_are_kept_inside() -> None:
    notes = [event for event in writes("!for bob@corp.example: he called").events if event.kind == "noted"]
    assert [(note.text, note.inside) for note in notes] == [("he called", True)]


def test_a_stranger_is_of_the_relation_that_his_domain_tells() -> None:
    ticket = ticket_of(writes("!for Eve Adams <eve.adams+vpn@customer.example>"))
    person = ticket.participant("eve.adams+vpn@customer.example")
    assert person is not None
    assert (person.name, person.counted, ticket.relation) == ("Eve Adams", False, "external")


NONE = [
    pytest.param("", id="nothing"),
    pytest.param("Bob", id="a name alone"),
    pytest.param("@corp.example", id="a domain alone"),
    pytest.param("bob@", id="no domain"),
    pytest.param("bob@corp..example", id="an empty part of a domain"),
    pytest.param("bob@corp.example@evil.example", id="two domains"),
    pytest.param("bob@-corp.example", id="a hyphen at the edge"),
    pytest.param("bob@例子.example", id="a domain that is no A-label"),
    pytest.param("bob@corp.example(x)", id="a comment"),
    pytest.param(f"{'b' * 65}@corp.example", id="too long a name"),
    pytest.param(f"{'.' * 4000}@", id="a flood"),
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_address_changes_nothing(text: str) -> None:
    decision = writes(f"!for {text}")
    assert "no address; write it like !for alice@corp.example" in results(decision)[0]
    assert ticket_of(decision).requester == ALICE
    assert {event.kind for event in decision.events} == {"reported"}


def test_who_is_the_requester_already_is_left_alone() -> None:
    assert results(writes("!for alice@corp.example")) == ("not done: alice@corp.example is the requester already",)
