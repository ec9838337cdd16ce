"""Whether a report outside any thread tells again of a problem that has an open ticket."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from rules.language.sayings import Saying, say
from rules.language.similarity import likeness, sketch, terms
from rules.language.subjects import bare_subject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from rules.facts import Facts
    from rules.report import Mail
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

#: How much of a report is compared. What comes later is detail, quotes and signatures that greetings share.
COMPARED = 300

#: So many tickets that share most of a mail's sketch are compared with it in full, the newest of equals first.
CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Repeat:
    """The open ticket whose problem was reported again."""

    ticket: int
    likeness: float
    own: bool
    """The reporter takes part in the ticket already; otherwise he joins it by similarity alone."""

    @property
    def reason(self) -> Saying:
        """The likeness in words."""
        return say("repeat-own" if self.own else "repeat-other", likeness=f"{self.likeness:.2f}")


def describe(mail: Mail) -> str:
    """The part of a mail by which problems are compared: the bare subject and the first lines."""
    return f"{bare_subject(mail.subject)}\n{mail.text[:COMPARED]}"


def could_repeat(
    described: str, summaries: Mapping[int, str], own: Collection[int], rulebook: Rulebook
) -> frozenset[int]:
    """Of tickets and their summaries those that a mail, as `describe` tells it, may repeat; its sender is in `own`."""
    needed = {ticket: _needed(rulebook, own=ticket in own) for ticket in summaries}
    return frozenset(
        ticket
        for ticket, summary in summaries.items()
        if likeness(described, summary, least=needed[ticket]) >= needed[ticket]
    )


def _needed(rulebook: Rulebook, *, own: bool) -> float:
    return rulebook.repeats.same_requester if own else rulebook.repeats.other_people


def find_repeat(mail: Mail, facts: Facts, rulebook: Rulebook, now: datetime) -> Repeat | None:
    """Find the open ticket that a mail repeats, the most alike first; None where it tells something new."""
    described = describe(mail)
    if mail.sender is None or not terms(described):
        return None
    address = mail.sender.address
    since = now - rulebook.repeats.window.length()
    found = []
    for ticket in find_candidates(mail, facts):
        if ticket.reported_at < since:
            continue
        own = ticket.participant(address) is not None
        needed = _needed(rulebook, own=own)
        alike = likeness(described, ticket.summary, least=needed)
        if alike >= needed:
            found.append(Repeat(ticket.id, alike, own))
    return max(found, key=lambda repeat: (repeat.likeness, repeat.own, repeat.ticket), default=None)


def find_candidates(mail: Mail, facts: Facts) -> Iterable[Ticket]:
    """Find the open tickets worth comparing: the sender's own, and those that share most of the mail's sketch."""
    address = mail.sender.address if mail.sender else ""
    shared = Counter(chain.from_iterable(facts.alike.get(value, ()) for value in sketch(describe(mail))))
    alike = sorted(shared, key=lambda ticket: (shared[ticket], ticket), reverse=True)[:CANDIDATES]
    for ticket in dict.fromkeys((*facts.by_person.get(address, ()), *alike)):
        known = facts.tickets.get(ticket)
        if known is not None and known.open and known.channel == "mail":
            yield known
