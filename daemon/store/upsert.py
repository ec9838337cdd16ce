"""Bulk inserts that update what is there, in the words of either database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, Table


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    *,
    add: Collection[str] = (),
    keep: Collection[str] = (),
    keys: Sequence[str] = (),
) -> None:
    """Insert rows, or change those with the same key: the primary key, or the unique columns that `keys` names.

    Columns in `add` are added to what is there, those in `keep` stay as they are, and the others are replaced.
    Rows are written in the order of their keys, so that two writers never wait for each other in a circle.
    """
    if not rows:
        return
    keys = keys or [column.name for column in table.primary_key]
    insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    changed = {
        name: table.c[name] + insert.excluded[name] if name in add else insert.excluded[name]
        for name in rows[0]
        if name not in keys and name not in keep
    }
    statement = (
        insert.on_conflict_do_update(index_elements=keys, set_=changed) if changed else insert.on_conflict_do_nothing()
    )
    connection.execute(statement, sorted(rows, key=lambda row: [row[key] for key in keys]))
