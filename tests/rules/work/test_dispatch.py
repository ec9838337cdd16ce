"""Who works on a ticket: named by the desk or by the lead, another one, another line; and the clocks of that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from immutables import Map

from rules.change import Change
from rules.decide import decide
from rules.events import Assigned, HandedOver
from rules.people import Staff
from rules.work.dispatch import decide_assignment, give_to, give_to_somebody, hand_over
from rules.work.lines import find_line
from rules.work.moments import note_work
from rules.work.status import wait_for
from tests.samples import ALICE, CHEN, FACTS, HOUR, LI, MINUTE, NOW, STAFF, VPN_TEXT, WANG, ZHAO, a_mail, rulebook_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from rules.facts import Facts
    from rules.rulebook import Rulebook
    from rules.sections.desk import Line
    from rules.ticket import Ticket

LINES = """
[[lines]]
name = "first"
[[lines]]
name = "second"
team = "hardware"
[[lines]]
name = "maker"
vendor = true
"""
ACKNOWLEDGEMENT = """
[[clocks]]
name = "acknowledgement"
starts = "assigned"
stops = "acknowledged"
limit = "10m"
"""
BY_DESK = rulebook_with(LINES + ACKNOWLEDGEMENT)
BY_LEAD = rulebook_with(LINES + ACKNOWLEDGEMENT + '[assignment]\nby = "lead"')
NOBODY = replace(FACTS, staff=Staff(people=Map({CHEN: STAFF.people[CHEN]}), known=STAFF.known))


def opened(rulebook: Rulebook = BY_DESK, facts: Facts = FACTS, *, text: str = VPN_TEXT) -> Ticket:
    ticket = decide(a_mail(text=text), facts, rulebook, NOW).ticket
    assert ticket is not None
    return ticket


def changing(ticket: Ticket, *, rulebook: Rulebook = BY_DESK, facts: Facts = FACTS, minutes: int = 5) -> Change:
    return Change(facts=facts, rulebook=rulebook, now=NOW + minutes * MINUTE, before=ticket)


def line(name: str) -> Line:
    found = find_line(BY_DESK, name)
    assert found is not None
    return found


def told(change: Change) -> list[tuple[str, str]]:
    return [(letter.to, letter.template) for letter in change.letters]


def test_the_desk_names_who_has_the_fewest_tickets_and_tells_him() -> None:
    change = changing(opened(facts=NOBODY), facts=replace(FACTS, load=Map({LI: 2, WANG: 1})))
    give_to_somebody(change)
    assert (change.ticket.team, change.ticket.assignee, change.ticket.status) == ("network", WANG, "assigned")
    assert told(change) == [(WANG, "assigned")]


def test_the_lead_is_asked_and_proposed_the_best_where_he_names_them() -> None:
    change = changing(opened(facts=NOBODY), rulebook=BY_LEAD)
    give_to_somebody(change)
    assert change.ticket.assignee is None
    assert told(change) == [(CHEN, "unassigned")]
    proposals = change.letters[0].data["proposals"]
    assert isinstance(proposals, tuple)
    assert [each[0] for each in proposals] == [LI, WANG]


@pytest.mark.parametrize("rulebook", [pytest.param(BY_LEAD, id="he names"), pytest.param(BY_DESK, id="nobody is free")])
def test_the_lead_reads_what_is_wrong_and_who_reports_it(rulebook: Rulebook) -> None:
    decision = decide(a_mail(text="The VPN light is red."), NOBODY, rulebook, NOW)
    (letter,) = (letter for letter in decision.letters if letter.template == "unassigned")
    assert (letter.data["requester"], letter.data["text"]) == (f"Alice <{ALICE}>", "The VPN light is red.")


def test_who_gets_the_ticket_later_sees_that_its_report_goes_on() -> None:
    change = changing(opened(text="The VPN light is red. " * 40))
    give_to_somebody(change)
    text = str(change.letters[0].data["text"])
    assert text.startswith("The VPN light is red.")
    assert text.endswith("…")


def test_the_lead_of_another_team_has_his_own_time_to_name_somebody() -> None:
    clock = 'name = "assignment"\nstarts = ["opened", "unassigned"]\nstops = "assigned"\nlimit = "1h"\n'
    rulebook = rulebook_with(f'{LINES}[[clocks]]\n{clock}[assignment]\nby = "lead"')
    change = changing(opened(rulebook=rulebook), rulebook=rulebook)
    give_to(change, STAFF.people[LI], team="network", reason="he knows it")
    moved = changing(change.ticket, rulebook=rulebook, minutes=30)
    hand_over(moved, line("second"), by="", reason="too hard")
    assert moved.ticket.assignee is None
    clocks = [clock for clock in moved.ticket.clocks if clock.name == "assignment"]
    assert [(clock.outcome, clock.due_at) for clock in clocks] == [("met", NOW + HOUR), (None, NOW + 1.5 * HOUR)]


def test_where_the_desk_names_the_next_one_at_once_no_such_time_runs() -> None:
    clock = 'name = "assignment"\nstarts = ["opened", "unassigned"]\nstops = "assigned"\nlimit = "1h"\n'
    rulebook = rulebook_with(f"{LINES}[[clocks]]\n{clock}")
    moved = changing(opened(rulebook=rulebook), rulebook=rulebook, minutes=30)
    hand_over(moved, line("second"), by=None, reason="too hard")
    assert moved.ticket.assignee == ZHAO
    assert [clock.outcome for clock in moved.ticket.clocks if clock.name == "assignment"] == ["met"]


def test_the_desk_names_somebody_at_the_end_of_the_leads_time() -> None:
    change = changing(opened(rulebook=BY_LEAD), rulebook=BY_LEAD)
    give_to_somebody(change, by_desk=True)
    assert change.ticket.assignee == LI


def test_with_nobody_there_the_lead_is_told() -> None:
    change = changing(opened(), facts=NOBODY)
    give_to_somebody(change)
    assert change.ticket.assignee is None
    assert told(change) == [(CHEN, "unassigned")]


def test_the_acknowledgement_of_another_assignee_is_promised_anew() -> None:
    change = changing(opened())
    give_to(change, STAFF.people[WANG], team="network", reason="he knows it")
    clocks = [clock for clock in change.ticket.clocks if clock.name == "acknowledgement"]
    assert [(clock.cycle, clock.outcome) for clock in clocks] == [(1, "cancelled"), (2, None)]
    assert clocks[1].due_at == NOW + 15 * MINUTE


def test_an_acknowledgement_that_was_late_stays_broken_with_another_assignee() -> None:
    change = changing(opened(), minutes=11)
    give_to(change, STAFF.people[WANG], team="network", reason="he knows it")
    clocks = [clock for clock in change.ticket.clocks if clock.name == "acknowledgement"]
    assert [clock.outcome for clock in clocks] == ["breached", None]


def test_the_same_assignee_again_promises_nothing_new() -> None:
    change = changing(opened())
    give_to(change, STAFF.people[LI], team="network", reason="still his")
    clocks = [clock for clock in change.ticket.clocks if clock.name == "acknowledgement"]
    assert [(clock.cycle, clock.due_at) for clock in clocks] == [(1, NOW + 10 * MINUTE)]


def test_another_assignee_acknowledges_for_himself() -> None:
    change = changing(opened())
    note_work(change, STAFF.people[LI])
    give_to(change, STAFF.people[WANG], team="network", reason="he knows it")
    later = changing(change.ticket, minutes=8)
    note_work(later, STAFF.people[WANG])
    clocks = [clock for clock in later.ticket.clocks if clock.name == "acknowledgement"]
    assert [(clock.cycle, clock.outcome) for clock in clocks] == [(1, "met"), (2, "met")]


def test_the_next_line_has_its_own_team_and_the_requester_is_told() -> None:
    change = changing(opened())
    hand_over(change, line("second"), by=None, reason="too hard")
    assert (change.ticket.line, change.ticket.team, change.ticket.assignee) == ("second", "hardware", ZHAO)
    assert [event.was for event in change.events if isinstance(event, HandedOver)] == ["first"]
    assert told(change) == [(ZHAO, "assigned"), ("alice@corp.example", "handed_over")]


def test_with_a_vendor_the_ticket_waits_and_keeps_its_assignee() -> None:
    change = changing(opened())
    hand_over(change, line("maker"), by=LI, reason="a part is broken")
    ticket = change.ticket
    assert (ticket.status, ticket.waiting_for, ticket.assignee) == ("waiting", "maker", LI)
    assert [clock.name for clock in ticket.clocks if clock.paused] == ["resolution"]


def test_back_from_the_vendor_the_work_goes_on() -> None:
    away = changing(opened())
    hand_over(away, line("maker"), by=LI, reason="a part is broken")
    back = changing(away.ticket, minutes=65)
    hand_over(back, line("first"), by=LI, reason="the part is here")
    resolution = back.ticket.clock("resolution")
    assert (back.ticket.status, back.ticket.assignee) == ("in_progress", LI)
    assert resolution is not None
    assert not resolution.paused
    assert [(pause.start, pause.end) for pause in resolution.pauses] == [(NOW + 5 * MINUTE, NOW + 65 * MINUTE)]


def test_what_nobody_has_is_given_out_when_somebody_is_free() -> None:
    decision = decide_assignment(opened(facts=NOBODY), FACTS, BY_DESK, NOW + HOUR)
    assert decision.ticket is not None
    assert decision.ticket.assignee == LI
    assert [(letter.to, letter.template) for letter in decision.letters] == [(LI, "assigned")]


def with_the_vendor(ticket: Ticket) -> Ticket:
    change = changing(ticket, facts=NOBODY)
    hand_over(change, line("maker"), by=CHEN, reason="a part is broken")
    return change.ticket


def worked_on_with_the_vendor(ticket: Ticket) -> Ticket:
    return replace(with_the_vendor(ticket), status="in_progress", waiting_for=None)


def waiting(ticket: Ticket) -> Ticket:
    change = changing(ticket)
    wait_for(change, "requester", reason="he is away")
    return change.ticket


def given(ticket: Ticket) -> Ticket:
    change = changing(ticket)
    give_to(change, STAFF.people[WANG], team="network", reason="his")
    return change.ticket


@pytest.mark.parametrize(
    "brought",
    [
        pytest.param(with_the_vendor, id="a vendor works on it"),
        pytest.param(worked_on_with_the_vendor, id="a vendor works on it, and its requester wrote meanwhile"),
        pytest.param(waiting, id="it waits for its requester"),
        pytest.param(given, id="somebody has it"),
        pytest.param(lambda ticket: replace(ticket, status="resolved"), id="it is resolved"),
    ],
)
def test_nobody_is_named_for_a_ticket_that_wants_nobody(brought: Callable[[Ticket], Ticket]) -> None:
    decision = decide_assignment(brought(opened(facts=NOBODY)), FACTS, BY_DESK, NOW + HOUR)
    assert decision.events == ()


def test_nobody_is_named_where_the_lead_does_it() -> None:
    unassigned = opened(rulebook=BY_LEAD, facts=NOBODY)
    assert decide_assignment(unassigned, FACTS, BY_LEAD, NOW + HOUR).events == ()


def test_a_ticket_given_out_says_why() -> None:
    decision = decide_assignment(opened(facts=NOBODY), FACTS, BY_DESK, NOW + HOUR)
    (event,) = [event for event in decision.events if isinstance(event, Assigned)]
    assert event.assignee == LI
    assert event.reason
    assert LI in decision.why


def test_the_assignee_reads_names_and_the_subject_once() -> None:
    change = changing(opened(facts=NOBODY), facts=replace(FACTS, load=Map({LI: 2, WANG: 1})))
    give_to_somebody(change)
    (letter,) = change.letters
    assert letter.data["text"] == "The VPN gateway does not answer since nine o'clock."
    assert any(str(reason).startswith("assigned to Wang Wei: ") for reason in letter.data["reasons"])  # type: ignore[union-attr]
    assert any(reason.startswith(f"assigned to {WANG}: ") for reason in change.reasons)
