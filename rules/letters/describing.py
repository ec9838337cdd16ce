"""What letters to staff tell of a report and of an escalation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.joining.repeats import COMPARED
from rules.letters.correspondence import assignee_name, due_times
from rules.ticket import SUMMARY

if TYPE_CHECKING:
    from rules.change import Change
    from rules.language.sayings import Saying
    from rules.letter import Value
    from rules.ticket import Ticket


def describe_report(ticket: Ticket) -> dict[str, Value]:
    """What staff who have not read the report are shown of it: who wrote, and as much as the ticket keeps."""
    kept = ticket.summary.removeprefix(f"{ticket.subject}\n")
    goes_on = len(ticket.summary) >= SUMMARY or (ticket.channel == "mail" and len(kept) >= COMPARED)
    return {"requester": _requester(ticket), "text": f"{kept}…" if goes_on else kept}


def describe_escalation(change: Change, reason: str, advice: Saying, *, was: str | None = None) -> dict[str, Value]:
    """What an `escalated` letter says: why, what to do now, what was reported, and how the ticket stands.

    `was` is its level before.
    """
    return {
        **describe_report(change.ticket),
        "was": was or change.ticket.priority,
        "reason": reason,
        "advice": advice,
        "assignee": assignee_name(change),
        "due": due_times(change),
    }


def _requester(ticket: Ticket) -> str | None:
    person = ticket.participant(ticket.requester) if ticket.requester else None
    return f"{person.name} <{person.address}>" if person and person.name else ticket.requester
