"""Letters that could not be sent for long are merged, recipient by recipient, before they are poured out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, or_, select, update

from daemon.store import schema
from daemon.store.gather import load_tickets
from daemon.store.lists import run_in
from daemon.store.record import record_letters
from daemon.store.rows import read_letter
from rules.letters.digest import OLD, OldLetter, merge_letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from daemon.store.gather import Standing
    from rules.letters.digest import Merged

#: So many are merged in one transaction, in which the clerk does nothing else.
PEOPLE_AT_ONCE = 200
#: How the reply of a letter begins that may have been taken: it is sent again as it is, and never merged.
_PERHAPS_TAKEN = "final dot:%"


@dataclass(frozen=True, slots=True)
class Merging:
    """What one step merged."""

    unsent: int = 0
    """Letters that are not sent by themselves."""
    digests: int = 0
    last: str | None = None
    """The recipient after whom the next step begins; None where there is nobody left."""


def merge_old_letters(
    connection: Connection, standing: Standing, now: datetime, after: str = "", people: int = PEOPLE_AT_ONCE
) -> Merging:
    """Merge the letters that wait for long, of some people at once: those that come `after` one in the alphabet."""
    recipients = _find_recipients(connection, now, after, people)
    waiting = defaultdict[str, list[Any]](list)
    for row in _find_old(connection, now, recipients):
        waiting[row.recipient].append(row)
    unsent = digests = 0
    for merged in _merge_each(connection, waiting):
        digests += merged.digest is not None
        unsent += len(merged.unsent)
        _record(connection, merged, standing, now)
    return Merging(unsent, digests, recipients[-1] if len(recipients) == people else None)


def _find_recipients(connection: Connection, now: datetime, after: str, people: int) -> list[str]:
    """Those for whom several old letters wait, in alphabetical order."""
    # As an expression: by the index of recipients SQLite would read every letter there ever was, for want of a sort.
    recipient = schema.letters.c.recipient.concat("")
    several = select(recipient).where(*_old(now), recipient > after).group_by(recipient).having(func.count() > 1)
    return list(connection.execute(several.order_by(recipient).limit(people)).scalars())


def _find_old(connection: Connection, now: datetime, recipients: Sequence[str]) -> list[Any]:
    table = schema.letters
    columns = [column for column in table.c if column.name != "message"]
    rows = run_in(connection, select(*columns).where(*_old(now)), table.c.recipient, recipients)
    return sorted(rows, key=lambda row: row.id)


def _old(now: datetime) -> tuple[ColumnElement[bool], ...]:
    table = schema.letters.c
    unclaimed = or_(table.claimed_until.is_(None), table.claimed_until <= now)
    return table.state == "queued", table.created_at <= now - OLD, table.reply.not_like(_PERHAPS_TAKEN), unclaimed


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
