"""What happens when a letter did not arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.change import Change
from rules.decision import Decision
from rules.events import LetterFailed, LetterHeld
from rules.language.sayings import say
from rules.letters.correspondence import tell_assignee, tell_staff
from rules.letters.reaching import fails

if TYPE_CHECKING:
    from datetime import datetime

    from rules.facts import Facts, SentLetter
    from rules.letter import Letter, Template
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


def decide_undelivered(
    letter: SentLetter, facts: Facts, rulebook: Rulebook, now: datetime, *, reason: str, hard: bool, tell: bool = True
) -> Decision:
    """Record that a letter was refused or came back, and tell staff; never the one who did not get it.

    A letter about an undelivered letter is not told of again: that would be a loop. `hard` says that the address
    itself failed: it counts towards its rest.
    """
    reach, rests = fails(letter.recipient, facts, rulebook, now) if hard else (None, False)
    changed = () if reach is None else ((letter.recipient, reach),)
    ticket = facts.tickets.get(letter.ticket)
    if ticket is None:
        return Decision(verdict=None, reasons=(reason,), reach=changed)
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    failed = LetterFailed(at=now, recipient=letter.recipient, template=letter.template, reason=reason)
    change.happen(failed, because=reason)
    if tell and letter.template != "undelivered":
        _tell_staff(change, letter, reason)
    if rests:
        words = say("rests", count=rulebook.letters.hard_bounces, rest=str(rulebook.letters.rest))
        change.reasons.append(words)
        _tell_others(change, letter.recipient, "notice", address=letter.recipient, reason=words)
    return replace(change.decide(None), reach=changed)


def decide_held(letter: Letter, ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Record that the gate held a letter back, and tell the assignee, or the leads where there is none."""
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    held = LetterHeld(at=now, recipient=letter.to, template=letter.template, reason=letter.held)
    change.happen(held, because=letter.held)
    tell_assignee(change, "notice", address=letter.to, reason=letter.held)
    return change.decide(None)


def _tell_staff(change: Change, letter: SentLetter, reason: str) -> None:
    words = {"recipient": letter.recipient, "template": letter.template, "reason": reason}
    _tell_others(change, letter.recipient, "undelivered", **words)


def _tell_others(change: Change, unreached: str, template: Template, /, **words: str) -> None:
    """Write to the assignee; where he is the one who is not reached, to the leads."""
    if unreached != change.ticket.assignee:
        tell_assignee(change, template, **words)
        return
    for lead in change.facts.staff.leads(change.ticket.team):
        if lead.address != unreached:
            tell_staff(change, lead, template, **words)
