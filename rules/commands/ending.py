"""Commands that end a ticket: `!resolve`, `!close`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.alerts.healing import close_where_nobody_waits
from rules.closing.solution import propose_solution
from rules.commands.answers import explain, tell_colleague, tell_words, told, work
from rules.language.sayings import Saying, say, say_all
from rules.work.moments import close_ticket, respond

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person


def resolve(change: Change, person: Person, text: str) -> Saying:
    """Write down the solution, and ask the requesters whether it is solved."""
    if not text:
        return explain(change, "resolve", say("no-solution"))
    work(change, person)
    respond(change, person)
    propose_solution(change, person, text)
    close_where_nobody_waits(change)
    return told(change, say("resolved", number=change.ticket.number), asked=True)


def close(change: Change, person: Person, text: str) -> Saying:
    """Close the ticket without the requester's written word; the reason says why that may be."""
    if not text:
        return explain(change, "close", say("no-reason"))
    work(change, person)
    closed = say("closed-because", why=text)
    close_ticket(change, how="assignee", reason=text, because=closed)
    tell_words(change, "closed", {"reason": text})
    tell_colleague(change, change.ticket.assignee, person, closed)
    done = say("closed", number=change.ticket.number)
    if change.ticket.alerts.muted:
        done = say_all((done, say("closed-firing", count=change.ticket.firing)))
    return told(change, done)
