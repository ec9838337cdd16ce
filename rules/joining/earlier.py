"""People who wrote before the alert fired: their open tickets may be the same as its ticket, and staff are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.joining.concerns import alert_concerns, mail_services, services_of
from rules.joining.events import Suggested
from rules.joining.likeness import liken, read_claim
from rules.language.sayings import Saying, say
from rules.report import Address, Mail
from rules.ticket import Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rules.change import Change
    from rules.facts import Facts
    from rules.report import Alert
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

#: So many of them are compared with a new alert's ticket, the newest of each service.
MOST: Final = 6


def people_concerns(mail: Mail, rulebook: Rulebook) -> tuple[str, ...]:
    """The services that a person's own ticket is about, as an index has them: apart from those of alerts."""
    return tuple(map(_of_people, mail_services(mail, rulebook)))


def earlier_concerns(alerts: Iterable[Alert], rulebook: Rulebook) -> Iterator[str]:
    """By what the tickets of people are to be looked for that may tell of these alerts."""
    for alert in alerts if rulebook.services else ():
        yield from map(_of_people, services_of(alert_concerns(alert, rulebook)))


def suggest_earlier(change: Change) -> tuple[Saying, ...]:
    """Note on people's open tickets that they may be the same as this new one of an alert; returns what to say."""
    said, key = [], "may-tell-of-it" if change.facts.commands_by_mail else "may-be-same"
    for ticket in _earlier(change.ticket, change.facts):
        likeness = liken(read_claim(_as_mail(ticket), change.rulebook), change.ticket, change.rulebook, change.now)
        since = change.now - change.rulebook.joining.window.length()
        if likeness.score >= change.rulebook.joining.suggest and ticket.reported_at >= since:
            same = Suggestion(
                ticket=change.ticket.id,
                number=change.ticket.number,
                likeness=likeness.score,
                reason=likeness.reason,
            )
            change.change_beside(ticket).happen(Suggested(at=change.now, suggestion=same))
            said.append(say(key, number=ticket.number, why=likeness.reason))
    return tuple(said)


def _earlier(of: Ticket, facts: Facts) -> Iterator[Ticket]:
    numbers = (facts.concerning.get(_of_people(name), ())[:MOST] for name in sorted(services_of(of.concerns)))
    for number in dict.fromkeys(number for found in numbers for number in found):
        known = facts.tickets.get(number)
        if known is not None and known.open and known.suggested is None:
            yield known


def _as_mail(ticket: Ticket) -> Mail:
    """What a ticket keeps of the mail that opened it, to be read once more."""
    return Mail(
        source=ticket.source,
        key="",
        received_at=ticket.opened_at,
        sender=Address(ticket.requester) if ticket.requester else None,
        subject=ticket.subject,
        text=ticket.summary.removeprefix(f"{ticket.subject}\n"),
        language=ticket.language,
    )


def _of_people(service: str) -> str:
    return f"people {service}"
