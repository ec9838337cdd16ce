"""Databases for the tests of the daemon: the same tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from daemon.store.database import Database
from tests.databases import ReusedDatabase, make_database, open_fresh, open_unsynced

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.servers.postgres import PostgresServer

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(autouse=True, scope="session")
def plain_log() -> None:
    """Log as the daemon does: rich takes seconds for the traceback of a report that is set aside."""
    processors = structlog.processors
    structlog.configure(
        processors=[processors.add_log_level, processors.format_exc_info, processors.KeyValueRenderer()]
    )


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database without tables."""
    if request.param == "sqlite":
        return Database.at(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    return Database.at(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def reused_database(postgres: PostgresServer) -> ReusedDatabase:
    """One for all tests on PostgreSQL."""
    return ReusedDatabase(postgres.new_database())


@pytest.fixture
def postgres_desk(reused_database: ReusedDatabase) -> Iterator[Database]:
    """It has the tables in it, and no rows."""
    yield Database.at(reused_database.url)
    reused_database.empty()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database with the tables in it and no rows."""
    if request.param == "sqlite":
        return make_database(tmp_path / "desk.sqlite3")
    made: Database = request.getfixturevalue("postgres_desk")
    return made


@pytest.fixture
def writer(database: Database) -> Iterator[Engine]:
    """The writing connection of a database whose schema is made."""
    engine = open_unsynced(database)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_writer(tmp_path: Path) -> Iterator[Engine]:
    """The same on SQLite alone, for tests in which the kind of database plays no part."""
    engine = open_fresh(tmp_path / "desk.sqlite3")
    yield engine
    engine.dispose()
