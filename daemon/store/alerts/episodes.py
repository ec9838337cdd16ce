"""The episodes of one source, as a comparison with its Alertmanager needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import Connection, and_, bindparam, func, select, text, update

from daemon.store import schema
from daemon.store.alerts.rows import read_episode
from daemon.store.lists import run_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement

    from rules.episode import Episode

# Written out, so that SQLite sees its partial indexes.
_FIRING = text("episodes.resolved_at IS NULL")
_NEWEST = text("episodes.newest")


def find_firing_episodes(connection: Connection, source: str) -> tuple[Episode, ...]:
    """Those that fire."""
    table = schema.episodes
    rows = connection.execute(select(table).where(table.c.source == source, _FIRING)).all()
    return tuple(map(read_episode, rows))


def find_newest_episodes(connection: Connection, source: str, fingerprints: Collection[str]) -> Map[str, Episode]:
    """The newest one of each of these alerts that ever fired."""
    table = schema.episodes
    statement = select(table).where(table.c.source == source, _NEWEST)
    rows = run_in(connection, statement, table.c.fingerprint, fingerprints)
    return Map({row.fingerprint: read_episode(row) for row in rows})


def record_suppressions(connection: Connection, source: str, reasons: Mapping[str, str | None]) -> None:
    """Write down why Alertmanager notifies nobody of episodes that fire, by fingerprint, in the clerk's transaction."""
    table = schema.episodes
    same = (table.c.source == source, table.c.fingerprint == bindparam("of"), _FIRING)
    rows = [{"of": fingerprint, "why": why} for fingerprint, why in reasons.items()]
    connection.execute(update(table).where(*same).values(suppressed=bindparam("why")), rows)


def find_suppressed_episodes(connection: Connection, ticket: int, limit: int | None = None) -> tuple[Episode, ...]:
    """Those of a ticket that fire and of which Alertmanager notifies nobody; the first ones where there is a limit."""
    table = schema.episodes
    statement = select(table).where(_suppressed_of(ticket)).order_by(table.c.fingerprint).limit(limit)
    return tuple(map(read_episode, connection.execute(statement)))


def count_suppressed_episodes(connection: Connection, ticket: int) -> int:
    """How many there are of them."""
    counted = select(func.count()).select_from(schema.episodes).where(_suppressed_of(ticket))
    return connection.execute(counted).scalar_one()


def _suppressed_of(ticket: int) -> ColumnElement[bool]:
    table = schema.episodes.c
    return and_(table.ticket_id == ticket, _FIRING, table.suppressed.is_not(None))
