"""Statements for lists of values that may be longer than a database takes at once."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Column, ColumnElement, Connection, Select

#: SQLite takes 32,766 values in a statement and PostgreSQL 65,535; smaller lists plan as well.
_CHUNK = 500


def run_in(
    connection: Connection, statement: Select[Any], column: Column[Any], values: Collection[Any], **parameters: Any
) -> Iterator[Any]:
    """Run a statement, which may have further parameters, for the rows whose column is one of the values.

    The statement is to be one that is kept: to build one takes as long as to run it.
    """
    return run_within(connection, _narrowed(statement, column), values, **parameters) if values else iter(())


@lru_cache(maxsize=100)
def _narrowed(statement: Select[Any], column: Column[Any]) -> Select[Any]:
    """The statement for some values only."""
    return statement.where(_is_within(column))


@cache
def _is_within(column: Column[Any]) -> ColumnElement[bool]:
    return column.in_(bindparam("within", expanding=True))


def run_within(
    connection: Connection, statement: Select[Any], values: Collection[Any], **parameters: Any
) -> Iterator[Any]:
    """Run a statement that has an expanding parameter `within` for the values, in lists that every database takes."""
    wanted = sorted(values)
    for start in range(0, len(wanted), _CHUNK):
        # all rows at once: one by one they take half as long again
        yield from connection.execute(statement, {"within": wanted[start : start + _CHUNK], **parameters}).all()
