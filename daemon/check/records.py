"""What a check reads out of the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from daemon.config.secrets import SecretError
from daemon.store.database import Database, DatabaseError
from daemon.store.tickets.read import looking_into

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.config.settings import Config
    from daemon.store.database import Connection

_Row = TypeVar("_Row")


def read_records(config: Config, read: Callable[[Connection], list[_Row]]) -> list[_Row]:
    """What the database holds; one that cannot be read, or is empty, is told of by the check of the database."""
    try:
        database = Database.at(config.database.url.reveal())
        if database.path is not None and not database.path.exists():
            return []
        with looking_into(database) as connection:
            return read(connection)
    except (DatabaseError, SecretError):
        return []
