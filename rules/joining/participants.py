"""Who takes part in a ticket, and whose reports count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.events import Joined, Judged
from rules.judging.priority import judge_again
from rules.language.subjects import bare_subject
from rules.ticket import Participant
from rules.work.clocks import change_limits

if TYPE_CHECKING:
    from rules.change import Change
    from rules.report import Address, Mail

#: A thread needs its root and its newest mails; what lies between is trimmed as RFC 5322 allows.
_THREAD = 4


def counts(change: Change, mail: Mail) -> bool:
    """Tell whether a report counts towards impact and level: its sender is verified or known."""
    return mail.sender is not None and (mail.verified or change.facts.staff.knows(mail.sender.address))


def join(change: Change, mail: Mail, *, by_similarity: bool, reason: str) -> Participant | None:
    """Make the sender a participant, or remember his newest mail; returns him, None for a mail without a sender."""
    if mail.sender is None:
        return None
    known = change.ticket.participant(mail.sender.address)
    if known:
        person = _write_again(change, known, mail)
    else:
        person = _new(change, mail, mail.sender, by_similarity=by_similarity)
    if person != known:
        change.happen(Joined(at=change.now, participant=person, reason=reason))
    return person


def judge_people(change: Change) -> None:
    """Judge the impact again by how many people who count have reported; it is never lowered."""
    people = sum(person.counted for person in change.ticket.participants)
    again = judge_again(change.ticket, people, change.rulebook)
    if again is None:
        return
    was = change.ticket.priority
    change.happen(
        Judged(
            at=change.now,
            ticket_kind=change.ticket.kind,
            category=change.ticket.category,
            impact=again.impact,
            urgency=change.ticket.urgency,
            priority=again.priority,
            reason=again.reason,
        ),
        because=again.reason,
    )
    if again.priority != was:
        change_limits(change, reason=again.reason)


def _new(change: Change, mail: Mail, sender: Address, *, by_similarity: bool) -> Participant:
    return Participant(
        address=sender.address,
        name=sender.name,
        subject=bare_subject(mail.subject),
        language=mail.language,
        counted=counts(change, mail),
        by_similarity=by_similarity,
        threads=(mail.message_id,) if mail.message_id else (),
        silent=mail.auto is not None,
    )


def _write_again(change: Change, known: Participant, mail: Mail) -> Participant:
    """What is known of somebody after another mail: proof of who he is, once given, holds for his earlier mails too."""
    if counts(change, mail):
        known = replace(known, counted=True, silent=known.silent and mail.auto is not None)
    if mail.message_id is None or mail.message_id in known.threads:
        return known
    root, *later = (*known.threads, mail.message_id)
    return replace(known, threads=(root, *later[1 - _THREAD :]))
