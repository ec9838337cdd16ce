"""After a long outage old notices become one letter; words of people and standing work go out whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from immutables import Map

from rules.decide import decide
from rules.letter import Letter, Template
from rules.letters.digest import Merged, OldLetter, merge_letters
from tests.samples import ALICE, FACTS, LI, NOW, RULEBOOK, WANG, a_mail

if TYPE_CHECKING:
    from rules.letter import Value
    from rules.ticket import Ticket


def a_ticket(number: int = 1, **changes: object) -> Ticket:
    ticket = decide(a_mail(ALICE), FACTS, RULEBOOK, NOW).ticket
    assert ticket is not None
    return replace(ticket, id=number, number=f"202611-{number:03}", assignee=LI, **changes)  # type: ignore[arg-type]


def old(number: int, template: Template, ticket: Ticket | None = None, *, to: str = LI) -> OldLetter:
    ticket = ticket or a_ticket(number)
    ours: dict[str, Value] = {"ticket_subject": "VPN", "priority": "P3", "rank": 2, "desk_name": "Desk"}
    data = Map({"number": ticket.number, **ours})
    return OldLetter(number, ticket, Letter(to=to, template=template, language="en", data=data))


def merged(*letters: OldLetter) -> Merged:
    result = merge_letters(letters)
    assert result is not None
    return result


def test_several_notices_become_one_letter_that_names_each() -> None:
    result = merged(old(1, "warning"), old(2, "escalated"), old(3, "repeated"))
    assert result.digest is not None
    assert result.digest.template == "digest"
    assert result.digest.data["notices"] == (
        ("202611-001 VPN", "warning"),
        ("202611-002 VPN", "escalated"),
        ("202611-003 VPN", "repeated"),
    )
    assert result.digest.data["rank"] == 2
    assert result.unsent == {1: "", 2: "", 3: ""}
    assert result.ticket == 3


def test_many_of_one_kind_about_one_ticket_are_one_line() -> None:
    ticket = a_ticket(7)
    result = merged(*(old(n, "repeated", ticket) for n in range(50)))
    assert result.digest is not None
    assert result.digest.data["notices"] == (("202611-007 VPN", "repeated"),)


def test_a_single_notice_goes_out_as_it_is() -> None:
    assert merge_letters([old(1, "warning"), old(2, "assigned")]) is None


def test_what_a_person_wrote_goes_out_whole() -> None:
    assert merge_letters([old(1, "answer"), old(2, "message"), old(3, "resolved"), old(4, "asked")]) is None


def test_an_assignment_goes_out_whole_while_the_work_is_still_his() -> None:
    done, others = a_ticket(3, status="closed"), replace(a_ticket(4), assignee=WANG)
    result = merged(old(1, "assigned"), old(2, "assigned"), old(3, "assigned", done), old(4, "assigned", others))
    assert set(result.unsent) == {3, 4}


def test_a_receipt_before_the_solution_is_not_sent_any_more() -> None:
    ticket = a_ticket(1, status="resolved")
    result = merged(old(1, "receipt", ticket, to=ALICE), old(2, "resolved", ticket, to=ALICE))
    assert result.digest is None
    assert result.unsent == {1: "a later letter of the ticket says more"}


def test_what_has_lost_its_sense_is_dropped_with_the_reason() -> None:
    closed = a_ticket(1, status="closed")
    result = merged(old(1, "warning", closed), old(2, "reminder", closed, to=ALICE))
    assert result.digest is None
    assert result.unsent == {
        1: "its time has passed: the ticket is closed",
        2: "nothing is waited for any more: the ticket is closed",
    }


def test_a_digest_that_grew_old_itself_is_taken_into_the_next() -> None:
    first = merged(old(1, "warning"), old(2, "escalated")).digest
    assert first is not None
    result = merged(OldLetter(9, a_ticket(2), first), old(10, "repeated"))
    assert result.digest is not None
    assert len(result.digest.data["notices"]) == 3  # type: ignore[arg-type]
