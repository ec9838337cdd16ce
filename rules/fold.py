"""A ticket is what its events add up to: `fold` adds one event."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import reduce
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypedDict, assert_never

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
from rules.ticket import Clock, Impact, Kind, Participant, Status, Ticket, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_FIELDS: Final = tuple(field.name for field in fields(Ticket))
_VALUES: Final = attrgetter(*_FIELDS)


class _Changes(TypedDict, total=False):
    """The fields of a ticket that an event may change."""

    kind: Kind
    category: str
    impact: Impact
    urgency: Urgency
    priority: str
    status: Status
    waiting_for: str | None
    team: str
    assignee: str | None
    participants: tuple[Participant, ...]
    firing: int
    reports: int
    repeats: int
    counted_repeats: int
    reopened: int
    raised: int
    rungs: frozenset[str]
    clocks: tuple[Clock, ...]
    solution: str | None
    imported: bool
    changed_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    last_event: int


def fold(ticket: Ticket | None, event: Event) -> Ticket:
    """Add one event to a ticket; the first event of every ticket is `Opened`.

    Raises ValueError for an event that comes before `Opened`.
    """
    if isinstance(event, Opened):
        return _open(event)
    if ticket is None:
        raise ValueError(f"{event.kind} cannot be the first event of a ticket")
    return _with(ticket, {**_changes(ticket, event), "changed_at": event.at, "last_event": ticket.last_event + 1})


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


def _with(ticket: Ticket, changes: _Changes) -> Ticket:
    """A ticket with some fields changed. A mail makes seven events, and `dataclasses.replace` takes twice as long."""
    changed = object.__new__(Ticket)
    for name, value in zip(_FIELDS, _VALUES(ticket), strict=True):
        object.__setattr__(changed, name, value)
    for name, value in changes.items():
        object.__setattr__(changed, name, value)
    return changed


def _changes(ticket: Ticket, event: Event) -> _Changes:
    match event:
        case Reported():
            return _count(ticket, event)
        case Joined():
            return {"participants": _with_participant(ticket.participants, event.participant)}
        case Judged():
            return _judge(event)
        case Escalated():
            return _escalate(ticket, event)
        case Assigned():
            return {"team": event.team, "assignee": event.assignee}
        case Moved():
            return {"status": event.status, "waiting_for": event.waiting_for}
        case Responded():
            return {"responded_at": ticket.responded_at or event.at}
        case Resolved():
            return {"status": "resolved", "waiting_for": None, "solution": event.solution, "resolved_at": event.at}
        case Reopened():
            return _reopen(ticket)
        case Closed():
            return {"status": "closed", "waiting_for": None, "closed_at": event.at}
        case EpisodeFired():
            return {"firing": ticket.firing + 1}
        case EpisodeResolved():
            return {"firing": ticket.firing - 1}
        case ClockStarted() | ClockChanged() | ClockOverdue() | ClockStopped():
            return {"clocks": _with_clock(ticket.clocks, event)}
        case Noted() | LetterFailed():
            return {}
        case Opened():
            raise ValueError(f"ticket {ticket.number} is open already")
        case _:
            assert_never(event)


def _count(ticket: Ticket, event: Reported) -> _Changes:
    # An alert that fires again reopens and is a repeat, a reply to a resolved ticket only where it says so.
    repeated = event.verdict == "repeated" or (event.verdict == "reopened" and event.counts)
    return {
        "reports": ticket.reports + 1,
        "repeats": ticket.repeats + repeated,
        "counted_repeats": ticket.counted_repeats + (repeated and event.counts),
        "imported": ticket.imported and event.imported,
    }


def _with_participant(people: tuple[Participant, ...], participant: Participant) -> tuple[Participant, ...]:
    if all(person.address != participant.address for person in people):
        return (*people, participant)
    return tuple(participant if person.address == participant.address else person for person in people)


def _judge(event: Judged) -> _Changes:
    return {
        "kind": event.ticket_kind,
        "category": event.category,
        "impact": event.impact,
        "urgency": event.urgency,
        "priority": event.priority,
    }


def _escalate(ticket: Ticket, event: Escalated) -> _Changes:
    raised = ticket.raised + (event.was != event.now)
    return {"priority": event.now, "raised": raised, "rungs": ticket.rungs | {event.rung}}


def _reopen(ticket: Ticket) -> _Changes:
    status: Status = "in_progress" if ticket.assignee else "new"
    return {
        "status": status,
        "waiting_for": None,
        "resolved_at": None,
        "closed_at": None,
        "reopened": ticket.reopened + 1,
    }


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
