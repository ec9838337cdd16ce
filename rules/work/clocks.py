"""The running promises of a ticket: what starts, stops, pauses and changes them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rules.calendar.duration import Duration
from rules.calendar.working_time import Pause, due
from rules.events import ClockChanged, ClockStarted, ClockStopped
from rules.ticket import Clock, Moment, Outcome, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rules.calendar.calendars import Calendar
    from rules.change import Change
    from rules.rulebook import Rulebook
    from rules.sections.promises import ClockRule


def start_clocks(change: Change, moment: Moment) -> None:
    """Start every clock that this moment starts, that the ticket is promised and that is not running already."""
    for rule in change.rulebook.clocks:
        if moment in rule.starts and rule.limit_of(change.ticket) is not None:
            last = change.ticket.clock(rule.name)
            if last is None or not (last.running or rule.once):
                start_clock(change, rule, cycle=1 if last is None else last.cycle + 1)


def start_clock(change: Change, rule: ClockRule, *, cycle: int) -> None:
    """Start one cycle of one clock now, with the limit that the ticket is promised at present, if it is any."""
    promised = rule.limit_of(change.ticket)
    if promised is None:
        return
    limit, calendar = promised
    clock = Clock(
        name=rule.name,
        cycle=cycle,
        started_at=change.now,
        limit=str(limit),
        calendar=calendar,
        due_at=change.now,
        pauses=(Pause(change.now),) if is_held(change.ticket, rule) else (),
    )
    change.happen(ClockStarted(at=change.now, clock=with_due(clock, change.rulebook)))


def stop_clocks(change: Change, moment: Moment) -> None:
    """Stop every running clock that waits for this moment: met, or breached where it was due before."""
    for clock in change.ticket.clocks:
        rule = change.rulebook.promises.get(clock.name)
        if clock.running and rule is not None and moment in rule.stops:
            _stop(change, clock, "breached" if is_broken(change, clock) else "met")


def stop_clock(change: Change, clock: Clock, *, kept: bool, reason: str = "") -> None:
    """Stop one clock: as kept, or breached where it was due before; without `kept` as cancelled, for a reason."""
    outcome: Outcome = "breached" if is_broken(change, clock) else "met" if kept else "cancelled"
    _stop(change, clock, outcome, reason)


def cancel_clocks(change: Change, *, reason: str = "") -> None:
    """Stop what still runs on a closed ticket, but for what is owed. A promise already broken stays broken."""
    owed = {rule.name for rule in change.rulebook.owed}
    for clock in change.ticket.clocks:
        if clock.running and clock.name not in owed:
            stop_clock(change, clock, kept=False, reason=reason)


def pause_clocks(change: Change, *, reason: str) -> None:
    """Hold the clocks that do not run while the ticket waits for somebody else."""
    for clock in _pausing(change):
        if not clock.paused:
            held = replace(clock, pauses=(*clock.pauses, Pause(change.now)))
            change.happen(ClockChanged(at=change.now, clock=held, reason=reason))


def hold_clocks(change: Change, *, reason: str) -> None:
    """Hold all that runs but what is owed, while it is seen whether it is over; what is due is left to the tick."""
    promised = {rule.name for rule in change.rulebook.clocks}
    for clock in change.ticket.clocks:
        if clock.name in promised and clock.waits and clock.due_at > change.now:
            held = replace(clock, pauses=(*clock.pauses, Pause(change.now)))
            change.happen(ClockChanged(at=change.now, clock=held, reason=reason))


def resume_clocks(change: Change, *, reason: str) -> None:
    """Let held clocks go on, but for those that the ticket as it stands now holds; the time held does not count."""
    for clock in change.ticket.clocks:
        rule = change.rulebook.promises.get(clock.name)
        if clock.running and clock.paused and rule is not None and not is_held(change.ticket, rule):
            ended = (*clock.pauses[:-1], Pause(clock.pauses[-1].start, change.now))
            going = with_due(replace(clock, pauses=ended), change.rulebook)
            change.happen(ClockChanged(at=change.now, clock=going, reason=reason))


def change_limits(change: Change, *, reason: str, keep: str | None = None) -> None:
    """Give running clocks the limit of the ticket's new level, counted from their original start.

    What only the new level promises begins now.
    `keep` names the clock that ran over and so raised the level: it keeps its own limit.
    """
    for clock in change.ticket.clocks:
        rule = change.rulebook.promises.get(clock.name)
        promised = rule.limit_of(change.ticket) if rule is not None else None
        if not clock.running or clock.name == keep or promised is None:
            continue
        limit, calendar = str(promised[0]), promised[1]
        if (limit, calendar) != (clock.limit, clock.calendar):
            changed = with_due(replace(clock, limit=limit, calendar=calendar), change.rulebook)
            change.happen(ClockChanged(at=change.now, clock=changed, reason=reason))
    _start_promised(change)


def start_of(ticket: Ticket, rule: ClockRule) -> datetime | None:
    """The moment from which a clock is awaited: the first that starts it and that none has stopped since."""
    awaited = (
        ticket.milestones[moment]
        for moment in rule.starts
        if ticket.reached(moment) and not any(ticket.reached(stop, since=moment) for stop in rule.stops)
    )
    return min(awaited, default=None)


def is_broken(change: Change, clock: Clock) -> bool:
    """Tell whether a promise was not kept in time, also where no tick has recorded it yet."""
    return clock.overdue_at is not None or (not clock.paused and clock.due_at < change.now)


def _start_promised(change: Change) -> None:
    """Start what the new level promises and the old one did not, from now, unless it has been kept already."""
    for rule in change.rulebook.clocks:
        if change.ticket.clock(rule.name) is None and start_of(change.ticket, rule) is not None:
            start_clock(change, rule, cycle=1)


def is_held(ticket: Ticket, rule: ClockRule) -> bool:
    """Tell whether the clock does not run at present: the ticket waits for somebody else, or whether it is over."""
    return ticket.alerts.held or (rule.pauses_while_waiting and ticket.status == "waiting")


def with_due(clock: Clock, rulebook: Rulebook) -> Clock:
    """The clock with the moments at which it is due and warned of; those it has where nobody can say them."""
    if clock.calendar is not None and clock.calendar not in rulebook.calendars:
        return clock  # a calendar of an earlier rulebook: what was promised by it stands
    at = _due(clock.started_at, clock.limit, rulebook.calendar(clock.calendar), clock.pauses)
    if at is None:
        return clock
    rule = rulebook.promises.get(clock.name)
    early = rule.warns.length() if rule is not None and rule.warns is not None else None
    return replace(clock, due_at=at, warn_at=None if early is None else at - early)


@lru_cache(maxsize=256)
def _due(start: datetime, limit: str, calendar: Calendar | None, pauses: tuple[Pause, ...]) -> datetime | None:
    """When a limit is reached. The tickets of one batch start the same clocks at the same moment."""
    return due(start, Duration.parse(limit), calendar, pauses).at


def _pausing(change: Change) -> Iterable[Clock]:
    names = {rule.name for rule in change.rulebook.clocks if rule.pauses_while_waiting}
    return [clock for clock in change.ticket.clocks if clock.running and clock.name in names]


def _stop(change: Change, clock: Clock, outcome: Outcome, reason: str = "") -> None:
    stopped = ClockStopped(at=change.now, name=clock.name, cycle=clock.cycle, outcome=outcome, reason=reason)
    change.happen(stopped)
