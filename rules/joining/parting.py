"""Somebody who joined a ticket by likeness alone gets one of his own where that was a mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.deciding.opening import open_ticket, relation_of
from rules.events import Attached, ClockChanged, Joined, Reported
from rules.joining.events import Parted
from rules.joining.merging import tell_parted
from rules.joining.repeats import describe
from rules.judging.priority import judge
from rules.language.sayings import say
from rules.language.subjects import bare_subject
from rules.report import Address, Mail
from rules.work.clocks import with_due
from rules.work.dispatch import give_to_somebody

if TYPE_CHECKING:
    from datetime import datetime

    from rules.change import Change
    from rules.facts import Told
    from rules.language.sayings import Saying
    from rules.ticket import Participant


def part_reporter(whole: Change, person: Participant, *, by: str, reason: Saying) -> Change:
    """Open a ticket for what somebody reported on another one, with promises from when he wrote, and tell him.

    `by` is the address of the member of staff who says that it is another problem.
    """
    told = whole.facts.reported.get((whole.ticket.id, person.address), ())
    part = whole.change_beside(None)
    first = _first_mail(person, told, whole.now)
    _open(part, first, person, from_number=whole.ticket.number)
    for each in told[1:]:
        part.happen(_again(part, each, person.address))
    part.moved += [(each.source, each.key) for each in told]
    _take_attachments(part, whole)
    give_to_somebody(part, requester=str(first.sender), text=first.text, is_alert=False, labels=())
    repeats = sum(each.verdict == "repeated" for each in told)
    whole.happen(
        Parted(
            at=whole.now,
            people=(person.address,),
            ticket=part.ticket.id,
            number=part.ticket.number,
            reports=len(told),
            repeats=repeats,
            counted_repeats=repeats if person.counted else 0,
            by=by,
            reason=reason,
        ),
        because=reason,
    )
    tell_parted(part, part.ticket.participants, was=whole.ticket.number)
    return part


def _open(part: Change, first: Mail, person: Participant, *, from_number: str) -> None:
    contact = part.facts.directory.find(person.address) if person.counted else None
    relation = relation_of(person.address, part)
    judgement = judge(first, part.rulebook, people=int(person.counted), contact=contact, relation=relation)
    open_ticket(
        part,
        first,
        judgement,
        subject=bare_subject(first.subject),
        summary=describe(first),
        language=person.language,
        requester=person.address,
    )
    reason = say("parted-from", number=from_number)
    part.happen(Joined(at=part.now, participant=replace(person, by_similarity=False), reason=reason), because=reason)
    for clock in part.ticket.clocks:
        since = replace(clock, started_at=first.received_at)
        part.happen(ClockChanged(at=part.now, clock=with_due(since, part.rulebook), reason=reason))


def _take_attachments(part: Change, whole: Change) -> None:
    """Note on the new ticket what came with the reports that are its own now."""
    reports = set(part.moved)
    attachments = tuple(each for each in whole.ticket.attachments if (each.source, each.key) in reports)
    if attachments:
        part.happen(Attached(at=part.now, attachments=attachments))


def _first_mail(person: Participant, told: tuple[Told, ...], now: datetime) -> Mail:
    """The mail with which somebody joined; where the ledger has let go of it, what the ticket knows of him."""
    first = told[0] if told else None
    return Mail(
        source=first.source if first else "",
        key=first.key if first else "",
        received_at=first.received_at if first else now,
        sender=Address(person.address, person.name),
        subject=first.subject if first else person.subject,
        text=first.text if first else "",
        language=person.language,
        verified=person.counted,
    )


def _again(part: Change, told: Told, address: str) -> Reported:
    return Reported(
        at=part.now,
        verdict="appended",
        source=told.source,
        key=told.key,
        reporter=address,
        counts=False,
        reason=say("parted-too"),
    )
