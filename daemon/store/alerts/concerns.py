"""The index of what the alerts of open tickets are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import bindparam, delete

from daemon.store import schema
from daemon.store.bulk import upsert
from daemon.store.lists import find_newest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from rules.ticket import Ticket

#: Of the tickets that concern one thing so many are looked at, the newest.
NEWEST = 20


def find_concerning(connection: Connection, concerns: Collection[str]) -> Map[str, tuple[int, ...]]:
    """Find the open tickets of alerts about each of these services and systems, the newest first."""
    found = find_newest(connection, schema.concerns.c.concern, concerns, NEWEST)
    return Map({each: tuple(sorted(tickets, reverse=True)) for each, tickets in found.items()})


def record_concerns(connection: Connection, tickets: Sequence[Ticket], first: Mapping[int, Ticket | None]) -> None:
    """Keep the index to the open tickets of alerts."""
    rows, ended, gone = [], [], []
    for ticket in tickets:
        before = first[ticket.id]
        was = set(before.concerns) if before is not None and before.open else set()
        if ticket.open:
            rows += [{"concern": each, "ticket_id": ticket.id} for each in ticket.concerns if each not in was]
            gone += [{"of": each, "left": ticket.id} for each in was.difference(ticket.concerns)]
        elif was:
            ended.append({"ended": ticket.id})
    upsert(connection, schema.concerns, rows)
    table = schema.concerns
    if gone:
        left = table.c.concern == bindparam("of"), table.c.ticket_id == bindparam("left")
        connection.execute(delete(table).where(*left), gone)
    if ended:
        connection.execute(delete(table).where(table.c.ticket_id == bindparam("ended")), ended)
