"""What a report does not tell and the rulebook needs: asked for in one friendly letter, while the clocks wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.events import Asked, Judged, Moved
from rules.judging.needs import missing_needs
from rules.judging.priority import judge_answer
from rules.language.sayings import say
from rules.work.clocks import change_limits, resume_clocks
from rules.work.dispatch import follow_category
from rules.work.moments import let_come, reach
from rules.work.status import wait_for

if TYPE_CHECKING:
    from rules.change import Change
    from rules.report import Mail
    from rules.ticket import Participant


def ask_for_missing(change: Change, mail: Mail, person: Participant | None) -> tuple[str, ...]:
    """Find what a report lacks, by the names of `[needs]`, and let the ticket wait for it; the receipt asks.

    Nobody is asked who is not written to: then the desk works with what it has.
    """
    unanswered = change.facts.senders_are_proven and not mail.verified
    if person is None or person.silent or mail.imported or unanswered:
        return ()
    contact = change.facts.directory.find(person.address)
    missing = missing_needs(f"{mail.subject}\n{mail.text}", change.ticket, contact, person.name, change.rulebook)
    if missing:
        reason = say("asks-missing", missing=", ".join(missing))
        change.happen(Asked(at=change.now, missing=missing), because=reason)
        wait_for(change, "requester", reason=reason)
        let_come(change, "asked")
    return missing


def hear_answer(change: Change, mail: Mail) -> None:
    """Take what the requester writes for an answer to what was asked: the clocks go on, and the ticket is judged again.

    He is not asked a second time; staff see what is still not told.
    """
    ticket = change.ticket
    if not ticket.missing or mail.sender is None or mail.sender.address != ticket.requester:
        return
    reach(change, "answered", by=mail.sender.address)
    if ticket.status == "waiting":
        reason = say("told-missing")
        change.happen(Moved(at=change.now, status="assigned" if ticket.assignee else "new", reason=reason))
        resume_clocks(change, reason=reason)
    _judge_again(change, mail)


def _judge_again(change: Change, mail: Mail) -> None:
    """The level may rise by what is known now; it is never lowered."""
    contact = change.facts.directory.find(change.ticket.requester)
    again = judge_answer(change.ticket, f"{change.ticket.summary}\n{mail.text}", change.rulebook, contact)
    if again is None:
        return
    was = change.ticket.priority
    change.happen(
        Judged(
            at=change.now,
            ticket_kind=again.kind,
            category=again.category,
            impact=again.impact,
            urgency=again.urgency,
            priority=again.priority,
            reason=say("told-missing"),
        ),
        because=say("told-missing"),
    )
    change.reasons.extend(again.reasons)
    if again.priority != was:
        change_limits(change, reason=say("told-missing"))
    if not change.ticket.reached("acknowledged", since="assigned"):
        follow_category(change)
