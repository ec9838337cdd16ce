"""The index of what the alerts of open tickets are about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from immutables import Map
from sqlalchemy import bindparam, delete, text

from daemon.store import schema
from daemon.store.bulk import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from rules.ticket import Ticket

#: Of the tickets that concern one thing so many are looked at, the newest.
NEWEST = 20

# One bounded look into the index for each, in one statement: a join would read every ticket of a storm, and a statement
# for each takes PostgreSQL 40 ms for the 300 services of a batch.
_NEWEST_ON_SQLITE = text("""
    SELECT value, (SELECT json_group_array(ticket_id) FROM (
        SELECT ticket_id FROM concerns WHERE concern = wanted.value ORDER BY ticket_id DESC LIMIT :most))
    FROM json_each(:wanted) AS wanted
""")
_NEWEST_ON_POSTGRESQL = text("""
    SELECT value, ARRAY(SELECT ticket_id FROM concerns WHERE concern = wanted.value ORDER BY ticket_id DESC LIMIT :most)
    FROM unnest(CAST(:wanted AS text[])) AS wanted (value)
""")


def find_concerning(connection: Connection, concerns: Collection[str]) -> Map[str, tuple[int, ...]]:
    """Find the open tickets of alerts about each of these services and systems, the newest first."""
    if not concerns:
        return Map()
    if connection.dialect.name == "sqlite":
        asked: dict[str, Any] = {"wanted": json.dumps(sorted(concerns), ensure_ascii=False), "most": NEWEST}
        found = [(each, json.loads(tickets)) for each, tickets in connection.execute(_NEWEST_ON_SQLITE, asked)]
    else:
        asked = {"wanted": sorted(concerns), "most": NEWEST}
        found = [(each, tickets) for each, tickets in connection.execute(_NEWEST_ON_POSTGRESQL, asked)]
    return Map({each: tuple(tickets) for each, tickets in found if tickets})


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
