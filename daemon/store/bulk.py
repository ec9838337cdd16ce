"""Writing many rows with one statement, as fast as the driver takes them.

SQLAlchemy looks anew at every value of every row for how its column is bound, which takes longer than SQLite takes to
write it. Here that is found out once for a statement, and then whole columns are turned into what the driver takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import Connection, Dialect, Insert, Table

#: Statements that are kept, of all tables: building and compiling one takes as long as writing fifty rows.
_KEPT = 100


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement in the driver's words."""

    text: str
    positional: bool
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    """In the order of the parameters, each with what turns a value into the driver's, where that is something else."""

    def parameters(self, rows: Sequence[dict[str, Any]]) -> list[Any]:
        """What the driver takes for rows."""
        values = [
            [row[name] for row in rows] if process is None else [process(row[name]) for row in rows]
            for name, process in self.columns
        ]
        if self.positional:
            return list(zip(*values, strict=True))
        names = [name for name, _ in self.columns]
        return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, all of them with the same columns."""
    if rows:
        _write(connection, _prepare_insert(table, tuple(rows[0]), connection.dialect), rows)


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
    keys = tuple(keys) or tuple(column.name for column in table.primary_key)
    prepared = _prepare_upsert(table, tuple(rows[0]), frozenset(add), frozenset(keep), keys, connection.dialect)
    _write(connection, prepared, sorted(rows, key=lambda row: [row[key] for key in keys]))


def _write(connection: Connection, prepared: _Prepared, rows: Sequence[dict[str, Any]]) -> None:
    connection.exec_driver_sql(prepared.text, prepared.parameters(rows))


@lru_cache(maxsize=_KEPT)
def _prepare_insert(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Prepared:
    return _prepare(insert(table), table, names, dialect)


@lru_cache(maxsize=_KEPT)
def _prepare_upsert(
    table: Table,
    names: tuple[str, ...],
    add: frozenset[str],
    keep: frozenset[str],
    keys: tuple[str, ...],
    dialect: Dialect,
) -> _Prepared:
    insertion = postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
    changed = {
        name: table.c[name] + insertion.excluded[name] if name in add else insertion.excluded[name]
        for name in names
        if name not in keys and name not in keep
    }
    statement = (
        insertion.on_conflict_do_update(index_elements=keys, set_=changed)
        if changed
        else insertion.on_conflict_do_nothing()
    )
    return _prepare(statement, table, names, dialect)


def _prepare(statement: Insert, table: Table, names: tuple[str, ...], dialect: Dialect) -> _Prepared:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    ordered = compiled.positiontup if compiled.positional else names
    return _Prepared(
        text=str(compiled),
        positional=compiled.positional,
        columns=tuple((name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in ordered),
    )
