"""Storms of alerts: what is counted to see one come, its column, and its table by alertname."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from immutables import Map
from sqlalchemy import Connection, func, select, text

from daemon.store import schema
from daemon.store.instants import from_microseconds, to_microseconds
from rules.alerts.storm_state import Storm, StormRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from rules.rulebook import Rulebook

# Written out, not bound: SQLite uses a partial index only where it sees its condition while planning.
_OF_ALERTS = text("tickets.key IS NOT NULL")
_OPEN_STORM = text("tickets.storm IS NOT NULL AND tickets.status NOT IN ('resolved', 'closed')")


@dataclass(frozen=True, slots=True)
class FiringName:
    """The firing episodes of one alertname on a ticket."""

    name: str
    firing: int
    since: datetime


def count_opened_lately(
    connection: Connection, sources: Collection[str], rulebook: Rulebook, now: datetime
) -> Map[str, int]:
    """How many tickets alerts of each source opened in the window of storms; twice as many as make one at most."""
    rules = rulebook.alerts.storm
    if not rules.tickets:
        return Map()
    table, since = schema.tickets.c, now - rules.within.length()
    counts = {}
    for source in sources:
        lately = select(table.id).where(_OF_ALERTS, table.source == source, table.opened_at > since)
        counted = select(func.count()).select_from(lately.limit(2 * rules.tickets).subquery())
        counts[source] = connection.execute(counted).scalar_one()
    return Map(counts)


def count_storms(connection: Connection) -> dict[str, int]:
    """The open tickets of storms, by source."""
    table = schema.tickets.c
    statement = select(table.source, func.count()).where(_OPEN_STORM).group_by(table.source)
    return dict(connection.execute(statement).all())


def list_firing(connection: Connection, ticket: int) -> Sequence[FiringName]:
    """What fires on a ticket by alertname, that of which most fires first."""
    table = schema.episodes.c
    many = func.count().label("firing")
    statement = (
        select(table.name, many, func.min(table.starts_at))
        .where(table.ticket_id == ticket, table.resolved_at.is_(None))
        .group_by(table.name)
        .order_by(many.desc(), table.name)
    )
    return [FiringName(*row) for row in connection.execute(statement)]


def storm_values(storm: Storm | None) -> dict[str, Any] | None:
    """The column of a ticket for its storm."""
    if storm is None:
        return None
    return {
        "last_at": to_microseconds(storm.last_at),
        "folded": storm.folded,
        "rows": [[row.name, row.firing, to_microseconds(row.since)] for row in storm.rows],
        "others": storm.others,
    }


def read_storm(values: dict[str, Any] | None) -> Storm | None:
    """The storm of a ticket, from its column."""
    if values is None:
        return None
    return Storm(
        last_at=from_microseconds(values["last_at"]),
        folded=values["folded"],
        rows=tuple(StormRow(name=n, firing=count, since=from_microseconds(at)) for n, count, at in values["rows"]),
        others=values["others"],
    )
