"""What happens to a ticket when one of its clocks is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.alerts.flapping import end_flapping
from rules.alerts.healing import end_hold
from rules.change import Change
from rules.closing import satisfaction
from rules.closing.solution import close_unrated
from rules.events import ClockOverdue, ClockStopped, ClockWarned
from rules.language.sayings import say
from rules.letters.correspondence import tell_progress, write_time
from rules.work.clocks import start_clock
from rules.work.escalation import escalate_overdue, escalate_warning

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.rulebook import Rulebook
    from rules.sections.promises import ClockRule
    from rules.ticket import Clock, Ticket


def decide_due(ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Decide what the clocks of one ticket ask for at `now`. With nothing due the decision holds no events.

    All clocks that are due at that moment are taken together. What an escalation makes overdue by its shorter limit
    is recorded as overdue too: its people are told, and it does not raise the level again in this tick.
    """
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    for clock in ticket.clocks:
        if clock.waits and clock.next_at <= now:
            _take_up(change, clock)
    for clock in change.ticket.clocks:
        if clock.waits and clock.due_at <= now and not _repeats(rulebook, clock):
            _run_over(change, clock)
            escalate_overdue(change, clock, raising=False)
    _follow_alerts(change)
    return change.decide(None)


def _follow_alerts(change: Change) -> None:
    """Heal what was held open and did not fire again, and take the mark off what is quiet."""
    alerts = change.ticket.alerts
    if alerts.heals_at is not None and alerts.heals_at <= change.now:
        end_hold(change)
    if alerts.flapping_until is not None and alerts.flapping_until <= change.now:
        end_flapping(change)


def _take_up(change: Change, then: Clock) -> None:
    """Do what one clock asks for, unless a rung taken before it in this tick has stopped it."""
    clock = change.ticket.clock(then.name)
    if clock is None or clock.cycle != then.cycle or not clock.waits:
        return
    rule = change.rulebook.promises.get(clock.name)
    if clock.name == satisfaction.CLOCK:
        close_unrated(change)
    elif then.due_at > change.now:
        _warn(change, clock)
    elif rule is not None and rule.repeats:
        _keep(change, clock, rule)
    else:
        _run_over(change, clock)
        escalate_overdue(change, clock)


def _repeats(rulebook: Rulebook, clock: Clock) -> bool:
    rule = rulebook.promises.get(clock.name)
    return rule is not None and rule.repeats


def _warn(change: Change, clock: Clock) -> None:
    soon = ClockWarned(at=change.now, name=clock.name, cycle=clock.cycle, due_at=clock.due_at)
    change.happen(soon, because=say("due", clock=clock.name, until=write_time(clock.due_at, change.rulebook) or ""))
    escalate_warning(change, clock)


def _run_over(change: Change, clock: Clock) -> None:
    overdue = ClockOverdue(at=change.now, name=clock.name, cycle=clock.cycle, due_at=clock.due_at)
    change.happen(
        overdue, because=say("was-due", clock=clock.name, until=write_time(clock.due_at, change.rulebook) or "")
    )


def _keep(change: Change, clock: Clock, rule: ClockRule) -> None:
    """The desk keeps this promise itself: it tells how far things are, and the next cycle begins."""
    tell_progress(change)
    stopped = ClockStopped(at=change.now, name=clock.name, cycle=clock.cycle, outcome="met")
    change.happen(stopped, because=f"{clock.name}: the requesters are told how far it is")
    start_clock(change, rule, cycle=clock.cycle + 1)
