"""Databases for the tests of the daemon: the same tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from daemon.store.database import Database
from daemon.store.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture(autouse=True, scope="session")
def plain_log() -> None:
    """Log as the daemon does: rich takes seconds for the traceback of a report that is set aside."""
    processors = structlog.processors
    structlog.configure(
        processors=[processors.add_log_level, processors.format_exc_info, processors.KeyValueRenderer()]
    )


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database without tables."""
    if request.param == "sqlite":
        return Database.at(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    return Database.at(request.getfixturevalue("postgres_url"))


@pytest.fixture
def writer(empty_database: Database) -> Iterator[Engine]:
    """The writing connection of a database whose schema is made."""
    engine = empty_database.open_writer()
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_writer(tmp_path: Path) -> Iterator[Engine]:
    """The same on SQLite alone, for tests in which the kind of database plays no part."""
    engine = Database.at(f"sqlite:///{tmp_path / 'desk.sqlite3'}").open_writer()
    migrate(engine)
    yield engine
    engine.dispose()
