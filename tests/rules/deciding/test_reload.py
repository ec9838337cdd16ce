"""What a changed rulebook means for the clocks of a ticket that was opened by the old one."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar.working_time import Pause
from rules.decide import decide
from rules.deciding.decide_due import decide_due
from rules.deciding.reload import REASON, recompute_clocks
from rules.events import (
    ClockChanged,
    ClockOverdue,
    ClockStarted,
    ClockStopped,
    Event,
    Owes,
    Reached,
    Reopened,
    Resolved,
    Written,
)
from rules.fold import fold
from rules.rulebook import Rulebook
from tests.samples import ALICE, DAY, FACTS, HOUR, LI, MINUTE, NOW, RULEBOOK, RULEBOOK_TEXT, a_mail

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.ticket import Clock, Ticket

LATER = NOW + HOUR

ONSITE = """
[[owed]]
name = "onsite_report"
on = "left"
limit = { P3 = "2d", P4 = "2d" }
"""
HANDLING = """
[[clocks]]
name = "handling"
starts = "responded"
stops = ["resolved", "closed"]
limit = { P3 = "6h", P4 = "6h" }
"""


def a_rulebook(*changes: tuple[str, str], more: str = "") -> Rulebook:
    """The rulebook of the samples with some words changed, and more tables at its end."""
    text = RULEBOOK_TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Rulebook.model_validate(tomllib.loads(text + more))


def a_ticket(*events: Event, rulebook: Rulebook = RULEBOOK) -> Ticket:
    """Alice's ticket of this morning at the lowest level, with what happened to it since."""
    ticket = decide(a_mail(ALICE), FACTS, rulebook, NOW).ticket
    assert ticket is not None
    for event in events:
        ticket = fold(ticket, event)
    return ticket


def recompute(ticket: Ticket, rulebook: Rulebook, at: datetime = LATER) -> Decision:
    return recompute_clocks(ticket, FACTS, rulebook, at)


def the_clock(decision: Decision, name: str) -> Clock:
    assert decision.ticket is not None
    clock = decision.ticket.clock(name)
    assert clock is not None
    return clock


SLOWER = a_rulebook(('P3 = "4h", P4 = "8h"', 'P3 = "4h", P4 = "12h"'))
FASTER = a_rulebook(('P3 = "4h", P4 = "8h"', 'P3 = "4h", P4 = "30m"'))
WITHOUT_RESPONSE = a_rulebook(
    ('name = "response"\nstops = "responded"', 'name = "answer"\nstops = "responded"'),
    ('clock = "response"', 'clock = "answer"'),
)


def test_the_same_rulebook_changes_nothing() -> None:
    decision = recompute(a_ticket(), a_rulebook())
    assert (decision.events, decision.letters, decision.verdict) == ((), (), None)


def test_a_limit_counts_from_the_start_of_the_clock() -> None:
    ticket = a_ticket()
    decision = recompute(ticket, SLOWER)
    before = ticket.clock("response")
    assert before is not None
    after = replace(before, limit="12h", due_at=NOW + 12 * HOUR)
    assert decision.events == (ClockChanged(at=LATER, clock=after, reason=REASON),)
    assert recompute(decision.ticket or ticket, SLOWER, LATER + HOUR).events == ()


def test_another_day_off_moves_what_is_due() -> None:
    """It is Monday 10:00, and three working days end on Thursday; without a Tuesday they end on Friday."""
    decision = recompute(a_ticket(), a_rulebook(('tue = ["09:00-18:00"]\n', "")))
    assert the_clock(decision, "resolution").due_at == NOW + 4 * DAY


def test_time_that_was_held_does_not_count_by_the_new_limit_either() -> None:
    clock = a_ticket().clock("resolution")
    assert clock is not None
    held = replace(clock, pauses=(Pause(NOW + 10 * MINUTE, NOW + 40 * MINUTE),))
    ticket = a_ticket(ClockChanged(at=NOW + 40 * MINUTE, clock=held, reason="it went on"))
    decision = recompute(ticket, a_rulebook(('P3 = "24h", P4 = "3wd"', 'P3 = "24h", P4 = "5h"')))
    assert the_clock(decision, "resolution").due_at == NOW + 5 * HOUR + 30 * MINUTE


def test_what_is_promised_no_more_is_cancelled() -> None:
    decision = recompute(a_ticket(), WITHOUT_RESPONSE)
    assert the_clock(decision, "response").outcome == "cancelled"
    assert the_clock(decision, "answer").started_at == NOW
    assert decision.letters == ()


def test_what_was_broken_before_it_went_counts_as_broken() -> None:
    decision = recompute(a_ticket(), WITHOUT_RESPONSE, NOW + 9 * HOUR)
    assert the_clock(decision, "response").outcome == "breached"


@pytest.mark.parametrize("word", [SLOWER, FASTER], ids=["a longer limit", "a shorter limit"])
def test_what_is_recorded_overdue_stays_so_and_fires_nothing(word: Rulebook) -> None:
    overdue = decide_due(a_ticket(), FACTS, RULEBOOK, NOW + 9 * HOUR).ticket
    assert overdue is not None
    at = NOW + 9 * HOUR + MINUTE
    decision = recompute(overdue, word, at)
    assert [event for event in decision.events if "response" in repr(event)] == []
    again = decide_due(decision.ticket or overdue, FACTS, word, at)
    assert not any(isinstance(event, ClockOverdue) and event.name == "response" for event in again.events)


