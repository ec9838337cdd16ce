"""Reading tickets for people: lists of them, and everything that is kept of one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, exists, func, select

from daemon.store import schema
from daemon.store.alerts.episodes import count_suppressed_episodes, find_suppressed_episodes
from daemon.store.alerts.silences import find_silence
from daemon.store.alerts.storms import list_firing
from daemon.store.database import reading
from daemon.store.gather import load_tickets
from daemon.store.rows import read_event, read_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

    from daemon.store.alerts.storms import FiringName
    from daemon.store.database import Database
    from rules.decision import Verdict
    from rules.episode import Episode
    from rules.events import Event
    from rules.letter import Letter
    from rules.report import Channel
    from rules.silences.kept import KeptSilence
    from rules.ticket import Status, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTicket:
    """A ticket as far as a list shows it."""

    number: str
    priority: str
    status: Status
    kind: str
    category: str
    team: str
    assignee: str | None
    requester: str | None
    opened_at: datetime
    next_due_at: datetime | None
    """The nearest due moment still to come."""
    firing: int = 0
    """How many of its alerts' episodes fire."""
    alert_marks: str | None = None
    """held, flapping, muted, stale: what of it holds."""
    overdue: bool
    """A promise that still runs was not kept in time."""
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A report that concerned a ticket, as the ledger keeps it."""

    source: str
    key: str
    channel: Channel
    received_at: datetime
    decided_at: datetime
    verdict: Verdict
    reason: str
    reporter: str | None
    subject: str
    text: str
    seen: int
    """How often it arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLetter:
    """A letter and what became of it."""

    letter: Letter
    message_id: str
    created_at: datetime
    state: str
    """queued, sent, refused, bounced, held, merged or withdrawn."""
    attempts: int
    settled_at: datetime | None
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFile:
    """Everything that is kept of one ticket, each part in its order."""

    ticket: Ticket
    events: Sequence[tuple[int, Event]]
    """With their sequence numbers."""
    reports: Sequence[LedgerEntry]
    letters: Sequence[WrittenLetter]
    merged_into: str | None = None
    """The number of the ticket that this one is a part of."""
    absorbed: Sequence[str] = ()
    """The numbers of the tickets that are a part of this one."""
    parted: Sequence[tuple[str, str]] = ()
    """People who were here by mistake, each with the number of the ticket that is theirs."""
    forwarded_from: str | None = None
    """The number of the ticket out of whose thread this one was forwarded."""
    forwarded_as: Sequence[str] = ()
    """The numbers of the tickets that were forwarded out of its thread."""
    silence: KeptSilence | None = None
    """Of its alerts, the newest."""
    suppressed: Sequence[Episode] = ()
    """Those of its episodes that fire and of which Alertmanager notifies nobody."""
    suppressed_count: int = 0
    """How many they are, also where only an excerpt was read."""
    storm: Sequence[FiringName] = ()
    """Of a storm, what fires by alertname."""
    moments: int = 0
    """How many events, reports and letters there are, also where only an excerpt was read."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """As much of a long story as a person reads: so much of its beginning, and so much of its newest part."""

    first: int
    last: int


@contextmanager
def looking_into(database: Database) -> Iterator[Connection]:
    """Open a database for one look and close all of it afterwards. Raises DatabaseError where it cannot be read."""
    reader = database.open_reader()
    try:
        with reading(reader) as connection:
            yield connection
    finally:
        reader.dispose()


def list_tickets(connection: Connection, *, closed: bool = False, team: str | None = None) -> list[ListedTicket]:
    """The tickets that are not closed, or all of them, of one team or of all, the oldest first."""
    table, clocks = schema.tickets.c, schema.clocks.c
    late = exists().where(clocks.ticket_id == table.id, clocks.stopped_at.is_(None), clocks.overdue_at.is_not(None))
    listed = [table[name] for name in ListedTicket.__dataclass_fields__ if name != "overdue"]
    statement = select(*listed, late.label("overdue")).order_by(table.id)
    if not closed:
        statement = statement.where(table.status != "closed")
    if team is not None:
        statement = statement.where(table.team == team)
    return [ListedTicket(**row) for row in connection.execute(statement).mappings()]


def read_ticket_file(connection: Connection, number: str, excerpt: Excerpt | None = None) -> TicketFile | None:
    """Everything kept of the ticket with this number; None where there is none.

    An excerpt bounds the events, the reports and the letters, each by itself.
    """
    table = schema.tickets.c
    ticket = connection.execute(select(table.id).where(table.number == number)).scalar()
    if ticket is None:
        return None
    whole = load_tickets(connection, [ticket])[ticket]
    called = _numbers_of(connection, whole)
    return TicketFile(
        ticket=whole,
        merged_into=called.get(whole.merged_into or 0),
        absorbed=tuple(called[each] for each in whole.absorbed),
        parted=tuple((address, called[each]) for address, each in whole.parted),
        events=_events(connection, ticket, excerpt),
        reports=_reports(connection, ticket, excerpt),
        letters=_letters(connection, ticket, excerpt),
        moments=_count_moments(connection, ticket),
        forwarded_from=next(iter(_numbers(connection, table.id == whole.forwarded_from)), None),
        forwarded_as=_numbers(connection, table.forwarded_from == ticket),
        silence=find_silence(connection, ticket),
        suppressed=find_suppressed_episodes(connection, ticket, excerpt.last if excerpt else None),
        suppressed_count=count_suppressed_episodes(connection, ticket),
        storm=list_firing(connection, ticket) if whole.storm is not None else (),
    )


def _numbers_of(connection: Connection, ticket: Ticket) -> dict[int, str]:
    """How the tickets are called that a ticket is a part of, that are a part of it, or that parted from it."""
    table = schema.tickets.c
    linked = {ticket.merged_into or 0, *ticket.absorbed, *(each for _, each in ticket.parted)}
    rows = connection.execute(select(table.id, table.number).where(table.id.in_(linked)))
    return {row.id: row.number for row in rows}


def _numbers(connection: Connection, condition: ColumnElement[bool]) -> tuple[str, ...]:
    table = schema.tickets.c
    return tuple(connection.execute(select(table.number).where(condition).order_by(table.id)).scalars())


def _events(connection: Connection, ticket: int, excerpt: Excerpt | None) -> list[tuple[int, Event]]:
    table = schema.events.c
    statement = select(table.sequence, table.data).where(table.ticket_id == ticket)
    rows = _in_order(connection, statement, table.sequence, excerpt)
    return [(row.sequence, read_event(row.data)) for row in rows]


def _reports(connection: Connection, ticket: int, excerpt: Excerpt | None) -> list[LedgerEntry]:
    table = schema.ledger.c
    columns = {name: table[name] for name in LedgerEntry.__dataclass_fields__}
    statement = select(table.id, *columns.values()).where(table.ticket_id == ticket)
    rows = _in_order(connection, statement, table.id, excerpt)
    return [LedgerEntry(**{name: getattr(row, name) for name in columns}) for row in rows]


def _letters(connection: Connection, ticket: int, excerpt: Excerpt | None) -> list[WrittenLetter]:
    table = schema.letters
    statement = select(table).where(table.c.ticket_id == ticket)
    return [_letter(row) for row in _in_order(connection, statement, table.c.id, excerpt)]


def _in_order(
    connection: Connection, statement: Select[Any], by: ColumnElement[int], excerpt: Excerpt | None
) -> list[Row[Any]]:
    """The rows by a column, or its first ones and its last ones, none twice."""
    if excerpt is None:
        return [*connection.execute(statement.order_by(by))]
    first = connection.execute(statement.order_by(by).limit(excerpt.first)).all()
    others = statement.where(by > first[-1]._mapping[by]) if first else statement
    last = connection.execute(others.order_by(by.desc()).limit(excerpt.last)).all()
    return [*first, *reversed(last)]


def _count_moments(connection: Connection, ticket: int) -> int:
    tables = (schema.events, schema.ledger, schema.letters)
    counts = (select(func.count()).select_from(table).where(table.c.ticket_id == ticket) for table in tables)
    return sum(connection.execute(count).scalar_one() for count in counts)


def _letter(row: Any) -> WrittenLetter:
    return WrittenLetter(
        letter=read_letter(row),
        message_id=row.message_id,
        created_at=row.created_at,
        state=row.state,
        attempts=row.attempts,
        settled_at=row.settled_at,
        reply=row.reply,
    )
