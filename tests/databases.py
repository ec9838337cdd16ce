"""Databases with the tables of the desk: the migrations make them once a run, the others are copies."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from daemon.store.database import Database
from daemon.store.migrate import migrate

if TYPE_CHECKING:
    from sqlalchemy import Engine


def make_database(path: Path) -> Database:
    """Write a new SQLite database with the tables in it and no rows."""
    path.write_bytes(_made_once())
    return Database.at(f"sqlite:///{path}")


def open_unsynced(database: Database) -> Engine:
    """Open the connection that writes. On SQLite a commit does not wait for the disk: no test pulls the plug."""
    writer = database.open_writer()
    if database.is_sqlite:
        connection = writer.raw_connection()
        driver: Any = connection.driver_connection
        driver.execute("PRAGMA synchronous=OFF")
        connection.close()
    return writer


def open_fresh(path: Path) -> Engine:
    """The writing connection of a new SQLite database."""
    return open_unsynced(make_database(path))


def make_tables(url: str) -> None:
    """Let the migrations make the tables in an empty database, and leave it."""
    writer = Database.at(url).open_writer()
    migrate(writer)
    writer.dispose()


@cache
def _made_once() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "desk.sqlite3"
        make_tables(f"sqlite:///{path}")
        return path.read_bytes()
