"""Databases with the tables of the desk: the migrations make them once a run, and all are copies or used again."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import psycopg

from daemon.store import schema
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


class ReusedDatabase:
    """A database of PostgreSQL with the tables in it, for one test after the other: to make or copy it takes longer."""

    #: What the migrations write into them, a test may change.
    _FILLED: Final = ("desk", "alembic_version")

    def __init__(self, url: str) -> None:
        self.url = url
        _make_tables(url)
        with self._connect() as connection:
            connection.execute("CREATE SCHEMA kept")
            for table in self._FILLED:
                connection.execute(f"CREATE TABLE kept.{table} AS TABLE {table}".encode())

    def empty(self) -> None:
        """Cut whoever is still connected to it, and take out all that was written."""
        with self._connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            written = [
                table.name
                for table in reversed(schema.metadata.sorted_tables)
                if connection.execute(f"SELECT FROM {table.name} LIMIT 1".encode()).rowcount
            ]
            for table in (*written, "alembic_version"):
                connection.execute(f"DELETE FROM {table}".encode())
            for table in self._FILLED:
                connection.execute(f"INSERT INTO {table} TABLE kept.{table}".encode())
            connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
            # What is written next must not fall into the holes of what was deleted: rows come in their places' order.
            connection.execute(f"VACUUM {', '.join(written)}".encode())

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url, autocommit=True)


def _make_tables(url: str) -> None:
    writer = Database.at(url).open_writer()
    migrate(writer)
    writer.dispose()


@cache
def _made_once() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "desk.sqlite3"
        _make_tables(f"sqlite:///{path}")
        return path.read_bytes()
