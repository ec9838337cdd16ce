"""What another rulebook means for the clocks that run: they are counted again, as if it had held from their start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.calendar.working_time import Pause
from rules.change import Change
from rules.events import ClockChanged, ClockStarted
from rules.ticket import Clock
from rules.work.clocks import is_held, start_of, stop_clock, with_due

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.rulebook import Rulebook
    from rules.sections.promises import ClockRule
    from rules.ticket import Ticket

REASON = "the rulebook changed"


def recompute_clocks(ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Decide what the rulebook, which was changed, means for the clocks of one ticket; no events where it is nothing.

    Limits and calendars are the rulebook's, counted from each clock's own start and with its pauses. What is promised
    no more is cancelled. What is promised now, and was to begin at a moment that has come, begins at that moment. Only
    clocks change: no letter is written and no rung taken, and what is thereby past due is for the next tick. A clock
    recorded overdue was broken by the limit that held then, and stays as it is.
    """
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    for clock in ticket.clocks:
        if clock.running:
            _recount(change, clock)
    if ticket.status != "closed":
        for rule in rulebook.clocks:
            _start_promised(change, rule)
    for owed in ticket.owed:
        if owed.written_at is None and owed.name in rulebook.promises:
            _start(change, rulebook.promises[owed.name], owed.since)
    return change.decide(None)


def _recount(change: Change, clock: Clock) -> None:
    rule = change.rulebook.promises.get(clock.name)
    promised = rule.limit_of(change.ticket) if rule is not None else None
    if rule is None or promised is None:
        change.reasons.append(f"{REASON}: it promises {clock.name} no more")
        stop_clock(change, clock, kept=False)
    elif clock.overdue_at is None:
        limited = replace(clock, limit=str(promised[0]), calendar=promised[1])
        counted = with_due(_held_or_going(change, limited, rule), change.rulebook)
        if counted != clock:
            change.happen(ClockChanged(at=change.now, clock=counted, reason=REASON), because=REASON)


def _held_or_going(change: Change, clock: Clock, rule: ClockRule) -> Clock:
    """The clock held or going on from now, where the rulebook says otherwise than before about waiting tickets."""
    held = is_held(change.ticket, rule)
    if held == clock.paused:
        return clock
    if held:
        return replace(clock, pauses=(*clock.pauses, Pause(change.now)))
    return replace(clock, pauses=(*clock.pauses[:-1], Pause(clock.pauses[-1].start, change.now)))


def _start_promised(change: Change, rule: ClockRule) -> None:
    at = start_of(change.ticket, rule)
    if at is not None:
        _start(change, rule, at)


def _start(change: Change, rule: ClockRule, at: datetime) -> None:
    """Start a clock at a moment that has passed, unless the ticket is not promised it or it has had its run."""
    last, promised = change.ticket.clock(rule.name), rule.limit_of(change.ticket)
    if promised is None or (last is not None and not _may_run_again(change.ticket, last, rule)):
        return
    limit, calendar = promised
    clock = Clock(
        name=rule.name,
        cycle=1 if last is None else last.cycle + 1,
        started_at=at,
        limit=str(limit),
        calendar=calendar,
        due_at=at,
        pauses=_pauses_since(change.ticket, at) if rule.pauses_while_waiting else (),
    )
    started = with_due(_held_or_going(change, clock, rule), change.rulebook)
    change.happen(ClockStarted(at=change.now, clock=started), because=REASON)


def _may_run_again(ticket: Ticket, last: Clock, rule: ClockRule) -> bool:
    """Tell whether a clock was cancelled since the ticket was last opened, as an earlier rulebook without it does."""
    opened_at = ticket.milestones.get("opened", ticket.opened_at)
    return (
        last.outcome == "cancelled" and not rule.once and last.stopped_at is not None and last.stopped_at >= opened_at
    )


def _pauses_since(ticket: Ticket, at: datetime) -> tuple[Pause, ...]:
    """When the ticket waited, as far as its other clocks tell: those that are held are held at the same time."""
    told = (tuple(_after(pause, at) for pause in clock.pauses if _lasts_beyond(pause, at)) for clock in ticket.clocks)
    return max(told, key=len, default=())


def _lasts_beyond(pause: Pause, at: datetime) -> bool:
    return pause.end is None or pause.end > at


def _after(pause: Pause, at: datetime) -> Pause:
    return Pause(max(pause.start, at), pause.end)
