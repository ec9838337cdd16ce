"""Letting go of bytes whose time is over: originals of reports, and finished mails that were sent. What is known stays.

A step is short, so that reports wait no longer for it than for a batch of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, bindparam, case, delete, or_, select, tuple_, update

from daemon.store import schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class StepSize:
    """How much one step does at most."""

    rows: int = 200
    """That it looks at."""
    size: int = 64 << 20
    """Bytes that it deletes; one row may have more."""


USUAL = StepSize()

Place = tuple[Any, str, str]
"""Where a step ended: (received at, source, key)."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step came to."""

    last: Place | None
    """Where the next one goes on; None where nothing is left."""
    deleted: int = 0
    size: int = 0
    """Bytes, as they came."""


def delete_originals(
    connection: Connection, *, before: datetime, after: Place | None = None, most: StepSize = USUAL
) -> Step:
    """Delete originals that came before a moment, unless their ticket is still open or they lie in quarantine."""
    rows = _find_old(connection, before, after, most.rows)
    sizes = accumulate(row.size if row.goes else 0 for row in rows)
    seen = [row for place, (row, size) in enumerate(zip(rows, sizes, strict=True)) if not place or size <= most.size]
    gone = [row for row in seen if row.goes]
    if gone:
        table = schema.originals
        same = and_(table.c.source == bindparam("of"), table.c.key == bindparam("same"))
        connection.execute(delete(table).where(same), [{"of": row.source, "same": row.key} for row in gone])
    whole = len(seen) == len(rows) < most.rows
    last = None if whole else (seen[-1].received_at, seen[-1].source, seen[-1].key)
    return Step(last, len(gone), sum(row.size for row in gone))


def delete_messages(connection: Connection, *, before: datetime, most: StepSize = USUAL) -> bool:
    """Let go of the finished bytes of letters that were written before a moment; returns whether more may be left.

    Letters are numbered in order, and the desk's row says how far this came.
    """
    table, desk = schema.letters, schema.desk
    begin = connection.execute(select(desk.c.letters_deleted_to)).scalar() or 0
    page = select(table.c.id, table.c.created_at).where(table.c.id > begin).order_by(table.c.id).limit(most.rows)
    old = [row.id for row in connection.execute(page) if row.created_at < before]
    if not old:
        return False
    ended = table.c.id > begin, table.c.id <= old[-1], table.c.state != "queued", table.c.message.is_not(None)
    connection.execute(update(table).where(*ended).values(message=None))
    connection.execute(update(desk).values(letters_deleted_to=old[-1]))
    return len(old) == most.rows


def _find_old(connection: Connection, before: datetime, after: Place | None, most: int) -> Sequence[Any]:
    originals, ledger, tickets = schema.originals.c, schema.ledger.c, schema.tickets.c
    done = and_(ledger.verdict != "quarantined", or_(tickets.id.is_(None), tickets.status == "closed"))
    place = originals.received_at, originals.source, originals.key
    statement = (
        select(*place, originals.size, case((done, True), else_=False).label("goes"))
        .join_from(schema.originals, schema.ledger, _same_report(), isouter=True)
        .join(schema.tickets, tickets.id == ledger.ticket_id, isouter=True)
        .where(originals.received_at < before)
        .order_by(*place)
        .limit(most)
    )
    if after is not None:
        statement = statement.where(tuple_(*place) > tuple_(*after, types=[column.type for column in place]))
    return connection.execute(statement).all()


def _same_report() -> Any:
    originals, ledger = schema.originals.c, schema.ledger.c
    return and_(ledger.source == originals.source, ledger.key == originals.key)
