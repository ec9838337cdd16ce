"""Letters that could not be sent for long are merged, recipient by recipient, before they are poured out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, update

from daemon.store import schema
from daemon.store.gather import load_tickets
from daemon.store.record import record_letters
from daemon.store.rows import read_letter
from rules.letters.digest import OLD, OldLetter, merge_letters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from daemon.store.gather import Standing
    from rules.letters.digest import Merged

#: How the reply of a letter begins that may have been taken: it is sent again as it is, and never merged.
_PERHAPS_TAKEN = "final dot:%"


def merge_old_letters(connection: Connection, standing: Standing, now: datetime) -> tuple[int, int]:
    """Merge the letters that wait for long; returns how many are not sent by themselves, and how many digests are."""
    waiting = defaultdict[str, list[Any]](list)
    for row in _find_old(connection, now):
        waiting[row.recipient].append(row)
    several = {recipient: rows for recipient, rows in waiting.items() if len(rows) > 1}
    unsent = digests = 0
    for merged in _merge_each(connection, several):
        digests += merged.digest is not None
        unsent += len(merged.unsent)
        _record(connection, merged, standing, now)
    return unsent, digests


def _find_old(connection: Connection, now: datetime) -> list[Any]:
    table = schema.letters
    unclaimed = or_(table.c.claimed_until.is_(None), table.c.claimed_until <= now)
    old = table.c.state == "queued", table.c.created_at <= now - OLD, table.c.reply.not_like(_PERHAPS_TAKEN), unclaimed
    columns = [column for column in table.c if column.name != "message"]
    return list(connection.execute(select(*columns).where(*old).order_by(table.c.id)).all())


def _merge_each(connection: Connection, waiting: dict[str, list[Any]]) -> Iterator[Merged]:
    tickets = load_tickets(connection, {row.ticket_id for rows in waiting.values() for row in rows})
    for rows in waiting.values():
        old = [OldLetter(row.id, tickets[row.ticket_id], read_letter(row)) for row in rows]
        if (merged := merge_letters(old)) is not None:
            yield merged


def _record(connection: Connection, merged: Merged, standing: Standing, now: datetime) -> None:
    into = ""
    if merged.digest is not None:
        (number,) = record_letters(connection, [(merged.ticket, merged.digest)], standing, now)
        into = f"merged into letter {number}"
    table = schema.letters
    statement = (
        update(table)
        .where(table.c.id == bindparam("letter"))
        .values(state="merged", settled_at=now, next_attempt_at=None, reply=bindparam("why"))
    )
    connection.execute(statement, [{"letter": number, "why": why or into} for number, why in merged.unsent.items()])
