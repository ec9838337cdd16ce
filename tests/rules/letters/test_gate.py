"""What the gate lets go, lets wait and holds back, each with a reason that staff can read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from immutables import Map

from rules.directory import Contact, Directory
from rules.language.sayings import say
from rules.letter import Letter
from rules.letters.gate import Gate, Past, is_machine
from rules.sections.desk import LetterRules
from tests.samples import ALICE, BOB, HOUR, LI, NOW, STAFF

if TYPE_CHECKING:
    from rules.letter import Template

DESK = "support@desk.example"
RULES = LetterRules(
    replies_per_hour=2,
    replies_per_day=3,
    receipts_per_ticket=2,
    ticket_per_day=4,
    news_per_hour=2,
    staff_per_hour=3,
    desk_per_hour=5,
)


def a_gate(past: Past = Past(), *, rules: LetterRules = RULES, known: tuple[str, ...] = ()) -> Gate:  # noqa: B008 - frozen
    return Gate(
        past=past,
        rules=rules,
        staff=STAFF,
        directory=Directory(Map({address: Contact(address=address) for address in known})),
        own=frozenset({DESK}),
        now=NOW,
    )


def letter(template: Template, to: str = ALICE) -> Letter:
    return Letter(to=to, template=template, language="en")


def test_two_receipts_in_an_hour_go_and_the_third_is_held_with_the_reason() -> None:
    gate = a_gate()
    judged = [gate.judge(letter("receipt"), ticket) for ticket in (1, 2, 3)]
    assert [one.held for one in judged] == ["", "", say("held-hour", address=ALICE, count=2)]


def test_who_was_answered_so_often_on_one_ticket_gets_only_what_people_write_on_it() -> None:
    gate = a_gate(Past(used=Map({("receipts/week", ALICE, 1): 2})))
    assert gate.judge(letter("progress"), 1).held == say("held-week", address=ALICE, count=2)
    assert not gate.judge(letter("answer"), 1).held
    assert not gate.judge(letter("receipt"), 2).held


def test_answers_in_the_thread_are_no_sign_of_a_machine() -> None:
    gate = a_gate(rules=LetterRules(replies_per_hour=99))
    assert all(not gate.judge(letter("again"), 1).held for _ in range(8))


def test_what_a_person_wrote_is_never_held() -> None:
    gate = a_gate()
    assert all(not gate.judge(letter("answer"), 1).held for _ in range(50))
    assert not gate.judge(letter("answer", "no-reply@shop.example"), 1).held


def test_an_outage_of_many_people_brings_each_his_receipt_and_his_resolution() -> None:
    gate = a_gate(rules=LetterRules())
    people = [f"user{n}@corp.example" for n in range(500)]
    judged = [gate.judge(letter(template, one), 1) for template in ("receipt", "resolved") for one in people]
    assert all(not one.held and one.not_before is None for one in judged)


def test_somebody_whom_the_people_file_knows_is_answered_five_times_as_often() -> None:
    gate = a_gate(known=(ALICE,))
    held = [bool(gate.judge(letter("receipt"), ticket).held) for ticket in range(11)]
    assert held == [False] * 10 + [True]


def test_a_requester_gets_so_many_letters_about_one_ticket_in_a_day() -> None:
    gate = a_gate()
    held = [bool(gate.judge(letter("progress"), 1).held) for _ in range(5)]
    assert held == [False] * 4 + [True]
    assert not gate.judge(letter("progress"), 2).held


def test_news_to_staff_is_held_and_an_escalation_never() -> None:
    gate = a_gate()
    held = [bool(gate.judge(letter("repeated", LI), 1).held) for _ in range(3)]
    assert held == [False, False, True]
    for _ in range(100):
        urgent = gate.judge(letter("escalated", LI), 1)
        assert not urgent.held
        assert urgent.not_before is None


def test_what_the_desk_writes_beyond_its_hour_waits_for_the_next_and_is_not_lost() -> None:
    gate = a_gate(Past(desk=4))
    first, second = gate.judge(letter("receipt"), 1), gate.judge(letter("receipt", BOB), 2)
    assert first.not_before is None
    assert (second.held, second.not_before) == ("", NOW + HOUR)


def test_what_is_too_much_for_several_hours_is_spread_over_them() -> None:
    gate = a_gate()
    waits = [gate.judge(letter("receipt", f"{n}@desk.example"), n).not_before for n in range(1, 14)]
    assert waits == [None] * 5 + [NOW + HOUR] * 5 + [NOW + 2 * HOUR] * 3


def test_news_to_one_of_the_staff_is_spread_over_the_hours_too() -> None:
    gate = a_gate()
    waits = [gate.judge(letter("message", LI), n).not_before for n in range(1, 8)]
    assert waits == [None] * 3 + [NOW + HOUR] * 3 + [NOW + 2 * HOUR]


def test_a_flood_of_requesters_keeps_no_letter_to_staff_waiting() -> None:
    gate = a_gate(Past(desk=10_000))
    assert gate.judge(letter("assigned", LI), 1).not_before is None


def test_staff_beyond_their_hour_get_work_at_once_and_news_an_hour_later() -> None:
    gate = a_gate(Past(used=Map({("others/hour", LI, 0): 3})))
    assert [gate.judge(letter(work, LI), 1).not_before for work in ("assigned", "reopened", "complaint")] == [None] * 3
    assert gate.judge(letter("message", LI), 2).not_before == NOW + HOUR


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("MAILER-DAEMON@mx.example", id="the mail system"),
        pytest.param("postmaster@mx.example", id="its keeper, whose mail is mostly reports"),
        pytest.param("noreply@shop.example", id="noreply"),
        pytest.param("no-reply+4711@shop.example", id="no-reply with a detail"),
        pytest.param("do_not_reply@shop.example", id="do_not_reply"),
        pytest.param("bounces+x=y@list.example", id="a bounce address"),
        pytest.param("root@db1.example", id="root of a machine"),
    ],
)
def test_a_machine_is_known_by_its_address_and_gets_no_receipt(address: str) -> None:
    assert is_machine(address)
    assert a_gate().judge(letter("receipt", address), 1).held == say("held-machine", address=address)


@pytest.mark.parametrize(
    "address", ["noreen@corp.example", "rooty@corp.example", "reply@corp.example", "李@corp.example"]
)
def test_people_are_no_machines(address: str) -> None:
    assert not is_machine(address)


def test_nothing_is_sent_to_our_own_addresses() -> None:
    assert a_gate().judge(letter("answer", DESK), 1).held == say("held-own", address=DESK)


def test_staff_hear_of_each_held_recipient_once_in_a_day() -> None:
    gate = a_gate(Past(held=frozenset({BOB})))
    held = replace(letter("receipt"), held="too many")
    assert [gate.is_news(held), gate.is_news(held), gate.is_news(replace(held, to=BOB))] == [True, False, False]


def test_a_machine_that_gets_no_receipt_is_no_news() -> None:
    assert not a_gate().is_news(replace(letter("receipt", "noreply@shop.example"), held="a machine"))
