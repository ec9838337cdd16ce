"""What happens when a clock is due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.decide import decide
from rules.deciding.decide_due import decide_due
from rules.events import ClockOverdue, Escalated
from rules.fold import fold_all
from rules.language.sayings import is_saying
from tests.rules.closing_story import a_rulebook, resolved
from tests.samples import ALICE, CHEN, DAY, DING, FACTS, HOUR, LI, MINUTE, NOW, RULEBOOK, a_mail

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.ticket import Ticket


def opened(text: str = "The VPN gateway does not answer.") -> Ticket:
    ticket = decide(a_mail(ALICE, text=text), FACTS, RULEBOOK, NOW).ticket
    assert ticket is not None
    return ticket


LATE_RATING = """
[[escalations]]
name = "late-rating"
on = "overdue"
clock = "confirmation"
raises = 1
"""
P4 = opened()
P3 = opened("urgent: the VPN gateway does not answer.")
P1 = opened("urgent: the whole company has no VPN")


def due(ticket: Ticket, now: datetime) -> Decision:
    return decide_due(ticket, FACTS, RULEBOOK, now)


def after(ticket: Ticket, now: datetime) -> Ticket:
    found = due(ticket, now).ticket
    assert found is not None
    return found


def test_the_samples_have_the_levels_they_are_named_after() -> None:
    assert [ticket.priority for ticket in (P4, P3, P1)] == ["P4", "P3", "P1"]


def test_a_letter_after_a_long_sleep_calls_no_past_time_a_coming_one() -> None:
    letters = due(P4, NOW + 30 * DAY).letters
    assert {letter.data["due"] for letter in letters if letter.template == "escalated"} == {()}


@pytest.mark.parametrize(
    ("waiting_for", "status"),
    [
        pytest.param("requester", "waiting_for_requester", id="for an answer that is the reader's own"),
        pytest.param("vendor", "waiting_for_others", id="for a third party"),
    ],
)
def test_the_progress_says_for_whom_a_ticket_waits(waiting_for: str, status: str) -> None:
    waiting = replace(P1, status="waiting", waiting_for=waiting_for)
    told = [each for each in due(waiting, NOW + 8 * HOUR).letters if each.template == "progress"]
    assert [letter.data["status"] for letter in told] == [status]


def test_why_a_clock_is_spoken_of_is_said_in_the_language_of_the_letter() -> None:
    reasons = due(P1, NOW + 8 * HOUR).reasons
    assert any(is_saying(reason, "was-due") for reason in reasons)


def test_before_the_due_time_nothing_happens() -> None:
    decision = due(P4, NOW + 8 * HOUR - MINUTE)
    assert (decision.events, decision.letters) == ((), ())


def test_an_overdue_response_raises_the_level_and_tells_assignee_and_lead() -> None:
    decision = due(P4, NOW + 8 * HOUR)
    assert decision.ticket is not None
    assert decision.ticket.priority == "P3"
    assert {(letter.to, letter.template) for letter in decision.letters} == {(LI, "escalated"), (CHEN, "escalated")}


def test_a_rung_that_tells_the_requester_writes_how_far_it_is() -> None:
    rungs = tuple(rung.model_copy(update={"tell": ("requester",)}) for rung in RULEBOOK.escalations)
    decision = decide_due(P4, FACTS, RULEBOOK.model_copy(update={"escalations": rungs}), NOW + 8 * HOUR)
    assert {(letter.to, letter.template) for letter in decision.letters} == {(ALICE, "progress")}


def test_an_overdue_resolution_tells_the_manager() -> None:
    late = after(P4, NOW + 8 * HOUR)
    told = {letter.to for letter in due(late, NOW + 24 * HOUR).letters}
    assert told == {CHEN, DING}


def test_a_rung_is_taken_once_however_often_the_clock_is_looked_at() -> None:
    late = after(P3, NOW + 4 * HOUR)
    for minutes in range(1, 60):
        assert due(late, NOW + 4 * HOUR + minutes * MINUTE).events == ()


def test_the_clock_that_ran_over_keeps_its_own_limit() -> None:
    clock = after(P3, NOW + 4 * HOUR).clock("response")
    assert clock is not None
    assert (clock.limit, clock.due_at) == ("4h", NOW + 4 * HOUR)


def test_the_other_clocks_take_the_new_levels_limit_from_their_start() -> None:
    clock = after(P3, NOW + 4 * HOUR).clock("resolution")
    assert clock is not None
    assert (clock.limit, clock.due_at) == ("4h", NOW + 4 * HOUR)


def test_what_is_thereby_past_due_is_recorded_and_raises_nothing_more() -> None:
    late = due(P3, NOW + 5 * HOUR)
    overdue = [event.name for event in late.events if isinstance(event, ClockOverdue)]
    raised = [event for event in late.events if isinstance(event, Escalated) and event.was != event.now]
    assert (sorted(overdue), len(raised)) == (["resolution", "response"], 1)
    assert DING in {letter.to for letter in late.letters}, "the manager hears of the resolution all the same"


def test_progress_is_told_every_two_hours_by_the_desk_itself() -> None:
    ticket, told = P1, []
    for hours in (2, 4, 6):
        decision = due(ticket, NOW + hours * HOUR)
        assert decision.ticket is not None
        ticket = decision.ticket
        told += [letter.to for letter in decision.letters if letter.template == "progress"]
    clock = ticket.clock("progress")
    assert clock is not None
    assert (told, clock.cycle, clock.due_at) == ([ALICE] * 3, 4, NOW + 8 * HOUR)


def test_a_ticket_carries_no_more_than_the_last_two_cycles_of_a_clock() -> None:
    ticket = P1
    for hours in range(2, 50, 2):
        ticket = after(ticket, NOW + hours * HOUR)
    assert [clock.cycle for clock in ticket.clocks if clock.name == "progress"] == [24, 25]


def test_the_wait_for_a_rating_closes_the_ticket_and_is_never_overdue() -> None:
    story = resolved(a_rulebook("before_closing", LATE_RATING)).hears("solved")
    decision = story.waits(NOW + 60 * DAY).decision
    assert story.ticket.status == "closed"
    assert not any(isinstance(event, ClockOverdue | Escalated) for event in decision.events)


def test_a_ticket_that_has_work_again_is_not_closed_by_an_old_wait() -> None:
    story = resolved(a_rulebook("before_closing")).hears("solved").hears("not solved")
    assert story.waits(NOW + 60 * DAY).ticket.status == "in_progress"


def test_a_held_clock_is_never_due() -> None:
    held = replace(P4, clocks=tuple(clock for clock in P4.clocks if clock.name == "progress"))
    assert due(held, NOW + 1000 * HOUR).events == ()


@given(st.lists(st.integers(0, 60 * 24 * 5), min_size=1, max_size=12))
@settings(max_examples=60)
def test_no_rung_is_taken_twice_whenever_the_clock_is_looked_at(minutes: list[int]) -> None:
    ticket, rungs = P3, []
    for minute in sorted(minutes):
        decision = due(ticket, NOW + minute * MINUTE)
        assert decision.ticket is not None
        ticket = decision.ticket
        rungs += [event.rung for event in decision.events if isinstance(event, Escalated)]
    assert len(rungs) == len(set(rungs))


@pytest.mark.parametrize("hours", [1, 5, 40])
def test_the_ticket_is_what_its_events_add_up_to(hours: int) -> None:
    first = decide(a_mail(ALICE, text="urgent: the VPN gateway does not answer."), FACTS, RULEBOOK, NOW)
    assert first.ticket is not None
    later = due(first.ticket, NOW + hours * HOUR)
    assert fold_all((*first.events, *later.events)) == later.ticket


@pytest.mark.parametrize(
    ("expected_at", "expected_by"),
    [
        pytest.param(None, None, id="a promise that is broken is said to be"),
        pytest.param(NOW + 6 * HOUR, "2026-11-23 16:00", id="with what the assignee expects instead"),
        pytest.param(NOW + 3 * HOUR, None, id="unless that has passed, too"),
    ],
)
def test_the_progress_says_when_it_takes_longer_than_promised(
    expected_at: datetime | None, expected_by: str | None
) -> None:
    overdue = replace(after(P1, NOW + 2 * HOUR), expected_at=expected_at)
    (letter,) = (each for each in due(overdue, NOW + 4 * HOUR).letters if each.template == "progress")
    assert (letter.data["late"], letter.data["expected_by"]) == (True, expected_by)
