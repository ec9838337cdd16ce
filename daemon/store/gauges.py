"""What a scrape counts: each question is answered from one partial index, whatever the number of closed tickets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, literal_column, or_, select, text

from daemon.store import schema
from daemon.store.alerts.heartbeats import read_heartbeats
from daemon.store.alerts.silences import count_silences
from daemon.store.alerts.storms import count_storms
from daemon.store.letters.reach import count_resting
from daemon.store.tallies import Key, read_tallies

if TYPE_CHECKING:
    from collections.abc import Collection

    from rules.alerts.heartbeat import Heartbeat

DUE_SOON = timedelta(minutes=30)

#: PostgreSQL ends a statement of a scrape after this: a slow scrape must not pile up behind the next one.
_PATIENCE = "5s"

# Written out, not bound: SQLite uses a partial index only where it sees its condition while planning.
_NOT_CLOSED = text("tickets.status <> 'closed'")
_INCOMPLETE = text("tickets.missing IS NOT NULL AND tickets.status NOT IN ('resolved', 'closed')")
_MARKED = text("tickets.alert_marks IS NOT NULL")
_OWING = text("tickets.owed_open IS NOT NULL")
_RUNNING = text("clocks.stopped_at IS NULL")
_QUEUED = text("letters.state = 'queued'")
_QUARANTINED = text("ledger.verdict = 'quarantined'")


@dataclass(frozen=True, slots=True)
class TicketGroup:
    """Tickets of one team, priority and status."""

    team: str
    priority: str
    status: str
    count: int
    unassigned: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class ClockGroup:
    """Running clocks of one team, name and state."""

    team: str
    clock: str
    state: str
    """ok, due_soon, overdue or paused."""
    count: int
    next_due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that one scrape reads, of one moment."""

    tallies: dict[Key, float]
    tickets: list[TicketGroup]
    clocks: list[ClockGroup]
    incomplete: dict[str, int]
    """Tickets whose requester was asked for something, by team."""
    owed: dict[tuple[str, str], int]
    """What is not written yet, by team and name."""
    firing: dict[tuple[str, str], int]
    """Episodes by source, and whether somebody is notified of them: firing or suppressed."""
    heartbeats: list[Heartbeat]
    alert_marks: dict[tuple[str, str], int]
    """Tickets of alerts by team and by what marks them."""
    storms: dict[str, int]
    """Open tickets of storms by source."""
    silences: dict[str, int]
    """Those that something is to be done about, by state."""
    letters: dict[str, int]
    """Letters on their way out, by queued and retrying."""
    oldest_letter: datetime | None
    quarantined: int
    resting: int
    """Addresses to which nothing is sent."""


