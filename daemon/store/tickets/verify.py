"""Whether the tickets are what their events add up to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import select

from daemon.store import schema
from daemon.store.gather import load_tickets
from daemon.store.rows import read_event
from rules.fold import fold_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from daemon.store.database import Connection
    from rules.ticket import Ticket

#: So many tickets are read at once: memory stays small whatever the desk holds.
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A ticket whose rows say something else than its events."""

    number: str
    says: str


@dataclass(slots=True)
class Verification:
    """How many tickets were looked at so far."""

    tickets: int = 0
    events: int = 0


def verify_tickets(connection: Connection, so_far: Verification) -> Iterator[Disagreement]:
    """Compare each ticket with the fold of its events, in the order of their ids; counts them in `so_far`."""
    after = 0
    while ids := _next_ids(connection, after):
        tickets = load_tickets(connection, ids)
        so_far.tickets += len(ids)
        events = _events_of(connection, ids)
        so_far.events += sum(map(len, events.values()))
        for ticket in ids:
            if says := _compare(tickets[ticket], events[ticket]):
                yield Disagreement(tickets[ticket].number, says)
        after = ids[-1]


def _next_ids(connection: Connection, after: int) -> Sequence[int]:
    table = schema.tickets.c
    return connection.execute(select(table.id).where(table.id > after).order_by(table.id).limit(_PAGE)).scalars().all()


def _events_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """The sequence numbers and the data of the events of each ticket."""
    found: dict[int, list[tuple[int, str]]] = {ticket: [] for ticket in ids}
    table = schema.events.c
    statement = select(table.ticket_id, table.sequence, table.data).where(table.ticket_id.between(ids[0], ids[-1]))
    for row in connection.execute(statement.order_by(table.ticket_id, table.sequence)):
        found[row.ticket_id].append((row.sequence, row.data))
    return found


def _compare(ticket: Ticket, events: Sequence[tuple[int, str]]) -> str | None:
    if not events:
        return "it has no events"
    if [sequence for sequence, _ in events] != list(range(1, len(events) + 1)):
        return "its events have gaps"
    folded = fold_all(read_event(data) for _, data in events)
    if folded == ticket:
        return None
    wrong = [field.name for field in fields(ticket) if getattr(ticket, field.name) != getattr(folded, field.name, None)]
    return f"its events give another {', '.join(wrong)}"
