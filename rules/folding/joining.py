"""Who takes part in a ticket, and what is a part of it, after an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.events import Joined
from rules.joining.events import Absorbed, Merged, Parted, Suggested, Unmerged

if TYPE_CHECKING:
    from rules.folding.changes import Changes
    from rules.joining.events import JoiningEvent
    from rules.ticket import Participant, Status, Ticket


def with_joining(ticket: Ticket, event: Joined | JoiningEvent) -> Changes:
    """What changes of a ticket with one event of joining or parting."""
    match event:
        case Joined():
            return _join(ticket, event.participant)
        case Suggested():
            return {"suggested": event.suggestion}
        case Merged():
            return {"merged_into": event.into, "suggested": None}
        case Absorbed():
            return _absorb(ticket, event)
        case Unmerged():
            return _unmerge(ticket)
        case Parted():
            return _part(ticket, event)


def _join(ticket: Ticket, participant: Participant) -> Changes:
    parted = tuple(each for each in ticket.parted if each[0] != participant.address)
    return {"participants": _with_participant(ticket.participants, participant), "parted": parted}


def _with_participant(people: tuple[Participant, ...], participant: Participant) -> tuple[Participant, ...]:
    if all(person.address != participant.address for person in people):
        return (*people, participant)
    return tuple(participant if person.address == participant.address else person for person in people)


def _absorb(ticket: Ticket, event: Absorbed) -> Changes:
    return {
        "absorbed": (*ticket.absorbed, event.ticket),
        "parted": tuple(each for each in ticket.parted if each[1] != event.ticket),
        "reports": ticket.reports + event.reports,
        "repeats": ticket.repeats + event.repeats,
        "counted_repeats": ticket.counted_repeats + event.counted_repeats,
        "reported_at": event.at,
    }


def _unmerge(ticket: Ticket) -> Changes:
    status: Status = "in_progress" if ticket.assignee else "new"
    milestones = ticket.milestones.delete("closed") if "closed" in ticket.milestones else ticket.milestones
    return {"merged_into": None, "status": status, "closed_at": None, "milestones": milestones}


def _part(ticket: Ticket, event: Parted) -> Changes:
    return {
        "participants": tuple(person for person in ticket.participants if person.address not in event.people),
        "absorbed": tuple(each for each in ticket.absorbed if each != event.ticket),
        "parted": (*ticket.parted, *((address, event.ticket) for address in event.people)),
        "reports": max(1, ticket.reports - event.reports),
        "repeats": max(0, ticket.repeats - event.repeats),
        "counted_repeats": max(0, ticket.counted_repeats - event.counted_repeats),
    }