def test_a_limit_that_has_passed_is_taken_by_the_next_tick_once() -> None:
    decision = recompute(a_ticket(), FASTER)
    assert [type(event) for event in decision.events] == [ClockChanged]
    assert decision.ticket is not None
    taken = decide_due(decision.ticket, FACTS, FASTER, LATER)
    assert [event.name for event in taken.events if isinstance(event, ClockOverdue)] == ["response"]
    assert taken.ticket is not None
    assert decide_due(taken.ticket, FACTS, FASTER, LATER).events == ()


def test_a_new_promise_begins_at_its_moment_and_not_now() -> None:
    ticket = a_ticket(Reached(at=NOW + 20 * MINUTE, milestone="responded", by=LI))
    decision = recompute(ticket, a_rulebook(more=HANDLING))
    (started,) = decision.events
    assert isinstance(started, ClockStarted)
    assert (started.at, started.clock.started_at) == (LATER, NOW + 20 * MINUTE)
    assert started.clock.due_at == NOW + 6 * HOUR + 20 * MINUTE


@pytest.mark.parametrize(
    "events",
    [
        pytest.param((), id="its moment has not come"),
        pytest.param(
            (
                Reached(at=NOW + MINUTE, milestone="responded", by=LI),
                Resolved(at=NOW + 2 * MINUTE, by=LI, how="assignee"),
            ),
            id="it would have been kept already",
        ),
    ],
)
def test_a_new_promise_that_waits_for_nothing_does_not_begin(events: tuple[Event, ...]) -> None:
    decision = recompute(a_ticket(*events), a_rulebook(more=HANDLING))
    assert not any(isinstance(event, ClockStarted) for event in decision.events)


def test_a_promise_that_was_kept_does_not_run_again() -> None:
    kept = ClockStopped(at=NOW + MINUTE, name="response", cycle=1, outcome="met")
    reached = Reached(at=NOW + MINUTE, milestone="responded", by=LI)
    assert recompute(a_ticket(reached, kept), SLOWER).events == ()


def test_a_promise_that_comes_back_runs_from_its_first_start() -> None:
    gone = recompute(a_ticket(), WITHOUT_RESPONSE).ticket
    assert gone is not None
    decision = recompute(gone, RULEBOOK, LATER + HOUR)
    back = the_clock(decision, "response")
    assert (back.cycle, back.started_at, back.due_at, back.running) == (2, NOW, NOW + 8 * HOUR, True)
    assert the_clock(decision, "answer").outcome == "cancelled"


def test_what_was_cancelled_before_a_reopening_stays_so() -> None:
    cancelled = ClockStopped(at=NOW + MINUTE, name="response", cycle=1, outcome="cancelled")
    reopened = Reopened(at=NOW + 2 * MINUTE, by=ALICE, reason="not solved")
    answered = Reached(at=NOW + 3 * MINUTE, milestone="responded", by=LI)
    decision = recompute(a_ticket(cancelled, reopened, answered), SLOWER)
    assert not any(isinstance(event, ClockStarted) for event in decision.events)


def test_a_clock_is_held_or_goes_on_as_the_new_rulebook_says() -> None:
    patient = a_rulebook(('stops = "responded"', 'stops = "responded"\npauses_while_waiting = true'))
    waiting = replace(a_ticket(), status="waiting")
    held = recompute(waiting, patient)
    assert the_clock(held, "response").pauses == (Pause(LATER),)
    assert held.ticket is not None
    going = the_clock(recompute(held.ticket, RULEBOOK, LATER + HOUR), "response")
    assert (going.pauses, going.due_at) == ((Pause(LATER, LATER + HOUR),), NOW + 9 * HOUR)


def test_what_is_owed_has_its_clock_from_when_it_was_owed() -> None:
    ticket = a_ticket(Owes(at=NOW + MINUTE, name="onsite_report", by=LI, reason="left"))
    decision = recompute(ticket, a_rulebook(more=ONSITE))
    clock = the_clock(decision, "onsite_report")
    assert (clock.started_at, clock.due_at) == (NOW + MINUTE, NOW + 2 * DAY + MINUTE)
    written = fold(ticket, Written(at=NOW + 2 * MINUTE, name="onsite_report", by=LI, text="done"))
    assert recompute(written, a_rulebook(more=ONSITE)).events == ()


RULEBOOKS = (RULEBOOK, SLOWER, FASTER, WITHOUT_RESPONSE, a_rulebook(more=HANDLING), a_rulebook(more=ONSITE))


def _without_clocks(ticket: Ticket) -> Ticket:
    return replace(ticket, clocks=(), last_event=0, changed_at=NOW)


@given(st.lists(st.tuples(st.sampled_from(RULEBOOKS), st.booleans()), min_size=1, max_size=8))
def test_whatever_the_rulebooks_only_clocks_change_and_nothing_breaks_twice(steps: list[tuple[Rulebook, bool]]) -> None:
    ticket, broken = a_ticket(), []
    for n, (rulebook, ticks) in enumerate(steps, start=1):
        now = NOW + n * 2 * HOUR
        decision = recompute(ticket, rulebook, now)
        assert decision.letters == ()
        after = decision.ticket or ticket
        assert _without_clocks(after) == _without_clocks(ticket)
        assert recompute(after, rulebook, now).events == ()
        ticket = after
        if ticks:
            due = decide_due(ticket, FACTS, rulebook, now)
            broken += [(event.name, event.cycle) for event in due.events if isinstance(event, ClockOverdue)]
            ticket = due.ticket or ticket
    assert len(broken) == len(set(broken))
