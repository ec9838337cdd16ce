"""Heartbeats and the clock: one ticket for a silence, however often the desk looks and starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from daemon.counter import Do
from daemon.store import schema
from daemon.store.database import transaction
from tests.daemon.desks import MovedClock, StandingDesk
from tests.faults.accounts import check_books
from tests.samples import HOUR, MINUTE, NOW, an_alert

if TYPE_CHECKING:
    from datetime import timedelta

    from sqlalchemy import Connection, Engine


class Watched(StandingDesk):
    """A desk whose clock ticks while it moves."""

    def beat(self) -> None:
        self.receive(an_alert(name="Watchdog", host="monitoring", received_at=self.clock()))

    def let_pass(self, time: timedelta) -> None:
        until = self.clock() + time
        while self.clock() < until:
            self.clock.move(MINUTE / 2)
            self.tick()


def tickets(engine: Engine) -> list[tuple[str, str]]:
    with transaction(engine) as connection:
        table = schema.tickets.c
        return [tuple(row) for row in connection.execute(select(table.subject, table.status).order_by(table.id))]


def test_silence_opens_one_ticket_and_the_return_heals_it(writer: Engine) -> None:
    desk = Watched(writer)
    desk.tick()
    desk.beat()
    desk.let_pass(10 * MINUTE - MINUTE / 2)
    assert tickets(writer) == []
    desk.let_pass(HOUR)
    assert [subject for subject, _ in tickets(writer)] == ["HeartbeatMissing (prod)"]
    desk.beat()
    desk.let_pass(MINUTE)
    with transaction(writer) as connection:
        assert connection.execute(select(schema.episodes.c.resolved_at)).scalar_one() is not None
    check_books(writer)


def test_a_restart_neither_tells_twice_nor_forgets(writer: Engine) -> None:
    desk = Watched(writer)
    desk.tick()
    desk.beat()
    desk.let_pass(11 * MINUTE)
    desk = Watched(writer, MovedClock(NOW + HOUR))
    desk.let_pass(HOUR)
    assert len(tickets(writer)) == 1
    check_books(writer)


def test_a_desk_that_was_away_waits_for_an_interval_before_it_judges(writer: Engine) -> None:
    Watched(writer).beat()
    desk = Watched(writer, MovedClock(NOW + 3 * HOUR))
    desk.let_pass(9 * MINUTE)
    assert tickets(writer) == []
    desk.let_pass(2 * MINUTE)
    assert len(tickets(writer)) == 1


def test_so_does_one_whose_clock_jumped_as_its_machine_slept(sqlite_writer: Engine) -> None:
    desk = Watched(sqlite_writer)
    desk.tick()
    desk.beat()
    desk.clock.move(3 * HOUR)
    desk.tick()
    assert tickets(sqlite_writer) == []


def test_a_look_that_was_rolled_back_is_none(writer: Engine) -> None:
    Watched(writer).beat()
    desk = Watched(writer, MovedClock(NOW + 3 * HOUR))
    tick, failing = Do(desk.desk.tick), Do(fail)
    for item in (tick, failing):
        desk.counter.lay_down(item)
    desk.desk.step(0)
    assert tick.answer.result(0) is False
    assert tickets(writer) == []


def fail(_: Connection) -> None:
    raise RuntimeError("as planned")


def test_a_source_that_never_sent_a_heartbeat_is_not_watched(sqlite_writer: Engine) -> None:
    desk = Watched(sqlite_writer)
    desk.receive(an_alert(name="InfoInhibitor"))
    desk.let_pass(HOUR)
    assert tickets(sqlite_writer) == []


def test_a_thousand_resends_are_one_row_of_the_ledger(sqlite_writer: Engine) -> None:
    desk = Watched(sqlite_writer)
    desk.receive(*(an_alert(name="Watchdog") for _ in range(500)))
    desk.receive(*(an_alert(name="Watchdog") for _ in range(500)))
    with transaction(sqlite_writer) as connection:
        assert connection.execute(select(schema.ledger.c.seen)).scalars().all() == [1_000]
        assert connection.execute(select(func.count()).select_from(schema.events)).scalar_one() == 0
