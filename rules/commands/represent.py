"""`!for ADDRESS`: a ticket is somebody else's than who reported it, by phone or through an assistant."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rules.clocks import change_limits
from rules.commands.answers import explain, keep_words, not_done, work
from rules.commands.terms import first_word
from rules.correspondence import due_time, tell_participant
from rules.events import Joined, Represented
from rules.language.sayings import Saying, say
from rules.ticket import Participant

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person

#: An addr-spec as organisations give them, without quoted local parts (RFC 5322, section 3.4.1), in angle brackets or
#: not, with a display name before it or not; its length is bounded as in RFC 5321, section 4.5.3.1.
_ATEXT: Final = r"A-Za-z0-9!#$%&'*+/=?^_{|}~.-"
_ADDRESS: Final = re.compile(
    rf"(?P<name>[^<>@\n,;:：]{{0,80}})<?(?P<address>(?<![{_ATEXT}])[{_ATEXT}]{{1,64}}@(?P<domain>[A-Za-z0-9.-]{{1,255}}))"
    r"(?:>|(?=[\s,;:，；：。]|$))"
)


def represent(change: Change, person: Person, text: str) -> Saying:
    """Make somebody else the requester and tell him by a receipt; who was it before still takes part."""
    ticket, found = change.ticket, _ADDRESS.match(text)
    if found is None or not _is_domain(found["domain"]):
        return explain(change, "for", say("no-address", word=first_word(text)))
    address = found["address"].lower()
    if address == ticket.requester:
        return not_done(say("is-requester", person=address))
    work(change, person, reassesses=False)
    _join(change, address, found["name"].strip(' "'), person)
    contact, zones = change.facts.directory.find(address), change.rulebook.zones
    relation = change.facts.directory.relation(address) or change.rulebook.requesters.unknown
    zone = contact.zone if contact is not None and contact.zone in zones else ticket.zone
    change.happen(Represented(at=change.now, requester=address, relation=relation, zone=zone, by=person.address))
    if change.ticket.open:
        change_limits(change, reason=say("represents", person=address))
    keep_words(change, person, text[found.end() :].lstrip(" ,;:，；：。\n"))
    _write_receipt(change, address)
    return say("represents", person=address)


def _is_domain(domain: str) -> bool:
    return all(label and len(label) <= 63 and label.strip("-") == label for label in domain.split("."))


def _join(change: Change, address: str, name: str, by: Person) -> None:
    """Make somebody a participant in full: one who was joined by likeness alone is confirmed by this."""
    known = change.ticket.participant(address)
    participant = replace(known, by_similarity=False) if known else _new(change, address, name)
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
            joined=False,
            missing=change.ticket.missing,
            respond_by=due_time(change, "responded"),
            resolve_by=due_time(change, "resolved"),
            expected_by=None,
        )
