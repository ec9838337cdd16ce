"""What the ledger says of reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from daemon.store import schema
from daemon.store.lists import run_in

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from rules.decision import Verdict


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a report."""

    verdict: str
    reason: str
    ticket: str | None
    """The number of the ticket it concerns."""


def find_recorded(connection: Connection, source: str, key: str) -> Recorded:
    """What became of a report that the ledger holds. Raises NoResultFound otherwise."""
    ledger, ticket = schema.ledger.c, schema.tickets.c
    statement = (
        select(ledger.verdict, ledger.reason, ticket.number)
        .outerjoin(schema.tickets, ticket.id == ledger.ticket_id)
        .where(ledger.source == source, ledger.key == key)
    )
    row = connection.execute(statement).one()
    return Recorded(row.verdict, row.reason, row.number)


def find_verdict(connection: Connection, source: str, key: str) -> Verdict | None:
    """The verdict on a report; None where the ledger does not hold it."""
    table = schema.ledger.c
    verdict: Verdict | None = connection.execute(
        select(table.verdict).where(table.source == source, table.key == key)
    ).scalar()
    return verdict


def find_known(connection: Connection, content_keys: Collection[str]) -> set[str]:
    """Those content keys under which the ledger holds a mail, wherever it lay."""
    table = schema.ledger.c
    return {row.content_key for row in run_in(connection, select(table.content_key), table.content_key, content_keys)}
