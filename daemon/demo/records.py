"""What the daemon of the demo has recorded, read beside it from its database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands."""

    id: int
    number: str
    category: str
    priority: str
    status: str
    team: str
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger, with the ticket it belongs to."""

    message_id: str | None
    verdict: str
    reason: str
    reporter: str | None
    subject: str
    ticket: Ticket | None


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it was decided."""

    ticket: str
    recipient: str
    template: str
    language: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """A rung that was taken."""

    ticket: str
    was: str
    now: str
    reason: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What the whole day came to."""

    reports: int
    tickets: int
    repeats: int
    escalations: int
    letters: int
    breaches: int


class Records:
    """Reads the database of the daemon, each time over a short connection that cannot write."""

    def __init__(self, database: Path) -> None:
        self._address = f"file:{database}?mode=ro"

    def entry(self, source: str, key: str) -> Entry | None:
        """The ledger's row of a report."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT message_id, verdict, reason, reporter, subject, ticket_id FROM ledger"
                " WHERE source = ? AND key = ?",
                (source, key),
            ).fetchone()
            if row is None:
                return None
            message_id, verdict, reason, reporter, subject, ticket = row
            return Entry(message_id, verdict, reason, reporter, subject, _ticket(connection, ticket))

    def written(self, message_id: str) -> Written | None:
        """The letter with this Message-ID."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT tickets.number, recipient, template, letters.language"
                " FROM letters JOIN tickets ON tickets.id = ticket_id WHERE message_id = ?",
                (message_id,),
            ).fetchone()
        return Written(*row) if row else None

    def escalations(self) -> list[Escalation]:
        """Every rung taken, in order: a later call only adds to the end."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT tickets.number, data FROM events JOIN tickets ON tickets.id = ticket_id"
                " WHERE events.kind = 'escalated' ORDER BY at, ticket_id, sequence"
            ).fetchall()
        events = ((number, json.loads(data)) for number, data in rows)
        return [Escalation(number, event["was"], event["now"], event["reason"]) for number, event in events]

    def totals(self) -> Totals:
        """Count what the desk has recorded."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT (SELECT coalesce(sum(seen), 0) FROM ledger), (SELECT count(*) FROM tickets),"
                " (SELECT count(*) FROM ledger WHERE verdict = 'repeated'),"
                " (SELECT count(*) FROM events WHERE kind = 'escalated'),"
                " (SELECT count(*) FROM letters),"
                " (SELECT count(*) FROM events WHERE kind = 'clock_overdue')"
            ).fetchone()
        return Totals(*row)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._address, uri=True, timeout=10)) as connection:
            yield connection


def _ticket(connection: sqlite3.Connection, ticket: int | None) -> Ticket | None:
    row = connection.execute(
        "SELECT id, number, category, priority, status, team, assignee FROM tickets WHERE id = ?", (ticket,)
    ).fetchone()
    return Ticket(*row) if row else None
