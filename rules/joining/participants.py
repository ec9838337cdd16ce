"""Who takes part in a ticket, and whose reports count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.events import Joined, Judged
from rules.judging.priority import judge_again
from rules.language.sayings import say
from rules.language.subjects import bare_subject
from rules.subaddress import without_detail
from rules.ticket import Participant
from rules.work.clocks import change_limits

if TYPE_CHECKING:
    from rules.change import Change
    from rules.report import Address, Mail
    from rules.ticket import Ticket

#: A thread needs its root and its newest mails; what lies between is trimmed as RFC 5322 allows.
_THREAD = 4


def counts(change: Change, mail: Mail) -> bool:
    """Tell whether a report counts towards impact and level: its sender is verified, or known where nobody can be.

    A machine's mail and what came by a list open tickets and raise none.
    """
    if mail.auto is not None:
        return False
    if mail.sender is None or mail.verified or change.facts.senders_are_proven:
        return mail.sender is not None and mail.verified
    return change.facts.staff.knows(mail.sender.address)


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


def join_threads(known: Participant, other: Participant) -> Participant:
    """One person out of two tickets: what is proven or confirmed on either holds, and both threads are his."""
    root, *later = dict.fromkeys((*known.threads, *other.threads)) or [""]
    return replace(
        known,
        counted=known.counted or other.counted,
        by_similarity=known.by_similarity and other.by_similarity,
        silent=known.silent and other.silent,
        threads=(root, *later[1 - _THREAD :]) if root else (),
    )


def join_copied(change: Change, mail: Mail) -> None:
    """Make the people in Cc of a verified sender participants, up to the number that the rulebook allows.

    Nobody is added on the word of a sender who may be forged, nor by a machine, and neither staff nor the desk itself.
    """
    if not mail.verified or mail.auto is not None:
        return
    free = change.rulebook.requesters.copied - sum(person.named for person in change.ticket.participants)
    for address in [address for address in mail.cc if _may_be_copied(change, address.address)][: max(0, free)]:
        person = Participant(
            address=address.address,
            name=address.name,
            subject=bare_subject(mail.subject),
            language=mail.language,
            named=True,
            threads=(mail.message_id,) if mail.message_id else (),
        )
        by = mail.sender.address if mail.sender else ""
        change.happen(Joined(at=change.now, participant=person, reason=say("copied", person=by)))


def _may_be_copied(change: Change, address: str) -> bool:
    facts = change.facts
    return (
        without_detail(address) not in facts.own_addresses
        and facts.staff.find(address) is None
        and change.ticket.participant(address) is None
    )


def count_reporters(ticket: Ticket) -> int:
    """How many people have reported the problem; whom others only named is none of them."""
    return sum(person.counted or not person.named for person in ticket.participants)


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
