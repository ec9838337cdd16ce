"""Commands of those who are asked: `!approve` and `!reject`, and of complaints `!findings` and `!decide`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.closing.complaints import decide_complaint, record_findings
from rules.commands.answers import name_of, not_done, work
from rules.events import ApprovalGiven
from rules.language.sayings import Saying, say
from rules.letters.correspondence import tell_assignee

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person


def approve(change: Change, person: Person, text: str) -> Saying:
    """Give the approval that was asked for."""
    return _answer(change, person, text, granted=True)


def reject(change: Change, person: Person, text: str) -> Saying:
    """Refuse the approval that was asked for."""
    return _answer(change, person, text, granted=False)


def findings(change: Change, person: Person, text: str) -> str:
    """Record what was found out about a complaint."""
    if not change.ticket.reached("complained"):
        return not_done(say("no-complaint", number=change.ticket.number))
    if text:
        work(change, person, reassesses=False)
    return record_findings(change, person, text)


def decide(change: Change, person: Person, text: str) -> str:
    """Record what was decided about a complaint."""
    if not change.ticket.reached("complained"):
        return not_done(say("no-complaint", number=change.ticket.number))
    if text:
        work(change, person, reassesses=False)
    return decide_complaint(change, person, text)


def _answer(change: Change, person: Person, text: str, *, granted: bool) -> Saying:
    if change.ticket.approval is None:
        return not_done(say("none-asked", number=change.ticket.number))
    work(change, person, reassesses=False)
    answer = say("approves" if granted else "rejects", person=name_of(person))
    change.happen(ApprovalGiven(at=change.now, by=person.address, granted=granted, text=text), because=answer)
    tell_assignee(change, "approved", granted=granted, author=name_of(person), text=text)
    return say("approved" if granted else "rejected")
