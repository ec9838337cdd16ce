"""A ticket is what its events add up to: `fold` adds one event."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Final, assert_never

from immutables import Map

from rules.alerts.events import AlertEvent, StormBegan
from rules.alerts.storm_state import Storm, storm_after
from rules.events import (
    ApprovalAsked,
    ApprovalGiven,
    Asked,
    Assigned,
    Attached,
    ClockChanged,
    ClockOverdue,
    ClockStarted,
    ClockStopped,
    ClockWarned,
    Closed,
    Escalated,
    Event,
    Expected,
    Flooded,
    HandedOver,
    Joined,
    Judged,
    LetterFailed,
    LetterHeld,
    Moved,
    Noted,
    Opened,
    Owes,
    Rated,
    Reached,
    Reopened,
    Reported,
    Represented,
    Resolved,
    Written,
)
from rules.folding.alerts import alerts_after, concerns_after, end_hold, firing_after, mute, unmute
from rules.folding.clocks import with_clock
from rules.folding.joining import with_joining
from rules.joining.events import Absorbed, Merged, Parted, Suggested, Unmerged
from rules.silences.events import Silenced, SilenceEnded, SilenceEvent, SilenceFailed, SilenceSet
from rules.ticket import Moment, Owed, Participant, Status, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rules.folding.changes import Changes

_AWAITED_ANEW: Final[dict[Moment, tuple[Moment, ...]]] = {
    "opened": ("responded", "diagnosed", "resolved", "confirmed"),
    "assigned": ("acknowledged",),
    "unassigned": ("assigned", "acknowledged"),
    "asked": ("answered",),
    "resolved": ("confirmed", "refused", "reassessed"),
    "refused": ("reassessed",),
    "complained": ("verified", "decided"),
}
#: How many attachments a ticket lists; its events have them all.
MOST_ATTACHMENTS: Final = 100
_NOTHING_REACHED: Final[Map[Moment, datetime]] = Map()


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
        relation=event.relation,
        zone=event.zone,
        line=event.line,
        forwarded_from=event.forwarded_from,
        key=event.key,
        concerns=event.concerns,
        imported=event.imported,
        milestones=_NOTHING_REACHED.set("opened", event.at),
        opened_at=event.at,
        reported_at=event.at,
        changed_at=event.at,
        last_event=1,
    )


def _with(ticket: Ticket, changes: Changes) -> Ticket:
    """A ticket with some fields changed. A mail makes seven events, and `dataclasses.replace` is ten times slower."""
    changed = object.__new__(Ticket)
    changed.__dict__.update(ticket.__dict__)
    changed.__dict__.update(changes)
    return changed


def _changes(ticket: Ticket, event: Event) -> Changes:
    if isinstance(event, AlertEvent):
        return _alert(ticket, event)
    if isinstance(event, SilenceEvent):
        return _silence(event)
    match event:
        case Reported():
            return _count(ticket, event)
        case Joined() | Suggested() | Merged() | Absorbed() | Unmerged() | Parted():
            return with_joining(ticket, event)
        case Attached():
            return {"attachments": (*ticket.attachments, *event.attachments)[-MOST_ATTACHMENTS:]}
        case Judged():
            return _judge(event)
        case Escalated():
            return _escalate(ticket, event)
        case Assigned() | HandedOver() | Moved() | Expected():
            return _work(ticket, event)
        case Reached() | Asked() | Rated() | ApprovalAsked() | ApprovalGiven() | Represented():
            return _hear(ticket, event)
        case Owes() | Written():
            return _owe(ticket, event)
        case Resolved() | Reopened() | Closed():
            return _end(ticket, event)
        case ClockStarted() | ClockChanged() | ClockWarned() | ClockOverdue() | ClockStopped():
            return {"clocks": with_clock(ticket.clocks, event)}
        case Noted() | LetterFailed() | LetterHeld():
            return {}
        case Flooded():
            return {"flooded": True}
        case Opened():
            raise ValueError(f"ticket {ticket.number} is open already")
        case _:
            assert_never(event)


def _alert(ticket: Ticket, event: AlertEvent) -> Changes:
    if isinstance(event, StormBegan):
        return {"storm": Storm(last_at=event.at)}
    firing = firing_after(ticket.firing, event)
    changes: Changes = {"firing": firing, "alerts": alerts_after(ticket.alerts, firing, event)}
    if ticket.storm is not None:
        changes["storm"] = storm_after(ticket.storm, event)
    concerns = concerns_after(ticket.concerns, event)
    if concerns is not ticket.concerns:
        changes["concerns"] = concerns
    return changes


def _silence(event: SilenceEvent) -> Changes:
    match event:
        case Silenced():
            return {"silence": "wanted"}
        case SilenceSet():
            return {"silence": "active"}
        case SilenceEnded():
            return {"silence": None}
        case SilenceFailed():
            return {}


def _work(ticket: Ticket, event: Assigned | HandedOver | Moved | Expected) -> Changes:
    match event:
        case Assigned(assignee=None):
            left = _reach(ticket, "unassigned", event.at) if ticket.assignee is not None else {}
            return {"team": event.team, "assignee": None, **left}
        case Assigned():
            return {"team": event.team, "assignee": event.assignee, **_reach(ticket, "assigned", event.at)}
        case HandedOver():
            return {"team": event.team, "line": event.line, **_reach(ticket, "handed_over", event.at)}
        case Moved():
            return {"status": event.status, "waiting_for": event.waiting_for}
        case Expected():
            return {"expected_at": event.until}


def _hear(ticket: Ticket, event: Reached | Asked | Rated | ApprovalAsked | ApprovalGiven | Represented) -> Changes:
    match event:
        case Reached(milestone="responded"):
            return {"responded_at": ticket.responded_at or event.at, **_reach(ticket, "responded", event.at)}
        case Reached(milestone="complained"):
            return {"complaint": event.text, **_reach(ticket, "complained", event.at)}
        case Reached(milestone="answered"):
            return {"missing": (), **_reach(ticket, "answered", event.at)}
        case Reached():
            return _reach(ticket, event.milestone, event.at)
        case Asked():
            return {"missing": event.missing, **_reach(ticket, "asked", event.at)}
        case Rated():
            return {"ratings": event.ratings, **_reach(ticket, "rated", event.at)}
        case ApprovalAsked():
            return {"approval": event.of}
        case ApprovalGiven():
            return {"approval": None}
        case Represented():
            return {"requester": event.requester, "relation": event.relation, "zone": event.zone}


def _owe(ticket: Ticket, event: Owes | Written) -> Changes:
    match event:
        case Owes():
            return {"owed": (*ticket.owed, Owed(name=event.name, by=event.by, since=event.at))}
        case Written():
            written = (replace(o, written_at=event.at) if _is_due(o, event) else o for o in ticket.owed)
            return {"owed": tuple(written), **_reach(ticket, "written", event.at)}


def _is_due(owed: Owed, event: Written) -> bool:
    return owed.name == event.name and owed.written_at is None


def _end(ticket: Ticket, event: Resolved | Reopened | Closed) -> Changes:
    match event:
        case Resolved():
            return {
                "status": "resolved",
                "waiting_for": None,
                "solution": event.solution,
                "resolved_at": event.at,
                "alerts": end_hold(ticket.alerts),
                **_reach(ticket, "resolved", event.at),
            }
        case Reopened():
            return _reopen(ticket, event)
        case Closed():
            return {
                "status": "closed",
                "waiting_for": None,
                "closed_at": event.at,
                "alerts": mute(end_hold(ticket.alerts), ticket.firing),
                **_reach(ticket, "closed", event.at),
            }


def _reach(ticket: Ticket, moment: Moment, at: datetime) -> Changes:
    """Note a moment, and forget what is to come anew after it: times alone cannot order what happens at one instant."""
    milestones = ticket.milestones.set(moment, at)
    for later in _AWAITED_ANEW.get(moment, ()):
        if later in milestones:
            milestones = milestones.delete(later)
    return {"milestones": milestones}


def _count(ticket: Ticket, event: Reported) -> Changes:
    # An alert that fires again reopens and is a repeat, a reply to a resolved ticket only where it says so.
    repeated = event.verdict == "repeated" or (event.verdict == "reopened" and event.counts)
    return {
        "reports": ticket.reports + 1,
        "repeats": ticket.repeats + repeated,
        "counted_repeats": ticket.counted_repeats + (repeated and event.counts),
        "imported": ticket.imported and event.imported,
        "reported_at": ticket.reported_at if event.verdict == "appended" else event.at,
    }


def _judge(event: Judged) -> Changes:
    return {
        "kind": event.ticket_kind,
        "category": event.category,
        "impact": event.impact,
        "urgency": event.urgency,
        "priority": event.priority,
    }


def _escalate(ticket: Ticket, event: Escalated) -> Changes:
    raised = ticket.raised + (event.was != event.now)
    return {"priority": event.now, "raised": raised, "rungs": ticket.rungs | {event.rung}}


def _asked_anew(person: Participant) -> Participant:
    return replace(person, confirmed=False) if person.confirmed else person


def _reopen(ticket: Ticket, event: Reopened) -> Changes:
    status: Status = "in_progress" if ticket.assignee else "new"
    return {
        "status": status,
        "waiting_for": None,
        "resolved_at": None,
        "closed_at": None,
        "reopened": ticket.reopened + 1,
        "participants": tuple(_asked_anew(person) for person in ticket.participants),
        "alerts": unmute(end_hold(ticket.alerts)),
        **_reach(ticket, "opened", event.at),
    }
