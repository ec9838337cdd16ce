"""How far the running clocks have been counted again by the rulebook that holds now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, literal_column, select, text, update

from daemon.store import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

# Written out, not bound: SQLite uses a partial index only where it sees its condition while planning.
# The sign keeps it from the primary key, by which it would read every closed ticket there ever was.
_PROMISED = (
    (schema.tickets, text("tickets.status <> 'closed' AND +tickets.id > :after"), "+tickets.id"),
    (schema.clocks, text("clocks.stopped_at IS NULL AND +clocks.ticket_id > :after"), "+clocks.ticket_id"),
)


def claim_recount(connection: Connection, digest: str) -> int | None:
    """The ticket after which to go on, 0 for the first; None where all clocks follow this rulebook already.

    What was begun by another rulebook begins anew.
    """
    row = connection.execute(select(schema.desk.c.rulebook, schema.desk.c.recounted_to)).one()
    if row.rulebook == digest:
        last: int | None = row.recounted_to
        return last
    connection.execute(update(schema.desk).values(rulebook=digest, recounted_to=0))
    return 0


def find_recount(connection: Connection, digest: str) -> int | None:
    """The same, but None too where another daemon has begun with another rulebook since."""
    table = schema.desk.c
    return connection.execute(select(table.recounted_to).where(table.rulebook == digest)).scalar()


def mark_recount(connection: Connection, last: int | None) -> None:
    """Record the last ticket that was done; None when all are."""
    connection.execute(update(schema.desk).values(recounted_to=last))


def find_promised(connection: Connection, *, after: int, limit: int) -> Sequence[int]:
    """The tickets after one that are not closed, or that have a clock running, in the order of their ids."""
    found = set[int]()
    for table, condition, column in _PROMISED:
        ids = literal_column(column, BigInteger).label("id")
        statement = select(ids).select_from(table).where(condition).distinct().order_by(ids).limit(limit)
        found.update(connection.execute(statement, {"after": after}).scalars())
    return sorted(found)[:limit]
