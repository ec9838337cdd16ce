"""A ticket is what its events add up to: `fold` adds one event."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, assert_never

from rules.events import (
    Assigned,
    ClockChanged,
    ClockOverdue,
    ClockStarted,
    ClockStopped,
    Closed,
    EpisodeFired,
    EpisodeResolved,
    Escalated,
    Event,
    Joined,
    Judged,
    LetterFailed,
    Moved,
    Noted,
    Opened,
    Reopened,
    Reported,
    Resolved,
    Responded,
)
from rules.ticket import Clock, Participant, Status, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterable


def fold(ticket: Ticket | None, event: Event) -> Ticket:
    """Add one event to a ticket; the first event of every ticket is `Opened`.

    Raises ValueError for an event that comes before `Opened`.
    """
    if isinstance(event, Opened):
        return _open(event)
    if ticket is None:
        raise ValueError(f"{event.kind} cannot be the first event of a ticket")
    return replace(_add(ticket, event), changed_at=event.at, last_event=ticket.last_event + 1)


def fold_all(events: Iterable[Event]) -> Ticket | None:
    """Add up all events of one ticket, in order; None where there are none."""
    return reduce(fold, events, None)


def _open(event: Opened) -> Ticket:
    return Ticket(
        id=event.ticket,
        number=event.number,
        channel=event.channel,
        source=event.source,
        kind=event.ticket_kind,
        category=event.category,
        impact=event.impact,
        urgency=event.urgency,
        priority=event.priority,
        status="new",
        team=event.team,
        subject=event.subject,
        summary=event.summary,
        language=event.language,
        requester=event.requester,
        key=event.key,
        imported=event.imported,
        opened_at=event.at,
        changed_at=event.at,
        last_event=1,
    )


def _add(ticket: Ticket, event: Event) -> Ticket:
    match event:
        case Reported():
            return _count(ticket, event)
        case Joined():
            return replace(ticket, participants=_with_participant(ticket.participants, event.participant))
        case Judged():
            return _judge(ticket, event)
        case Escalated():
            return _escalate(ticket, event)
        case Assigned():
            return replace(ticket, team=event.team, assignee=event.assignee)
        case Moved():
            return replace(ticket, status=event.status, waiting_for=event.waiting_for)
        case Responded():
            return replace(ticket, responded_at=ticket.responded_at or event.at)
        case Resolved():
            return replace(ticket, status="resolved", waiting_for=None, solution=event.solution, resolved_at=event.at)
        case Reopened():
            return _reopen(ticket)
        case Closed():
            return replace(ticket, status="closed", waiting_for=None, closed_at=event.at)
        case EpisodeFired():
            return replace(ticket, firing=ticket.firing + 1)
        case EpisodeResolved():
            return replace(ticket, firing=ticket.firing - 1)
        case ClockStarted() | ClockChanged() | ClockOverdue() | ClockStopped():
            return replace(ticket, clocks=_with_clock(ticket.clocks, event))
        case Noted() | LetterFailed():
            return ticket
        case Opened():
            raise ValueError(f"ticket {ticket.number} is open already")
        case _:
            assert_never(event)


def _count(ticket: Ticket, event: Reported) -> Ticket:
    # An alert that fires again reopens and is a repeat, a reply to a resolved ticket only where it says so.
    repeated = event.verdict == "repeated" or (event.verdict == "reopened" and event.counts)
    return replace(
        ticket,
        reports=ticket.reports + 1,
        repeats=ticket.repeats + repeated,
        counted_repeats=ticket.counted_repeats + (repeated and event.counts),
        imported=ticket.imported and event.imported,
    )


def _with_participant(people: tuple[Participant, ...], participant: Participant) -> tuple[Participant, ...]:
    if all(person.address != participant.address for person in people):
        return (*people, participant)
    return tuple(participant if person.address == participant.address else person for person in people)


def _judge(ticket: Ticket, event: Judged) -> Ticket:
    return replace(
        ticket,
        kind=event.ticket_kind,
        category=event.category,
        impact=event.impact,
        urgency=event.urgency,
        priority=event.priority,
    )


def _escalate(ticket: Ticket, event: Escalated) -> Ticket:
    raised = ticket.raised + (event.was != event.now)
    return replace(ticket, priority=event.now, raised=raised, rungs=ticket.rungs | {event.rung})


def _reopen(ticket: Ticket) -> Ticket:
    status: Status = "in_progress" if ticket.assignee else "new"
    return replace(
        ticket, status=status, waiting_for=None, resolved_at=None, closed_at=None, reopened=ticket.reopened + 1
    )


def _with_clock(
    clocks: tuple[Clock, ...], event: ClockStarted | ClockChanged | ClockOverdue | ClockStopped
) -> tuple[Clock, ...]:
    if isinstance(event, ClockStarted):
        return (*(clock for clock in clocks if not _is_history(clock, event.clock)), event.clock)
    if isinstance(event, ClockChanged):
        name, cycle = event.clock.name, event.clock.cycle
    else:
        name, cycle = event.name, event.cycle
    return tuple(
        _change_clock(clock, event) if (clock.name, clock.cycle) == (name, cycle) else clock for clock in clocks
    )


def _is_history(clock: Clock, started: Clock) -> bool:
    """Tell whether a cycle is older than the last one: the events keep it, and the ticket does not carry it on."""
    return clock.name == started.name and clock.cycle < started.cycle - 1


def _change_clock(clock: Clock, event: ClockChanged | ClockOverdue | ClockStopped) -> Clock:
    match event:
        case ClockChanged():
            return event.clock
        case ClockOverdue():
            return replace(clock, overdue_at=event.at)
        case ClockStopped():
            return replace(clock, stopped_at=event.at, outcome=event.outcome)
