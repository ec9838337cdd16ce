"""The totals for `/metrics`: added up in the desk's own transactions, read by a scrape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from daemon.store import schema
from daemon.store.bulk import upsert
from daemon.store.rows import labels_key

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, tuple[str, ...]]
"""The name of a total, and its label values in the declared order."""


def add_tallies(connection: Connection, amounts: Mapping[Key, float]) -> None:
    """Add amounts to the totals, in one statement and in the order of their keys."""
    rows = [{"name": name, "labels": labels_key(labels), "value": amount} for (name, labels), amount in amounts.items()]
    upsert(connection, schema.tallies, rows, add=("value",))


def read_tallies(connection: Connection) -> dict[Key, float]:
    """All totals."""
    table = schema.tallies.c
    rows = connection.execute(select(table.name, table.labels, table.value))
    return {(name, tuple(json.loads(labels))): value for name, labels, value in rows}
