"""Which alert's ticket a person's report may belong to, and which a related alert joins."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from rules.alerts.identity import ticket_key
from rules.joining.concerns import alert_concerns, mail_concerns, related_services, services_of
from rules.joining.earlier import earlier_concerns
from rules.joining.likeness import Likeness, liken, read_claim
from rules.language.sayings import Saying, say
from rules.ticket import Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rules.facts import Facts
    from rules.report import Alert, Mail
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

#: So many tickets that concern what a mail names are compared with it, those with most in common, then the newest.
CANDIDATES: Final = 6


@dataclass(frozen=True, slots=True)
class Incident:
    """The open ticket of an alert that a person's report tells of, or may tell of."""

    ticket: Ticket
    likeness: Likeness
    own: bool
    """The reporter takes part in it already."""
    joins: bool
    """It is likely enough that the report joins by itself; otherwise staff are asked."""

    @property
    def reason(self) -> Saying:
        """Why the report belongs there, or may."""
        return say(
            "joins-incident" if self.joins else "may-be-same", number=self.ticket.number, why=self.likeness.reason
        )


@dataclass(frozen=True, slots=True)
class Related:
    """The open ticket of another alert, of which one service needs the other."""

    ticket: Ticket
    reason: Saying


def find_incident(mail: Mail, facts: Facts, rulebook: Rulebook, now: datetime) -> Incident | None:
    """Find the alert's ticket that a person's report is most like; None where none is like enough to be named.

    Who was parted from a ticket does not come back to it by likeness.
    """
    if mail.sender is None or mail.auto is not None or mail.imported:
        return None
    address, found = mail.sender.address, []
    tickets = [each for each in _candidates(mail_concerns(mail, rulebook), facts) if each.leads_to(address) is None]
    if not tickets:
        return None
    claim = read_claim(mail, rulebook)
    for ticket in tickets:
        likeness = liken(claim, ticket, rulebook, now)
        if likeness.score >= rulebook.joining.suggest:
            found.append((likeness, ticket))
    if not found:
        return None
    likeness, best = max(found, key=lambda each: (each[0].score, each[1].id))
    believed = mail.verified or not facts.senders_are_proven
    joins = believed and likeness.score >= rulebook.joining.join
    return Incident(best, likeness, own=best.participant(address) is not None, joins=joins)


def find_related(alert: Alert, facts: Facts, rulebook: Rulebook, now: datetime) -> Related | None:
    """Find the open ticket of a service that needs the alert's, or that the alert's needs; None where there is none.

    What breaks together is one incident: the database's host and the shop that needs the database.
    """
    services = services_of(alert_concerns(alert, rulebook))
    near = _neighbours(services, rulebook)
    since = now - rulebook.joining.window.length()
    for ticket in _candidates([f"service {name}" for name in near], facts):
        if ticket_key(alert, rulebook) in ticket.alerts.parted:
            continue
        both = next((name for name in near if name in services_of(ticket.concerns)), None)
        if ticket.firing > 0 and ticket.storm is None and ticket.reported_at >= since and both is not None:
            mine = next(iter(sorted(services)))
            reason = say("related", alert=alert.name, service=mine, other=both, number=ticket.number)
            return Related(ticket, reason)
    return None


def concerns_of_reports(mails: Iterable[Mail], alerts: Iterable[Alert], rulebook: Rulebook) -> frozenset[str]:
    """Everything by which the tickets of a batch's reports are to be looked for."""
    related = (_neighbours(services_of(alert_concerns(alert, rulebook)), rulebook) for alert in alerts)
    named = chain.from_iterable(mail_concerns(mail, rulebook) for mail in mails)
    earlier = earlier_concerns(alerts, rulebook)
    return frozenset((*named, *earlier, *(f"service {name}" for names in related for name in names)))


def suggestion_of(incident: Incident) -> Suggestion:
    """What a new ticket keeps of the one that it may be the same as."""
    likeness = incident.likeness.score
    return Suggestion(
        ticket=incident.ticket.id, number=incident.ticket.number, likeness=likeness, reason=incident.likeness.reason
    )


def _neighbours(services: frozenset[str], rulebook: Rulebook) -> tuple[str, ...]:
    """The services that need one of these, or that one of these needs, directly or not."""
    if not services:
        return ()
    needed = set(related_services(sorted(services), rulebook)) - services
    needing = {
        each.name
        for each in rulebook.services
        if each.name not in services and services & set(related_services((each.name,), rulebook))
    }
    return tuple(sorted(needed | needing))


def _candidates(concerns: Iterable[str], facts: Facts) -> Iterator[Ticket]:
    """The open tickets of alerts that concern the most of this."""
    shared = Counter(chain.from_iterable(facts.concerning.get(each, ()) for each in concerns))
    for ticket in sorted(shared, key=lambda each: (shared[each], each), reverse=True)[:CANDIDATES]:
        known = facts.tickets.get(ticket)
        if known is not None and known.open and known.channel == "alert":
            yield known
