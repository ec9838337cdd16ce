"""Statements that take a list of values: for the rows whose column is one of them, or for the newest of each."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, any_, bindparam, func, select, text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Column, Connection, Select, TextClause


def run_in(
    connection: Connection, statement: Select[Any], column: Column[Any], values: Collection[Any], **parameters: Any
) -> Sequence[Any]:
    """Run a statement, which may have further parameters, for the rows whose column is one of the values.

    The statement is to be one that is kept: to build one takes as long as to run it. All rows are read at once: one
    by one they take half as long again.
    """
    if not values:
        return ()
    wanted = sorted(values)
    if connection.dialect.name == "sqlite":
        narrowed, within = _narrow_on_sqlite(statement, column), json.dumps(wanted, ensure_ascii=False)
        return connection.execute(narrowed, {"within": within, **parameters}).all()
    return connection.execute(_narrow_on_postgresql(statement, column), {"within": wanted, **parameters}).all()


# The list is one parameter: a statement with a parameter for each value is another for every length, which SQLAlchemy
# writes and the database plans anew, and databases take no more than some ten thousands of them.


@lru_cache(maxsize=100)
def _narrow_on_sqlite(statement: Select[Any], column: Column[Any]) -> Select[Any]:
    return statement.where(column.in_(select(func.json_each(bindparam("within")).table_valued("value").c.value)))


@lru_cache(maxsize=100)
def _narrow_on_postgresql(statement: Select[Any], column: Column[Any]) -> Select[Any]:
    return statement.where(column == any_(bindparam("within", type_=ARRAY(column.type))))


# A join or a window function would read all tickets of a value, which may be half of those that are open, and a
# statement for each value takes PostgreSQL 40 ms for 300. A row for each value, not one for each ticket that has it,
# takes a quarter of the time.
_NEWEST = {
    "sqlite": """
        SELECT value, (SELECT json_group_array(ticket_id) FROM (
            SELECT ticket_id FROM {table} WHERE {column} = wanted.value ORDER BY ticket_id DESC LIMIT :most))
        FROM json_each(:within) AS wanted
    """,
    "postgresql": """
        SELECT value, ARRAY(
            SELECT ticket_id FROM {table} WHERE {column} = wanted.value ORDER BY ticket_id DESC LIMIT :most)
        FROM unnest(CAST(:within AS {type}[])) AS wanted (value)
    """,
}


def find_newest(
    connection: Connection, column: Column[Any], values: Collection[Any], most: int
) -> dict[Any, list[int]]:
    """Find the newest tickets, `most` of them, for each value of a column of an index; nothing for one of none."""
    if not values:
        return {}
    statement, wanted = _prepare_newest(column, connection.dialect.name), sorted(values)
    if connection.dialect.name == "sqlite":
        found = connection.execute(statement, {"within": json.dumps(wanted, ensure_ascii=False), "most": most}).all()
        return {value: json.loads(tickets) for value, tickets in found if tickets != "[]"}
    found = connection.execute(statement, {"within": wanted, "most": most}).all()
    return {value: tickets for value, tickets in found if tickets}


@lru_cache(maxsize=100)
def _prepare_newest(column: Column[Any], dialect: str) -> TextClause:
    return text(_NEWEST[dialect].format(table=column.table.name, column=column.name, type=column.type))
