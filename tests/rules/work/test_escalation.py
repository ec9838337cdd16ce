"""What a rung does beside raising the level: owing, asking approval, going up a line, naming, reminding, closing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest

from rules.change import Change
from rules.closing.complaints import complain
from rules.closing.solution import propose_solution
from rules.decide import decide
from rules.deciding.decide_due import decide_due
from rules.events import ApprovalAsked, Closed, Escalated, HandedOver, Owes
from rules.language.sayings import say
from rules.sections.escalation import Trigger
from rules.work.escalation import escalate_asked, escalate_complaint
from tests.samples import ALICE, CHEN, DING, FACTS, HOUR, LI, NOW, PEOPLE, a_mail, rulebook_with

if TYPE_CHECKING:
    from rules.decision import Decision
    from rules.letter import Value
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

LINES = """
[[lines]]
name = "first"
[[lines]]
name = "second"
team = "hardware"
[[lines]]
name = "vendor"
team = "desk"
vendor = true
"""
LI_NA = PEOPLE[0]


def pairs(value: Value) -> tuple[tuple[str, str], ...]:
    assert isinstance(value, tuple)
    return tuple(pair for pair in value if isinstance(pair, tuple))


def rung(keys: str, on: str = 'on = "overdue"\nclock = "response"') -> str:
    return f'[[escalations]]\nname = "one-more"\n{on}\n{keys}\n'


def opened(rulebook: Rulebook) -> Ticket:
    ticket = decide(a_mail(ALICE), FACTS, rulebook, NOW).ticket
    assert ticket is not None
    return ticket


def late(rulebook: Rulebook, hours: int = 8) -> Decision:
    return decide_due(opened(rulebook), FACTS, rulebook, NOW + hours * HOUR)


def changing(rulebook: Rulebook) -> Change:
    return Change(facts=FACTS, rulebook=rulebook, now=NOW, before=opened(rulebook))


@pytest.mark.parametrize("trigger", get_args(Trigger))
def test_every_trigger_of_a_rung_comes_with_its_advice(trigger: Trigger) -> None:
    advice = say(f"advise-{trigger}")
    assert len({advice.spoken(language, lambda _, term: term) for language in ("en", "zh-CN", "zh-TW")}) == 3


def test_a_letter_about_a_clock_that_ran_over_says_what_to_do_now() -> None:
    letters = late(rulebook_with(rung('tell = ["lead"]'))).letters
    letter = next(each for each in letters if each.template == "escalated")
    assert letter.data["advice"] == say("advise-overdue")


def test_a_lead_who_never_read_the_report_finds_it_in_the_letter_of_a_rung() -> None:
    rulebook = rulebook_with(rung('tell = ["lead"]'))
    ticket = decide(a_mail(ALICE, text="The VPN light is red."), FACTS, rulebook, NOW).ticket
    assert ticket is not None
    letter = next(
        each
        for each in decide_due(ticket, FACTS, rulebook, NOW + 8 * HOUR).letters
        if (each.to, each.template) == (CHEN, "escalated")
    )
    assert (letter.data["requester"], letter.data["text"]) == (f"Alice <{ALICE}>", "The VPN light is red.")


def test_a_rung_may_raise_to_the_top_at_once() -> None:
    decision = late(rulebook_with(rung('raises = "top"')))
    assert decision.ticket is not None
    assert decision.ticket.priority == "P1"


def test_a_rung_owes_a_report_of_the_assignee_by_a_clock_of_its_own() -> None:
    owed = '[[owed]]\nname = "analysis"\nlimit = "2d"\n'
    decision = late(rulebook_with(owed + rung('owes = ["analysis"]')))
    assert decision.ticket is not None
    assert [(o.name, o.by) for o in decision.ticket.owed] == [("analysis", LI)]
    clock = decision.ticket.clock("analysis")
    assert clock is not None
    assert clock.due_at == NOW + 56 * HOUR
    assert (LI, "owed") in {(letter.to, letter.template) for letter in decision.letters}


def test_what_is_owed_already_is_not_owed_twice() -> None:
    owed = '[[owed]]\nname = "analysis"\non = "opened"\nlimit = "2d"\n'
    decision = late(rulebook_with(owed + rung('owes = ["analysis"]')))
    assert not any(isinstance(event, Owes) for event in decision.events)


def test_a_rung_asks_for_approval_once() -> None:
    decision = late(rulebook_with(rung('approval = "manager"')))
    assert [event.of for event in decision.events if isinstance(event, ApprovalAsked)] == ["manager"]
    (letter,) = (letter for letter in decision.letters if letter.template == "approval")
    assert (letter.to, letter.data["requester"]) == (DING, f"Alice <{ALICE}>")
    assert letter.data["text"]
    assert decision.ticket is not None
    assert decision.ticket.approval == "manager"


def test_a_rung_hands_the_ticket_to_the_next_line_and_tells_the_requester() -> None:
    decision = late(rulebook_with(LINES + rung("lines = 1")))
    over = [event for event in decision.events if isinstance(event, HandedOver)]
    assert [(event.was, event.line, event.team) for event in over] == [("first", "second", "hardware")]
    assert decision.ticket is not None
    assert decision.ticket.assignee == "zhao@desk.example"
    assert (ALICE, "handed_over") in {(letter.to, letter.template) for letter in decision.letters}


def test_with_the_vendor_the_ticket_waits() -> None:
    decision = late(rulebook_with(LINES + rung("lines = 2")))
    assert decision.ticket is not None
    assert (decision.ticket.status, decision.ticket.waiting_for) == ("waiting", "vendor")


def test_beyond_the_last_line_there_is_none() -> None:
    decision = late(rulebook_with(LINES + rung("lines = 9")))
    assert decision.ticket is not None
    assert decision.ticket.line == "vendor"


@pytest.mark.parametrize(
    ("when", "taken"),
    [
        pytest.param('levels = "P4"', True, id="the level that the ticket has"),
        pytest.param('levels = ["P1", "P2"]', False, id="levels that it has not"),
        pytest.param('categories = "network"', True, id="its category"),
        pytest.param('requesters = "external"', False, id="customers, and he is none"),
        pytest.param('channels = "mail"\nkinds = "complaint"', False, id="two keys of which one does not hold"),
    ],
)
def test_a_rung_is_for_the_tickets_of_its_condition(when: str, taken: bool) -> None:
    decision = late(rulebook_with(rung('tell = ["manager"]') + f"[escalations.when]\n{when}\n"))
    rungs = {event.rung for event in decision.events if isinstance(event, Escalated)}
    assert ("response/one-more/1" in rungs) == taken


def test_a_lead_who_names_nobody_in_time_leaves_it_to_the_desk() -> None:
    clock = '[[clocks]]\nname = "assignment"\nstops = "assigned"\nlimit = "1h"\n'
    assigns = rung("assigns = true", 'on = "overdue"\nclock = "assignment"')
    rulebook = rulebook_with('[assignment]\nby = "lead"\n' + clock + assigns)
    ticket = opened(rulebook)
    assert ticket.assignee is None
    decision = decide_due(ticket, FACTS, rulebook, NOW + HOUR)
    assert decision.ticket is not None
    assert decision.ticket.assignee == LI


def test_the_lead_is_proposed_who_would_do() -> None:
    decision = decide(a_mail(ALICE), FACTS, rulebook_with('[assignment]\nby = "lead"\n'), NOW)
    (letter,) = (letter for letter in decision.letters if letter.template == "unassigned")
    assert letter.to == CHEN
    assert [pair[0] for pair in pairs(letter.data["proposals"])] == [LI, "wang@desk.example"]


def test_a_warning_comes_before_the_clock_is_due_and_once() -> None:
    clock = '[[clocks]]\nname = "first_look"\nstops = "accepted"\nlimit = "4h"\nwarns = "1h"\n'
    rulebook = rulebook_with(clock + rung('tell = ["lead"]', 'on = "warning"\nclock = "first_look"'))
    assert decide_due(opened(rulebook), FACTS, rulebook, NOW + 2 * HOUR).events == ()
    warned = decide_due(opened(rulebook), FACTS, rulebook, NOW + 3 * HOUR)
    assert [(letter.to, letter.template) for letter in warned.letters] == [(CHEN, "escalated")]
    assert warned.ticket is not None
    assert decide_due(warned.ticket, FACTS, rulebook, NOW + 3.5 * HOUR).events == ()
    assert warned.ticket.next_due == NOW + 4 * HOUR


def test_without_a_rung_for_it_the_assignee_is_warned() -> None:
    rulebook = rulebook_with('[[clocks]]\nname = "first_look"\nstops = "accepted"\nlimit = "4h"\nwarns = "1h"\n')
    decision = decide_due(opened(rulebook), FACTS, rulebook, NOW + 3 * HOUR)
    assert [(letter.to, letter.template) for letter in decision.letters] == [(LI, "warning")]


def test_a_rung_that_is_asked_for_is_taken_each_time() -> None:
    change = changing(rulebook_with(rung("raises = 1", 'on = "asked"')))
    assert escalate_asked(change, LI_NA, "too hard for me")
    assert escalate_asked(change, LI_NA, "")
    assert change.ticket.priority == "P2"
    assert {r for r in change.ticket.rungs if r.startswith("asked")} == {"asked/one-more/1", "asked/one-more/2"}


@pytest.mark.parametrize(
    ("why", "said"),
    [("too hard for me", "Li Na 要求升级：too hard for me"), ("", "Li Na 要求升级")],
    ids=["why", "no why"],
)
def test_who_asks_for_a_rung_is_named_with_what_he_says(why: str, said: str) -> None:
    chen = replace(next(person for person in PEOPLE if person.address == CHEN), language="zh-CN")
    staff = replace(FACTS.staff, people=FACTS.staff.people.set(CHEN, chen))
    rulebook = rulebook_with(rung('tell = ["lead"]', 'on = "asked"'))
    change = Change(facts=replace(FACTS, staff=staff), rulebook=rulebook, now=NOW, before=opened(rulebook))
    escalate_asked(change, LI_NA, why)
    (letter,) = (each for each in change.letters if each.to == CHEN)
    assert letter.data["reason"] == said


def test_where_no_rung_can_be_asked_for_nothing_happens() -> None:
    change = changing(rulebook_with(""))
    assert not escalate_asked(change, LI_NA, "too hard for me")
    assert change.events == []


def test_each_complaint_takes_its_rungs() -> None:
    change = changing(rulebook_with(rung('raises = "top"\ntell = ["lead"]', 'on = "complaint"')))
    escalate_complaint(change)
    escalate_complaint(change)
    assert change.ticket.priority == "P1"
    rungs = {rung for rung in change.ticket.rungs if rung.startswith("complaint")}
    assert rungs == {"complaint/one-more/1", "complaint/one-more/2"}


def test_a_rung_closes_only_what_is_resolved() -> None:
    decision = late(rulebook_with(rung("closes = true")))
    assert not any(isinstance(event, Closed) for event in decision.events)


@pytest.mark.parametrize("decides", [pytest.param("", id="nobody"), pytest.param('decided_by = "head"', id="the head")])
def test_silence_closes_nothing_while_somebody_must_decide_about_a_complaint(decides: str) -> None:
    confirmation = '[[clocks]]\nname = "confirmation"\nstarts = "resolved"\nstops = "confirmed"\nlimit = "1d"\n'
    closing = rung("closes = true", 'on = "overdue"\nclock = "confirmation"')
    rulebook = rulebook_with(f"[complaints]\n{decides}\n" + confirmation + closing)
    change = changing(rulebook)
    propose_solution(change, LI_NA, "replaced it")
    complain(change, ALICE, "nobody came")
    decision = decide_due(change.ticket, FACTS, rulebook, NOW + 24 * HOUR)
    assert any(isinstance(event, Closed) for event in decision.events) == (not decides)
