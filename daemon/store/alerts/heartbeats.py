"""The heartbeats of the sources: read, found when due, written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import Connection, select

from daemon.store import schema
from daemon.store.bulk import upsert
from daemon.store.lists import run_in
from daemon.store.rows import heartbeat_values, read_heartbeat

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from rules.alerts.heartbeat import Heartbeat


_HEARTBEATS = select(schema.heartbeats)


def find_heartbeats(connection: Connection, sources: Collection[str]) -> Map[str, Heartbeat]:
    """The heartbeats of these sources; of a source that never had one there is none."""
    rows = run_in(connection, _HEARTBEATS, schema.heartbeats.c.source, sources)
    return Map({row.source: read_heartbeat(row) for row in rows})


def read_heartbeats(connection: Connection) -> list[Heartbeat]:
    """Those of all sources, by name: there are as many as Alertmanagers."""
    table = schema.heartbeats
    return [read_heartbeat(row) for row in connection.execute(select(table).order_by(table.c.source))]


def find_due_heartbeats(connection: Connection, now: datetime) -> list[Heartbeat]:
    """Those that the desk has to look at, the longest due first."""
    table = schema.heartbeats
    due = select(table).where(table.c.due_at <= now).order_by(table.c.due_at)
    return [read_heartbeat(row) for row in connection.execute(due)]


def record_heartbeats(connection: Connection, heartbeats: Iterable[Heartbeat]) -> None:
    """Write heartbeats as they now stand, in the clerk's transaction."""
    upsert(connection, schema.heartbeats, [heartbeat_values(heartbeat) for heartbeat in heartbeats])
