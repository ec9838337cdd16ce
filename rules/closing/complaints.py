"""A complaint: it is verified, the findings go to who decides, and the decision to the requester."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.judging.classify import LONGEST_TEXT, classify
from rules.language.sayings import say
from rules.letters.correspondence import tell_participant, tell_participants, tell_staff
from rules.work.escalation import escalate_complaint
from rules.work.moments import reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.change import Change
    from rules.language.sayings import Saying
    from rules.people import Person, Role
    from rules.report import Mail
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


def is_complaint(mail: Mail, rulebook: Rulebook) -> bool:
    """Tell whether a mail complains, by its words."""
    signs = rulebook.complaint_signs.told_by(f"{mail.subject}\n{mail.text[:LONGEST_TEXT]}")
    return bool(signs) and classify(mail, rulebook).kind == "complaint"


def complained_of(mail: Mail, by_person: Mapping[str, tuple[int, ...]], rulebook: Rulebook) -> int | None:
    """The ticket that a complaint outside any thread is about: the one open ticket of its sender (`by_person`).

    Who complains seldom says again what is broken. Somebody with several open tickets may mean any of them.
    """
    tickets = by_person.get(mail.sender.address, ()) if mail.sender else ()
    return tickets[0] if len(tickets) == 1 and is_complaint(mail, rulebook) else None


def complain(change: Change, by: str, text: str, *, acknowledge: bool = False) -> None:
    """Take in a complaint on a ticket: its rungs, and whoever is to find out what happened gets its words.

    `by` is an address, which with `acknowledge` is told that it has come. A further complaint while one is open adds
    its words to the ticket and nothing else.
    """
    if has_open_complaint(change.ticket):
        return
    if acknowledge and (complainant := change.ticket.participant(by)) is not None:
        tell_participant(change, complainant, "complained", decides=change.rulebook.complaints.decided_by is not None)
    change.reasons.append(say("complains"))
    reach(change, "complained", by=by, text=text)
    escalate_complaint(change)
    role = change.rulebook.complaints.verified_by
    for person in _people(change, role or "lead"):
        tell_staff(change, person, "complaint", author=_author(change, by), text=text, verify=role is not None)


def has_open_complaint(ticket: Ticket) -> bool:
    """Tell whether somebody complained of the ticket and no decision was told since."""
    over = ticket.reached("decided", since="complained") or ticket.reached("closed", since="complained")
    return ticket.reached("complained") and not over


def record_findings(change: Change, person: Person, text: str) -> Saying:
    """Record what was found out about the complaint, and send it to who decides; returns what came of it."""
    if not change.ticket.reached("complained"):
        return say("no-complaint", number=change.ticket.number)
    if not text.strip():
        return say("no-findings")
    reach(change, "verified", by=person.address, text=text)
    role = change.rulebook.complaints.decided_by
    if role is None:
        return say("findings-kept")
    for reader in _people(change, role):
        words = change.ticket.complaint or ""
        tell_staff(change, reader, "findings", author=_name(person), text=words, findings=text)
    return say("findings-sent", role=role)


def decide_complaint(change: Change, person: Person, text: str) -> Saying:
    """Record the decision about the complaint and tell the requesters; returns what came of it."""
    ticket = change.ticket
    if not ticket.reached("complained"):
        return say("no-complaint", number=ticket.number)
    if not text.strip():
        return say("no-decision")
    reach(change, "decided", by=person.address, text=text)
    tell_participants(change, "decision", human=True, text=text)
    unverified = change.rulebook.complaints.verified_by is not None and not ticket.reached(
        "verified", since="complained"
    )
    return say("decided-unverified" if unverified else "decided")


def _people(change: Change, role: Role) -> tuple[Person, ...]:
    """The staff with a role; where nobody has it, the leads of the ticket's team, so that no complaint lies unread."""
    staff = change.facts.staff
    leads = staff.leads(change.ticket.team)
    return leads if role == "lead" else staff.with_role(role) or leads


def _author(change: Change, address: str) -> str:
    known = change.ticket.participant(address)
    return f"{known.name} <{address}>" if known and known.name else address


def _name(person: Person) -> str:
    return person.name or person.address
