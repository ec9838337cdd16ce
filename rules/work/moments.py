"""The moments of a ticket's life: what reaching one starts, stops and leaves owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.events import Closed, Reached
from rules.language.sayings import say
from rules.work.clocks import cancel_clocks, resume_clocks, start_clocks, stop_clocks
from rules.work.owed import owe_for

if TYPE_CHECKING:
    from rules.change import Change
    from rules.events import Resolution
    from rules.people import Person
    from rules.ticket import Milestone, Moment


def reach(change: Change, milestone: Milestone, *, by: str | None = None, text: str = "") -> None:
    """Record a milestone, and let its moment come. `by` is an address, `text` what was written with it."""
    change.happen(Reached(at=change.now, milestone=milestone, by=by, text=text))
    let_come(change, milestone)


def let_come(change: Change, moment: Moment) -> None:
    """Stop the clocks that wait for a moment, start those that begin with it, and note what is owed from it on.

    With a solution nobody is waited for any more: clocks that were held, and run beyond it, go on.
    """
    stop_clocks(change, moment)
    if moment == "resolved":
        resume_clocks(change, reason=say("moment", moment=moment))
    start_clocks(change, moment)
    owe_for(change, moment)


def close_ticket(change: Change, *, how: Resolution, reason: str, because: str | None = None) -> None:
    """Close a ticket on somebody's word (`how`): its moment comes, and what still runs of its promises is cancelled.

    `because` is the reason as the decision tells it, where that is not the event's own.
    """
    change.happen(Closed(at=change.now, how=how, reason=reason), because=because or reason)
    let_come(change, "closed")
    cancel_clocks(change)


def note_work(change: Change, person: Person, *, reassesses: bool = True) -> None:
    """Note what it means that a member of staff does anything on a ticket: that it is accepted, and more.

    The assignee thereby acknowledges it; where nobody reported it but a monitor, that is the response too. With
    `reassesses` a solution that the requester refused is looked at again.
    """
    ticket = change.ticket
    if not ticket.reached("accepted"):
        reach(change, "accepted", by=person.address)
    if ticket.assignee == person.address and not ticket.reached("acknowledged", since="assigned"):
        reach(change, "acknowledged", by=person.address)
        if not ticket.participants:
            respond(change, person)
    if reassesses and ticket.reached("refused") and not ticket.reached("reassessed", since="refused"):
        reach(change, "reassessed", by=person.address)


def respond(change: Change, person: Person) -> None:
    """Record that staff answered the requester."""
    if change.ticket.responded_at is None or not change.ticket.reached("responded", since="opened"):
        reach(change, "responded", by=person.address)
