"""Commands about what belongs together: `!join`, `!split`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.alerts.parting import PartableAlerts, part_alerts, partable_alerts
from rules.commands.addresses import take_address
from rules.commands.answers import explain, name_of, not_done, tell_colleague, usage, work
from rules.commands.terms import first_word, listed
from rules.events import Joined
from rules.joining.asked import take_number
from rules.joining.following import follow
from rules.joining.levels import rests_on_what_left
from rules.joining.merging import merge, unmerge
from rules.joining.parting import part_reporter
from rules.language.sayings import Saying, say, say_all
from rules.language.writing import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.change import Change
    from rules.people import Person
    from rules.ticket import Participant, Ticket


def join(change: Change, person: Person, text: str) -> Saying:
    """Make the ticket a part of another one: of that which it may be the same as, or of the one that is named.

    An alert's ticket takes the other one in. Where nothing is suggested, those who joined by likeness are confirmed.
    """
    address = take_address(text)
    if address is not None:
        return _confirm(change, person, _participants(change.ticket, [address.address]), named=first_word(text))
    if not text and change.ticket.suggested is None and (alike := _by_likeness(change.ticket)):
        return _confirm(change, person, alike, named="")
    if not text and change.ticket.suggested is None:
        return explain(change, "join", say("nothing-suggested"))
    number = take_number(text) if text else _suggested_number(change.ticket)
    other = _ticket(change, number, person)
    if other is None:
        return not_done(say("no-ticket", number=number))
    return _join(change, other, person)


def split(change: Change, person: Person, text: str) -> Saying:
    """Undo a join: the ticket or the person that is named, or the only one there is, stands alone again."""
    people, tickets = _joined(change, text)
    alerts = () if text and (people or tickets) else _related(change, text)
    if not people and not tickets and not alerts:
        return explain(change, "split", say("none-joined", word=first_word(text)) if text else say("nobody-joined"))
    if len(people) + len(tickets) + len(alerts) > 1:
        known = [*(say("a-number", number=each) for each in tickets), *_called(people), *map(_named, alerts)]
        return explain(change, "split", say("several-joined", known=listed(known)))
    work(change, person, reassesses=False)
    before = change.ticket
    done = _part(change, people, tickets, alerts, person)
    if not rests_on_what_left(before, change.ticket, change.rulebook):
        return done
    stays = say("level-stays", level=change.ticket.priority, example=usage(change, "priority"))
    tell_colleague(change, change.ticket.assignee, person, say_all((done, stays)))
    return say_all((done, stays))


def _part(
    change: Change,
    people: tuple[Participant, ...],
    tickets: dict[str, Ticket],
    alerts: tuple[PartableAlerts, ...],
    person: Person,
) -> Saying:
    """Part the one person, the one ticket or the alerts that are meant."""
    reason = say("splits", person=name_of(person))
    if alerts:
        number = part_alerts(change, alerts[0], by=person.address, reason=reason).ticket.number
        return say("parted-alerts", alert=alerts[0].related.name, number=number)
    if people:
        number = part_reporter(change, people[0], by=person.address, reason=reason).ticket.number
        return say("parted-person", person=people[0].address, number=number)
    number, other = next(iter(tickets.items()))
    unmerge(change, change.change_beside(other), by=person.address, reason=reason)
    return say("parted-ticket", number=number)


def _joined(change: Change, text: str) -> tuple[tuple[Participant, ...], dict[str, Ticket]]:
    """Who joined, and which tickets did by their numbers; of what the text names only that."""
    ticket, address, tickets = change.ticket, take_address(text), _absorbed(change)
    if address is not None:
        own = {number: each for number, each in tickets.items() if each.requester == address.address}
        return (() if own else _participants(ticket, [address.address])), own
    if text:
        number = take_number(text)
        return (), {number: tickets[number]} if number in tickets else {}
    return _by_likeness(ticket), tickets


def _join(change: Change, other: Ticket, person: Person) -> Saying:
    ticket = change.ticket
    if other.id == ticket.id:
        return not_done(say("same-ticket", number=ticket.number))
    if other.channel == "alert" and ticket.channel == "alert":
        return not_done(say("both-alerts", number=other.number))
    beside = change.change_beside(other)
    for each in (ticket, beside.ticket):
        if not each.open:
            return not_done(say(f"already-{each.status}", number=each.number))
    reason = say("joins", person=name_of(person))
    work(change, person)
    part, whole = (beside, change) if ticket.channel == "alert" else (change, beside)
    merge(part, whole, by=person.address, reason=reason)
    tell_colleague(beside, other.assignee, person, say("was-joined", number=part.ticket.number))
    return say("joined", number=part.ticket.number, other=whole.ticket.number)


def _confirm(change: Change, person: Person, people: tuple[Participant, ...], *, named: str) -> Saying:
    """Confirm that people have this problem: they read the words of staff from now on."""
    if not people:
        return explain(change, "join", say("none-joined", word=named))
    work(change, person, reassesses=False)
    reason = say("joins", person=name_of(person))
    for each in people:
        if each.by_similarity:
            change.happen(Joined(at=change.now, participant=replace(each, by_similarity=False), reason=reason))
    return say("confirmed-people", known=listed(_called(people)))


def _ticket(change: Change, number: str, person: Person) -> Ticket | None:
    """The ticket with this number, or the one that it is a part of."""
    suggested = change.ticket.suggested
    known = suggested.ticket if suggested and suggested.number == number else change.facts.numbers.get(number)
    return None if known is None else change.facts.tickets.get(follow(known, person.address, change.facts))


def _suggested_number(ticket: Ticket) -> str:
    return ticket.suggested.number if ticket.suggested else ""


def _by_likeness(ticket: Ticket) -> tuple[Participant, ...]:
    return tuple(person for person in ticket.participants if person.by_similarity)


def _participants(ticket: Ticket, addresses: Iterable[str]) -> tuple[Participant, ...]:
    found = (ticket.participant(address) for address in addresses)
    return tuple(person for person in found if person is not None and person.address != ticket.requester)


def _absorbed(change: Change) -> dict[str, Ticket]:
    tickets = (change.facts.tickets.get(each) for each in change.ticket.absorbed)
    return {ticket.number: ticket for ticket in tickets if ticket is not None}


def _related(change: Change, text: str) -> tuple[PartableAlerts, ...]:
    """The related alerts that a text names, by alertname, target or a label; all of them for none."""
    if not change.ticket.open:
        return ()
    alerts, word = partable_alerts(change.ticket, change.facts), fold(first_word(text))
    return tuple(each for each in alerts if not word or word in _names(each))


def _names(alerts: PartableAlerts) -> set[str]:
    """What people may call them: by alertname, label or target, whose ports nobody writes."""
    labels = (value for _, value in alerts.related.labels)
    known = {fold(name) for name in (alerts.related.name, *labels, *(each.target for each in alerts.episodes))}
    return known | {name.partition(":")[0] for name in known}


def _named(alerts: PartableAlerts) -> Saying:
    return say("an-alert", alert=alerts.related.name)


def _called(people: Iterable[Participant]) -> list[Saying]:
    return [say("a-person", person=person.address) for person in people]
