"""Letters on their way out: claimed under a lease, their bytes kept, their end recorded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, update

from daemon.store import schema
from daemon.store.rows import read_enclosed, read_letter
from rules.facts import SentLetter

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime, timedelta

    from rules.letter import Letter

#: Bytes of attachments that the courier holds at once.
AT_ONCE = 32 << 20
#: A finished mail that is larger goes once it is sent: its words are in the data, its files in the originals.
LARGEST_KEPT = 256 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedLetter:
    """A letter that is this daemon's to send until the lease ends."""

    id: int
    message_id: str
    letter: Letter
    written_at: datetime
    leased_until: datetime
    message: bytes | None
    attempts: int
    first_attempt_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How an attempt ended: sent, to be tried again at a time, or refused for good."""

    id: int
    attempted_at: datetime
    reply: str
    sent: bool = False
    next_attempt_at: datetime | None = None


def claim_letters(
    connection: Connection, *, limit: int, claim: str, lease: timedelta, now: datetime
) -> list[ClaimedLetter]:
    """Lease the letters that are due: what staff must know now first, and of either kind the oldest.

    Another daemon's leases are left alone until they end. What goes along bounds how many are leased at once.
    """
    table = schema.letters
    rows = _find_due(connection, now, limit=limit, urgent=True)
    if len(rows) < limit:
        rows += _find_due(connection, now, limit=limit - len(rows), urgent=False)
    rows = _within_bounds(rows)
    if rows:
        leased = update(table).where(table.c.id == bindparam("letter")).values(claimed_until=now + lease, claim=claim)
        connection.execute(leased, [{"letter": row.id} for row in rows])
    messages = _messages(connection, [row.id for row in rows])
    return [_claimed(row, messages[row.id], now + lease) for row in rows]


def end_leases(connection: Connection) -> None:
    """End every lease: for the one daemon that writes to a database, and finds those of its killed predecessor."""
    table = schema.letters
    leased = table.c.state == "queued", table.c.claim.is_not(None)
    connection.execute(update(table).where(*leased).values(claimed_until=None, claim=None))


def release_letters(connection: Connection, *, claim: str) -> set[int]:
    """End the leases of one claim: whoever held it sends no more. Returns the tickets of these letters."""
    table = schema.letters
    # Only what is on its way can be claimed: without saying so, every letter there ever was would be read.
    claimed = table.c.state == "queued", table.c.claim == claim
    released = update(table).where(*claimed).values(claimed_until=None, claim=None)
    return set(connection.execute(released.returning(table.c.ticket_id)).scalars())


def store_messages(connection: Connection, messages: Sequence[tuple[int, bytes]]) -> None:
    """Keep the finished bytes of letters. Bytes that are there already stay: every attempt sends the same."""
    table = schema.letters
    statement = (
        update(table)
        .where(table.c.id == bindparam("letter"), table.c.message.is_(None))
        .values(message=bindparam("bytes"))
    )
    connection.execute(statement, [{"letter": letter, "bytes": message} for letter, message in messages])


def settle_letters(connection: Connection, settlements: Sequence[Settlement], *, claim: str) -> dict[int, SentLetter]:
    """Record how attempts ended and end their leases, where they are still this claim's.

    Returns the letters that were settled, by id; one whose lease another daemon took over is not among them.
    """
    table = schema.letters
    ours = _still_claimed(connection, [settlement.id for settlement in settlements], claim)
    standing = [settlement for settlement in settlements if settlement.id in ours]
    if standing:
        statement = (
            update(table)
            .where(table.c.id == bindparam("letter"))
            .values(
                state=bindparam("new_state"),
                attempts=table.c.attempts + 1,
                first_attempt_at=bindparam("first"),
                next_attempt_at=bindparam("next"),
                settled_at=bindparam("settled"),
                reply=bindparam("answer"),
                claimed_until=None,
                claim=None,
                message=case(
                    (and_(bindparam("ended"), func.length(table.c.message) > LARGEST_KEPT), None), else_=table.c.message
                ),
            )
        )
        connection.execute(statement, [_settled_values(settlement, ours[settlement.id]) for settlement in standing])
    return {
        letter: SentLetter(row.ticket_id, row.recipient, row.template, row.message_id) for letter, row in ours.items()
    }


def drop_files(connection: Connection, letters: Collection[int]) -> None:
    """Let letters go on without what was to go along with them, and say so: they are rendered once more."""
    table = schema.letters
    wanted = select(table.c.id, table.c.data, table.c.enclosed).where(table.c.id.in_(letters))
    rows: Sequence[Any] = connection.execute(wanted).all()
    statement = update(table).where(table.c.id == bindparam("letter"))
    for row in rows:
        gone = row.data | {"gone": [each.name for each in read_enclosed(row)]}
        connection.execute(statement.values(message=None, enclosed=None, data=gone), {"letter": row.id})


def _find_due(connection: Connection, now: datetime, *, limit: int, urgent: bool) -> list[Any]:
    table = schema.letters
    free = or_(table.c.claimed_until.is_(None), table.c.claimed_until <= now)
    due = table.c.state == "queued", table.c.urgent.is_(urgent), table.c.next_attempt_at <= now, free
    columns = [column for column in table.c if column is not table.c.message]
    statement = select(*columns).where(*due).order_by(table.c.next_attempt_at, table.c.id).limit(limit)
    return list(connection.execute(statement).all())


def _within_bounds(rows: Sequence[Any]) -> list[Any]:
    """The first of these letters, as far as what goes along with them can be held at once; always one."""
    sizes = accumulate(sum(each.size for each in read_enclosed(row)) for row in rows)
    return [row for place, (row, size) in enumerate(zip(rows, sizes, strict=True)) if not place or size <= AT_ONCE]


def _messages(connection: Connection, ids: Sequence[int]) -> dict[int, bytes | None]:
    table = schema.letters.c
    statement = select(table.id, table.message).where(table.id.in_(bindparam("ids", expanding=True)))
    return {row.id: row.message for row in connection.execute(statement, {"ids": list(ids)})} if ids else {}


def _claimed(row: Any, message: bytes | None, leased_until: datetime) -> ClaimedLetter:
    return ClaimedLetter(
        id=row.id,
        message_id=row.message_id,
        letter=read_letter(row),
        written_at=row.created_at,
        leased_until=leased_until,
        message=message,
        attempts=row.attempts,
        first_attempt_at=row.first_attempt_at,
    )


def _still_claimed(connection: Connection, ids: Sequence[int], claim: str) -> dict[int, Any]:
    table = schema.letters.c
    columns = select(
        table.id, table.ticket_id, table.recipient, table.template, table.message_id, table.first_attempt_at
    )
    statement = columns.where(table.id.in_(bindparam("ids", expanding=True)), table.claim == claim)
    return {row.id: row for row in connection.execute(statement, {"ids": list(ids)})}


def _settled_values(settlement: Settlement, row: Any) -> dict[str, Any]:
    again = settlement.next_attempt_at
    return {
        "letter": settlement.id,
        "new_state": "sent" if settlement.sent else "refused" if again is None else "queued",
        "first": row.first_attempt_at or settlement.attempted_at,
        "next": again,
        "settled": settlement.attempted_at if again is None else None,
        "answer": settlement.reply,
        "ended": again is None,
    }