def read_snapshot(connection: Connection, *, now: datetime, pausing: Collection[str], rest: timedelta) -> Snapshot:
    """Read everything in one read-only transaction.

    `pausing` names the clocks held while a ticket waits; `rest` is how long an address rests.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(text(f"SET LOCAL statement_timeout = '{_PATIENCE}'"))
    else:
        connection.exec_driver_sql("BEGIN")
    queued, retrying, oldest_letter = _count_letters(connection)
    return Snapshot(
        tallies=read_tallies(connection),
        tickets=_count_tickets(connection),
        clocks=_count_clocks(connection, now, pausing),
        incomplete=_count_incomplete(connection),
        owed=_count_owed(connection),
        firing=_count_firing(connection),
        heartbeats=read_heartbeats(connection),
        alert_marks=_count_marks(connection),
        storms=count_storms(connection),
        silences=count_silences(connection),
        letters={"queued": queued, "retrying": retrying},
        oldest_letter=oldest_letter,
        quarantined=_count_quarantined(connection),
        resting=count_resting(connection, now - rest),
    )


def _count_tickets(connection: Connection) -> list[TicketGroup]:
    table = schema.tickets.c
    group = (table.team, table.priority, table.status)
    unassigned = func.count() - func.count(table.assignee)
    statement = select(*group, func.count(), unassigned, func.min(table.opened_at)).where(_NOT_CLOSED).group_by(*group)
    return [TicketGroup(*row) for row in connection.execute(statement)]


def _count_clocks(connection: Connection, now: datetime, pausing: Collection[str]) -> list[ClockGroup]:
    """Join the running clocks to the tickets that are not closed; what closed tickets owe is counted by itself.

    Left to itself SQLite looks each ticket up by its primary key: 150 ms for 35,000 clocks. With the few columns of
    open tickets set apart it joins in memory, in a fifth of that. The outer join keeps it from turning that round.
    """
    tickets, clocks = schema.tickets.c, schema.clocks.c
    mine = select(tickets.id, tickets.team, tickets.status, tickets.alert_marks).where(_NOT_CLOSED)
    ours = mine.cte("ours").prefix_with("MATERIALIZED")
    state = _state(ours.c.status == "waiting", _is_held(ours.c.alert_marks), now, pausing).label("state")
    statement = (
        select(ours.c.team, clocks.name, state, func.count(), func.min(clocks.due_at))
        .join_from(schema.clocks, ours, ours.c.id == clocks.ticket_id, isouter=True)
        .where(_RUNNING)
        .group_by(ours.c.team, clocks.name, state)
    )
    rows = connection.execute(statement).all()
    open_ones = [ClockGroup(*row) for row in rows if row.team is not None]
    return open_ones + _count_owing_clocks(connection, {row.name for row in rows if row.team is None}, now)


def _count_owing_clocks(connection: Connection, names: Collection[str], now: datetime) -> list[ClockGroup]:
    """The clocks with these names that run on closed tickets."""
    if not names:
        return []
    tickets, clocks = schema.tickets.c, schema.clocks.c
    state = _state(false(), false(), now, ()).label("state")
    statement = (
        select(tickets.team, clocks.name, state, func.count(), func.min(clocks.due_at))
        .join_from(schema.clocks, schema.tickets, tickets.id == clocks.ticket_id)
        .where(_RUNNING, clocks.name.in_(names), tickets.status == "closed")
        .group_by(tickets.team, clocks.name, state)
    )
    return [ClockGroup(*row) for row in connection.execute(statement)]


def _count_incomplete(connection: Connection) -> dict[str, int]:
    table = schema.tickets.c
    statement = select(table.team, func.count()).where(_INCOMPLETE).group_by(table.team)
    return dict(connection.execute(statement).all())


def _count_owed(connection: Connection) -> dict[tuple[str, str], int]:
    table = schema.tickets.c
    counts = Counter[tuple[str, str]]()
    statement = select(table.team, table.owed_open, func.count()).where(_OWING).group_by(table.team, table.owed_open)
    for team, names, count in connection.execute(statement):
        counts.update({(team, name): count for name in names.split()})
    return counts


def _is_held(marks: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether a ticket is held open after its alerts have ended: `held` is the first of the marks."""
    return and_(marks.is_not(None), marks.startswith("held"))


def _state(
    waiting: ColumnElement[bool], held: ColumnElement[bool], now: datetime, pausing: Collection[str]
) -> ColumnElement[str]:
    """A clock is held exactly while its ticket waits, or is held open; its list of pauses lies in no index."""
    clocks = schema.clocks.c
    return case(
        (clocks.overdue_at.is_not(None), literal_column("'overdue'")),
        (or_(and_(waiting, clocks.name.in_(pausing)), held), literal_column("'paused'")),
        (clocks.due_at <= now, literal_column("'overdue'")),
        (clocks.due_at <= now + DUE_SOON, literal_column("'due_soon'")),
        else_=literal_column("'ok'"),
    )


def _count_marks(connection: Connection) -> dict[tuple[str, str], int]:
    table = schema.tickets.c
    counts = Counter[tuple[str, str]]()
    group = (table.team, table.alert_marks)
    for team, marks, count in connection.execute(select(*group, func.count()).where(_MARKED).group_by(*group)):
        counts.update({(team, mark): count for mark in marks.split()})
    return counts


def _count_firing(connection: Connection) -> dict[tuple[str, str], int]:
    table = schema.episodes.c
    suppressed = func.count(table.suppressed)
    statement = select(table.source, func.count() - suppressed, suppressed).where(table.resolved_at.is_(None))
    counts = dict[tuple[str, str], int]()
    for source, firing, muted in connection.execute(statement.group_by(table.source)):
        counts |= {(source, "firing"): firing, (source, "suppressed"): muted}
    return counts


def _count_letters(connection: Connection) -> tuple[int, int, datetime | None]:
    table = schema.letters.c
    retrying = func.count().filter(table.attempts > 0)
    row = connection.execute(select(func.count(), retrying, func.min(table.created_at)).where(_QUEUED)).one()
    total, tried, oldest = row
    return total - tried, tried, oldest


def _count_quarantined(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(schema.ledger).where(_QUARANTINED)).scalar_one()
