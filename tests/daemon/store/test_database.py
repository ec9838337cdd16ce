"""How the database is opened: who may write, what is refused, and readers beside the writer."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from daemon.store import schema
from daemon.store.database import Database, DatabaseError, reading, sqlite_can_lose_commits, transaction
from tests.daemon.desks import StandingDesk
from tests.databases import make_database
from tests.faults.accounts import check_books
from tests.samples import an_alert

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.mark.parametrize("url", ["mysql://root@localhost/desk", "no url at all"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        Database.at(url)
    assert refused.value.lasting


def test_a_second_daemon_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    database = Database.at(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    with database.lock(), pytest.raises(DatabaseError, match="in use by another deskd") as refused, database.lock():
        pass
    assert refused.value.lasting
    with database.lock():
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot write"), Database.at(f"sqlite:///{tmp_path}/away/d.db").lock():
        pass


def test_a_reader_cannot_write(database: Database) -> None:
    reader = database.open_reader()
    with pytest.raises(DatabaseError), reading(reader) as connection:
        connection.execute(text("UPDATE desk SET last_ticket = 99"))
    reader.dispose()


def test_the_writer_syncs_every_commit(tmp_path: Path) -> None:
    writer = make_database(tmp_path / "desk.sqlite3").open_writer()
    with transaction(writer) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    writer.dispose()


@pytest.mark.parametrize(
    ("version", "loses"),
    [("3.40.1", True), ("3.44.6", False), ("3.50.7", False), ("3.51.2", True), ("3.51.3", False), ("3.52.0", False)],
)
def test_releases_with_the_wal_bug_are_known(version: str, loses: bool) -> None:
    assert sqlite_can_lose_commits(version) is loses


@pytest.mark.slow
def test_readers_checkpoints_and_writes_at_once(tmp_path: Path, sqlite_writer: Engine) -> None:
    """One connection writes and checkpoints; readers come and go, and see whole transactions only."""
    database = Database.at(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    ended, failures = threading.Event(), []

    def read() -> None:
        reader = database.open_reader()
        while not ended.is_set():
            with reading(reader) as connection:
                tickets = connection.execute(select(schema.tickets.c.id)).scalars().all()
                opened = set(connection.execute(select(schema.events.c.ticket_id)).scalars())
                if not set(tickets) <= opened or len(tickets) % 5:
                    failures.append((len(tickets), len(opened)))
        reader.dispose()

    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    desk = StandingDesk(sqlite_writer)
    try:
        for n in range(40):
            desk.receive(*(an_alert(name=f"Alert {n} {m}", source=f"prod{n % 8}") for m in range(5)))
            with sqlite_writer.connect() as connection:
                connection.rollback()
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)" if n % 4 == 0 else "SELECT 1")
    finally:
        ended.set()
        for thread in readers:
            thread.join()
    assert failures == []
    check_books(sqlite_writer)
    file = sqlite3.connect(tmp_path / "desk.sqlite3")
    assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    file.close()
