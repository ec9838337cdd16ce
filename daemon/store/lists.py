"""Statements for the rows whose column is one of a list of values."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, any_, bindparam, func, select

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Column, Connection, Select


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
