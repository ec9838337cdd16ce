"""Tickets that belong to others: merged into them, suggested to be, or parted from them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import select, text

from daemon.store import schema
from daemon.store.alerts.rows import read_episode
from daemon.store.lists import run_in
from rules.episode import Episode
from rules.facts import Told
from rules.joining.asked import joining_commands
from rules.joining.following import MOST_STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from rules.report import Mail
    from rules.ticket import Ticket

    Load = Callable[[Connection, Collection[int]], Map[int, Ticket]]


_NEWEST = text("episodes.newest")


def load_linked(
    connection: Connection, tickets: Map[int, Ticket], mails: Sequence[Mail], load: Load
) -> Map[int, Ticket]:
    """Add the tickets on which what these mails answer goes on, and those that their commands join or part."""
    senders = {mail.sender.address for mail in mails if mail.sender}
    verbs = {command.verb for mail in mails for command in joining_commands(mail)}
    fresh = tickets
    for _ in range(MOST_STEPS):
        linked = {each for ticket in fresh.values() for each in _links(ticket, senders, verbs)}
        missing = linked.difference(tickets)
        if not missing:
            break
        fresh = load(connection, missing)
        tickets = tickets.update(fresh)
    return tickets


def parting_mails(mails: Sequence[Mail]) -> list[Mail]:
    """The mails whose commands part something; they answer letters of the ticket that they mean."""
    return [mail for mail in mails if any(command.verb == "split" for command in joining_commands(mail))]


def find_told(
    connection: Connection, parting: Collection[int], tickets: Mapping[int, Ticket]
) -> Map[tuple[int, str], tuple[Told, ...]]:
    """Find what people reported to the tickets from which mails part somebody, and to those where these go on."""
    of = set(_going_on(parting, tickets))
    if not of:
        return Map()
    table = schema.ledger.c
    columns = [table[name] for name in Told.__dataclass_fields__]
    statement = select(table.ticket_id, table.reporter, *columns).where(
        table.channel == "mail", table.verdict.in_(("opened", "repeated", "appended", "reopened"))
    )
    found = defaultdict[tuple[int, str], list[Told]](list)
    for row in run_in(connection, statement.order_by(table.id), table.ticket_id, of):
        if tickets[row.ticket_id].participant(row.reporter or "") is not None:
            found[row.ticket_id, row.reporter].append(
                Told(**{name: row._mapping[name] for name in Told.__dataclass_fields__})
            )
    return Map({key: tuple(told) for key, told in found.items()})


def find_related(
    connection: Connection, parting: Collection[int], tickets: Mapping[int, Ticket]
) -> Map[tuple[int, str], tuple[Episode, ...]]:
    """Find the newest episodes of the related alerts of these tickets, and of those where these go on."""
    related = {number for number in _going_on(parting, tickets) if tickets[number].alerts.related}
    if not related:
        return Map()
    table = schema.episodes
    found = defaultdict[tuple[int, str], list[Episode]](list)
    statement = select(table).where(table.c.key.is_not(None), _NEWEST)
    for row in run_in(connection, statement, table.c.ticket_id, related):
        found[row.ticket_id, row.key].append(read_episode(row))
    return Map({key: tuple(episodes) for key, episodes in found.items()})


def _going_on(numbers: Collection[int], tickets: Mapping[int, Ticket]) -> Iterator[int]:
    """Tickets, and those that they were merged into or that people went to from them."""
    waiting, seen = list(numbers), set[int]()
    while waiting:
        number = waiting.pop()
        if number not in tickets or number in seen:
            continue
        seen.add(number)
        yield number
        ticket = tickets[number]
        waiting += [each for each in (ticket.merged_into, *(to for _, to in ticket.parted)) if each is not None]


def _links(ticket: Ticket, senders: Collection[str], verbs: Collection[str | None]) -> Iterator[int]:
    if ticket.merged_into is not None:
        yield ticket.merged_into
    yield from (to for address, to in ticket.parted if address in senders)
    if "join" in verbs and ticket.suggested is not None:
        yield ticket.suggested.ticket
    if "split" in verbs:
        yield from ticket.absorbed
