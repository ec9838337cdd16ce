"""Letters that wait for somebody who took part in a ticket by mistake: they are not sent once he has left it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select, update

from daemon.store import schema
from daemon.store.lists import run_in
from rules.letter import is_for_staff

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

_WHY = "the recipient has left the ticket"

_LEFT = select(schema.tickets.c.id, schema.tickets.c.parted).where(schema.tickets.c.parted.is_not(None))
_WAITING = select(
    schema.letters.c.id,
    schema.letters.c.ticket_id,
    schema.letters.c.recipient,
    schema.letters.c.template,
    schema.letters.c.data,
).where(schema.letters.c.state == "queued", schema.letters.c.claim.is_(None))
_WITHDRAW = (
    update(schema.letters)
    .where(schema.letters.c.id == bindparam("letter"))
    .values(state="withdrawn", settled_at=bindparam("at"), next_attempt_at=None, reply=_WHY)
)


def withdraw_letters(connection: Connection, tickets: Collection[int], now: datetime) -> int:
    """Withdraw the queued letters about these tickets to people who have left them; returns how many.

    A letter that the courier holds is left to him: what he could not send is looked at when he gives it back.
    """
    rows = run_in(connection, _LEFT, schema.tickets.c.id, tickets)
    left = {(row.id, address) for row in rows for address, _ in row.parted}
    if not left:
        return 0
    waiting = run_in(connection, _WAITING, schema.letters.c.ticket_id, {ticket for ticket, _ in left})
    senseless = [row.id for row in waiting if (row.ticket_id, row.recipient) in left and _is_about_the_ticket(row)]
    if senseless:
        connection.execute(_WITHDRAW, [{"letter": letter, "at": now} for letter in senseless])
    return len(senseless)


def _is_about_the_ticket(row: Any) -> bool:
    """Tell whether a letter is to somebody who takes part. A digest tells of other tickets too."""
    return not is_for_staff(row.data) and row.template != "digest"
