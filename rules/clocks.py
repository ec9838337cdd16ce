"""The running promises of a ticket: what starts, stops, pauses and changes them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from rules.calendar.duration import Duration
from rules.calendar.working_time import Pause, due
from rules.events import ClockChanged, ClockStarted, ClockStopped
from rules.ticket import Clock, Outcome, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rules.calendar.calendars import Calendar
    from rules.change import Change
    from rules.rulebook import ClockRule, Rulebook

Start = Literal["opened", "assigned"]
Stop = Literal["assigned", "responded", "resolved"]


def start_clocks(change: Change, moment: Start) -> None:
    """Start every clock that this moment starts and that is not running already."""
    for rule in change.rulebook.clocks:
        if rule.starts == moment and _concerns(rule, change.ticket):
            last = change.ticket.clock(rule.name)
            if last is None or not last.running:
                start_clock(change, rule, cycle=1 if last is None else last.cycle + 1)


def start_clock(change: Change, rule: ClockRule, *, cycle: int) -> None:
    """Start one cycle of one clock now, with the limit of the ticket's present priority."""
    clock = Clock(
        name=rule.name,
        cycle=cycle,
        started_at=change.now,
        limit=str(rule.limit[change.ticket.priority]),
        calendar=rule.calendar,
        due_at=change.now,
    )
    change.happen(ClockStarted(at=change.now, clock=_with_due(clock, change.rulebook)))


def stop_clocks(change: Change, moment: Stop) -> None:
    """Stop every running clock that waits for this moment: met, or breached where it was due before."""
    waiting = {rule.name for rule in change.rulebook.clocks if rule.stops == moment}
    for clock in change.ticket.clocks:
        if clock.running and clock.name in waiting:
            _stop(change, clock, "breached" if _is_broken(change, clock) else "met")


def cancel_clocks(change: Change) -> None:
    """Stop what still runs on a closed ticket. A promise already broken stays broken."""
    for clock in change.ticket.clocks:
        if clock.running:
            _stop(change, clock, "breached" if _is_broken(change, clock) else "cancelled")


def pause_clocks(change: Change, *, reason: str) -> None:
    """Hold the clocks that do not run while the ticket waits for somebody else."""
    for clock in _pausing(change):
        if not clock.paused:
            held = replace(clock, pauses=(*clock.pauses, Pause(change.now)))
            change.happen(ClockChanged(at=change.now, clock=held, reason=reason))


def resume_clocks(change: Change, *, reason: str) -> None:
    """Let held clocks go on; the time they were held does not count."""
    for clock in _pausing(change):
        if clock.paused:
            ended = (*clock.pauses[:-1], Pause(clock.pauses[-1].start, change.now))
            going = _with_due(replace(clock, pauses=ended), change.rulebook)
            change.happen(ClockChanged(at=change.now, clock=going, reason=reason))


def change_limits(change: Change, *, reason: str, keep: str | None = None) -> None:
    """Give running clocks the limit of the ticket's new level, counted from their original start.

    What only the new level promises begins now.
    `keep` names the clock that ran over and so raised the level: it keeps its own limit.
    """
    rules = {rule.name: rule for rule in change.rulebook.clocks}
    for clock in change.ticket.clocks:
        limit = rules[clock.name].limit.get(change.ticket.priority) if clock.name in rules else None
        if not clock.running or clock.name == keep or limit is None or str(limit) == clock.limit:
            continue
        changed = _with_due(replace(clock, limit=str(limit)), change.rulebook)
        change.happen(ClockChanged(at=change.now, clock=changed, reason=reason))
    _start_promised(change)


def _is_broken(change: Change, clock: Clock) -> bool:
    """Whether a promise was not kept in time, also where no tick has recorded it yet."""
    return clock.overdue_at is not None or (not clock.paused and clock.due_at < change.now)


def _start_promised(change: Change) -> None:
    """Start what the new level promises and the old one did not, from now, unless it has been kept already."""
    ticket = change.ticket
    kept = {"assigned": ticket.assignee is not None, "responded": ticket.responded_at is not None}
    for rule in change.rulebook.clocks:
        is_new = _concerns(rule, ticket) and ticket.clock(rule.name) is None
        if is_new and (rule.starts == "opened" or kept["assigned"]) and not kept.get(rule.stops):
            start_clock(change, rule, cycle=1)


def _concerns(rule: ClockRule, ticket: Ticket) -> bool:
    return ticket.priority in rule.limit and (not rule.kinds or ticket.kind in rule.kinds)


def _with_due(clock: Clock, rulebook: Rulebook) -> Clock:
    if clock.calendar is not None and clock.calendar not in rulebook.calendars:
        return clock  # a calendar of an earlier rulebook: what was promised by it stands
    at = _due(clock.started_at, clock.limit, rulebook.calendar(clock.calendar), clock.pauses)
    return clock if at is None else replace(clock, due_at=at)


@lru_cache(maxsize=256)
def _due(start: datetime, limit: str, calendar: Calendar | None, pauses: tuple[Pause, ...]) -> datetime | None:
    """When a limit is reached. The tickets of one batch start the same clocks at the same moment."""
    return due(start, Duration.parse(limit), calendar, pauses).at


def _pausing(change: Change) -> Iterable[Clock]:
    names = {rule.name for rule in change.rulebook.clocks if rule.pauses_while_waiting}
    return [clock for clock in change.ticket.clocks if clock.running and clock.name in names]


def _stop(change: Change, clock: Clock, outcome: Outcome) -> None:
    change.happen(ClockStopped(at=change.now, name=clock.name, cycle=clock.cycle, outcome=outcome))
