"""The episodes of one source, as a comparison with its Alertmanager needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import Connection, select, text

from daemon.store import schema
from daemon.store.alert_rows import read_episode
from daemon.store.lists import run_in

if TYPE_CHECKING:
    from collections.abc import Collection

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
