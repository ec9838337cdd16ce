"""The desk's thread waits for its database, and answers everybody whatever happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from daemon.clerk import Clerk
from daemon.counter import Counter, CounterClosedError, Do, Receive
from daemon.desk import Desk
from daemon.store.database import Database, DatabaseError, transaction
from daemon.watch import Watch
from ingest.backoff import Backoff
from tests.daemon.desks import STANDING, MovedClock
from tests.databases import open_fresh
from tests.samples import RULEBOOK, an_alert
from tests.servers.process import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


class Office:
    """A clerk with its counter, started and stopped by a test."""

    def __init__(self, database: Database) -> None:
        self.counter, self.watch = Counter(), Watch()
        self.clerk = Clerk(database, self.counter, self._make_desk, self.watch, Backoff(0.01, 0.02, lambda: 0.5))

    def ask(self, item: Receive | Do) -> Receive | Do:
        self.counter.lay_down(item)
        return item

    def _make_desk(self, engine: Engine) -> Desk:
        return Desk(engine, self.counter, RULEBOOK, STANDING, clock=MovedClock(), watch=self.watch)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.at(f"sqlite:///{tmp_path / 'desk.sqlite3'}")


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office(database)
    yield office
    office.clerk.stop()
    if office.clerk.ident is not None:
        office.clerk.join(PATIENCE)


def test_it_makes_the_schema_and_works(office: Office) -> None:
    office.clerk.start()
    item = Receive([an_alert()])
    office.ask(item)
    assert [decision.verdict for decision in item.answer.result(PATIENCE)] == ["opened"]
    assert office.clerk.ready.is_set()
    assert office.watch.late(60) == []


def test_what_lies_there_at_the_end_is_still_done(office: Office) -> None:
    items = [Receive([an_alert(name=f"Alert{n}")]) for n in range(20)]
    for item in items:
        office.ask(item)
    office.clerk.start()
    office.clerk.ready.wait(PATIENCE)
    office.clerk.stop()
    assert [item.answer.result(PATIENCE)[0].verdict for item in items] == ["opened"] * 20
    with pytest.raises(CounterClosedError):
        office.ask(Do(lambda _: None))


def test_before_the_database_is_open_there_is_no_desk(office: Office) -> None:
    with pytest.raises(DatabaseError, match="not open yet"):
        office.clerk.desk()


def test_a_database_in_use_ends_it_and_everybody_is_told(office: Office, database: Database) -> None:
    item = office.ask(Do(lambda _: None))
    with database.lock():
        office.clerk.start()
        office.clerk.join(PATIENCE)
    assert isinstance(item.answer.exception(1), DatabaseError)
    assert office.clerk.failure is not None
    assert "in use" in office.watch.conditions()["database"].reason


def test_a_newer_schema_ends_it_for_good(office: Office, tmp_path: Path) -> None:
    engine = open_fresh(tmp_path / "desk.sqlite3")
    with transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    office.clerk.start()
    office.clerk.join(PATIENCE)
    assert office.clerk.failure is not None
    assert office.clerk.failure.lasting


def test_while_the_database_is_away_askers_are_told_at_once() -> None:
    office = Office(Database.at("postgresql://deskd@127.0.0.1:1/nowhere"))
    item = office.ask(Do(lambda _: None))
    office.clerk.start()
    assert isinstance(item.answer.exception(PATIENCE), DatabaseError)
    assert not office.clerk.ready.is_set()
    office.clerk.stop()
    office.clerk.join(PATIENCE)
    assert not office.clerk.is_alive()
    assert office.clerk.failure is None
