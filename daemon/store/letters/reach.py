"""The addresses that letters came back from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import func, select

from daemon.store import schema
from daemon.store.bulk import upsert
from daemon.store.instants import from_microseconds, to_microseconds
from daemon.store.lists import run_in
from rules.letters.resting import Reach

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection


_REACH = select(schema.reach)


def find_reach(connection: Connection, addresses: Collection[str]) -> Map[str, Reach]:
    """What is known of whether letters reach these addresses; nothing of those that never failed."""
    rows = run_in(connection, _REACH, schema.reach.c.address, addresses)
    return Map({row.address: Reach(tuple(map(from_microseconds, row.failures)), row.resting_since) for row in rows})


def record_reach(connection: Connection, reach: Mapping[str, Reach]) -> None:
    """Write down what is new of addresses."""
    rows = [
        {
            "address": address,
            "failures": [to_microseconds(at) for at in each.failures],
            "resting_since": each.resting_since,
        }
        for address, each in reach.items()
    ]
    upsert(connection, schema.reach, rows)


def count_resting(connection: Connection, since: datetime) -> int:
    """How many addresses rest that began to after a moment."""
    table = schema.reach
    return connection.execute(select(func.count()).where(table.c.resting_since > since)).scalar_one()
