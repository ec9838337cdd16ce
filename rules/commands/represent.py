"""`!for ADDRESS`: a ticket is somebody else's than who reported it, by phone or through an assistant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.commands.addresses import take_address
from rules.commands.answers import explain, keep_words, not_done, work
from rules.commands.terms import first_word
from rules.events import Joined, Represented
from rules.language.sayings import Saying, say
from rules.letters.correspondence import due_time, tell_participant
from rules.ticket import Participant
from rules.work.clocks import change_limits

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person


def represent(change: Change, person: Person, text: str) -> Saying:
    """Make somebody else the requester and tell him by a receipt; who was it before still takes part."""
    ticket, found = change.ticket, take_address(text)
    if found is None:
        return explain(change, "for", say("no-address", word=first_word(text)))
    address = found.address
    if address == ticket.requester:
        return not_done(say("is-requester", person=address))
    work(change, person, reassesses=False)
    _join(change, address, found.name, person)
    contact, zones = change.facts.directory.find(address), change.rulebook.zones
    relation = change.facts.directory.relation(address) or change.rulebook.requesters.unknown
    zone = contact.zone if contact is not None and contact.zone in zones else ticket.zone
    change.happen(Represented(at=change.now, requester=address, relation=relation, zone=zone, by=person.address))
    if change.ticket.open:
        change_limits(change, reason=say("represents", person=address))
    keep_words(change, person, found.rest)
    _write_receipt(change, address)
    return say("represents", person=address)


def _join(change: Change, address: str, name: str, by: Person) -> None:
    """Make somebody a participant in full: one who was joined by likeness alone is confirmed by this."""
    known = change.ticket.participant(address)
    participant = replace(known, by_similarity=False, named=True) if known else _new(change, address, name)
    if participant != known:
        change.happen(Joined(at=change.now, participant=participant, reason=say("reports-for", person=by.address)))


def _new(change: Change, address: str, name: str) -> Participant:
    contact = change.facts.directory.find(address)
    return Participant(
        address=address,
        name=name or (contact.name if contact else ""),
        subject=change.ticket.subject,
        language=(contact.language if contact else "") or change.ticket.language,
        counted=contact is not None or change.facts.staff.knows(address),
        named=True,
    )


def _write_receipt(change: Change, address: str) -> None:
    """Tell him of his ticket; the words of who reported it for him stay with the desk."""
    requester = change.ticket.participant(address)
    if requester is not None:
        tell_participant(
            change,
            requester,
            "receipt",
            quoted="",
            verified=True,  # not his word, but that of staff, who are proven
            joined=False,
            missing=change.ticket.missing,
            respond_by=due_time(change, "responded"),
            resolve_by=due_time(change, "resolved"),
            expected_by=None,
        )
