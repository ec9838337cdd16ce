"""Two daemons on one PostgreSQL database: the desk row makes one clerk of them."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from daemon.store import schema
from daemon.store.database import Database, transaction
from daemon.store.letters.letters import claim_letters
from daemon.store.migrate import migrate
from tests.daemon.desks import StandingDesk
from tests.faults.accounts import check_books
from tests.samples import HOUR, NOW, a_mail, an_alert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

pytestmark = pytest.mark.slow


@contextmanager
def two_writers(database: Database) -> Iterator[list[Engine]]:
    engines = [database.open_writer() for _ in range(2)]
    yield engines
    for engine in engines:
        engine.dispose()


@pytest.fixture
def engines(postgres_desk: Database) -> Iterator[list[Engine]]:
    with two_writers(postgres_desk) as engines:
        yield engines


def _at_once(*works: Callable[[], None]) -> None:
    failures: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        start.wait()
        try:
            work()
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_two_daemons_start_on_an_empty_database_at_once(postgres_url: str) -> None:
    done: list[bool] = []
    with two_writers(Database.at(postgres_url)) as engines:
        _at_once(*(lambda engine=engine: done.append(migrate(engine)) for engine in engines))
    assert sorted(done) == [False, True]


def test_reports_that_come_to_both_have_one_effect(engines: list[Engine]) -> None:
    verdicts = Counter[str | None]()

    def receive_everything(engine: Engine) -> None:
        desk = StandingDesk(engine)
        for n in range(30):
            decisions = desk.receive(a_mail(n=n), an_alert(name=f"Alert{n}"), an_alert(name=f"Alert{n}", host="db2"))
            verdicts.update(decision.verdict for decision in decisions if not decision.seen_before)

    _at_once(*(lambda engine=engine: receive_everything(engine) for engine in engines))
    assert verdicts == {"opened": 31, "repeated": 29, "appended": 30}
    with transaction(engines[0]) as connection:
        assert connection.execute(select(func.count()).select_from(schema.ledger)).scalar() == 90
    check_books(engines[0])


def test_no_letter_is_leased_to_both(engines: list[Engine]) -> None:
    StandingDesk(engines[0]).receive(*(an_alert(name=f"Alert{n}") for n in range(40)))
    leased: dict[str, list[int]] = {"0": [], "1": []}

    def claim_everything(name: str, engine: Engine) -> None:
        while True:
            with transaction(engine) as connection:
                claimed = claim_letters(connection, limit=3, claim=name, lease=HOUR, now=NOW)
            if not claimed:
                return
            leased[name] += [letter.id for letter in claimed]

    _at_once(*(lambda n=n: claim_everything(str(n), engines[n]) for n in range(2)))
    with transaction(engines[0]) as connection:
        letters = connection.execute(select(schema.letters.c.id)).scalars().all()
    assert sorted(leased["0"] + leased["1"]) == sorted(letters)
