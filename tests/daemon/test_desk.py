"""The clerk: one transaction, one effect, and no item that takes its neighbours with it."""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text, update

from daemon.counter import Do, Receive
from daemon.store import schema
from daemon.store.database import Database, DatabaseError, transaction
from rules.facts import SentLetter
from tests.daemon.desks import MovedClock, StandingDesk, verdicts
from tests.databases import open_fresh
from tests.faults.accounts import check_books
from tests.rules.alerts.course import rulebook
from tests.samples import ALICE, BOB, CAROL, CHEN, DAVE, HOUR, LI, MINUTE, WITHOUT_STORMS, a_mail, an_alert

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from rules.report import Mail


def a_poisoned_mail(n: int = 66) -> Mail:
    """A mail that the rules cannot decide: no subject at all, which no reader of mails ever gives."""
    nothing: Any = None
    return replace(a_mail(n=n, original=b"Subject: poison\r\n\r\n"), subject=nothing)


def _ledger(engine: Engine) -> list[tuple[str, str]]:
    with transaction(engine) as connection:
        table = schema.ledger.c
        return [tuple(row) for row in connection.execute(select(table.key, table.verdict).order_by(table.key))]


def test_a_report_that_cannot_be_decided_is_set_aside_and_its_neighbours_are_not(writer: Engine) -> None:
    desk = StandingDesk(writer)
    items = desk.receive_apart(a_mail(n=1), a_poisoned_mail(), an_alert())
    assert [verdicts(item.answer.result(0)) for item in items] == [["opened"], ["quarantined"], ["opened"]]
    with transaction(writer) as connection:
        assert zlib.decompress(connection.execute(select(schema.originals.c.content)).scalar_one()).startswith(b"Subj")
    check_books(writer)


def test_within_one_page_of_mails_only_the_bad_one_is_set_aside(writer: Engine) -> None:
    decisions = StandingDesk(writer).receive(a_mail(n=1), a_poisoned_mail(), a_mail(BOB, n=2))
    assert verdicts(decisions) == ["opened", "quarantined", "repeated"]
    check_books(writer)


def test_a_report_set_aside_is_acknowledged_again_and_set_aside_once(writer: Engine) -> None:
    desk = StandingDesk(writer)
    for _ in range(2):
        assert verdicts(desk.receive(a_poisoned_mail())) == ["quarantined"]
    assert _ledger(writer) == [("9.66", "quarantined")]
    check_books(writer)


def test_a_known_alert_that_cannot_be_decided_again_stays_as_it_was(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer, rulebook=rulebook('stale_after = "1h"'))
    firing = an_alert()
    desk.receive(firing)
    with transaction(sqlite_writer) as connection:
        connection.execute(update(schema.episodes).values(stale_since=desk.clock()))
        connection.exec_driver_sql("UPDATE tickets SET milestones = '{'")
    again, mail = desk.receive_apart(firing, a_mail(n=1))
    assert verdicts(again.answer.result(0)) == ["opened"]
    assert verdicts(mail.answer.result(0)) == ["opened"]
    assert _ledger(sqlite_writer) == [("9.1", "opened"), (firing.key, "opened")]
    assert desk.watch.conditions()["database"].working


@pytest.mark.parametrize("words", ["a NUL \0 inside", "half a pair \ud83d inside"], ids=["NUL", "a lone surrogate"])
def test_words_that_no_database_takes_stop_nobody(writer: Engine, words: str) -> None:
    desk = StandingDesk(writer)
    first, second = desk.receive(a_mail(n=1, text=words, full_text=words), an_alert())
    assert first.verdict in ("opened", "quarantined")  # SQLite takes a NUL
    assert second.verdict == "opened"
    assert verdicts(desk.receive(a_mail(CAROL, "Printer prints blank pages", n=3))) == ["opened"]
    check_books(writer)


def test_something_else_that_fails_tells_only_who_asked(writer: Engine) -> None:
    desk = StandingDesk(writer)

    def fail(_: Connection) -> None:
        raise LookupError("nothing there")

    asked, mail = Do(fail), Receive([a_mail()])
    for item in (asked, mail):
        desk.counter.lay_down(item)
    desk.desk.step(0)
    assert isinstance(asked.answer.exception(0), LookupError)
    assert verdicts(mail.answer.result(0)) == ["opened"]
    check_books(writer)


def test_without_a_database_the_askers_are_told_and_then_it_goes_on(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer)
    path = sqlite_writer.url.database
    assert path is not None
    other = sqlite3.connect(path, isolation_level=None)
    with transaction(sqlite_writer) as connection:
        connection.execute(text("PRAGMA busy_timeout=0"))
    other.execute("BEGIN IMMEDIATE")
    item = desk.receive_apart(a_mail())[0]
    assert isinstance(item.answer.exception(0), DatabaseError)
    assert not desk.watch.conditions()["database"].working
    other.execute("ROLLBACK")
    other.close()
    assert verdicts(desk.receive(a_mail())) == ["opened"]
    assert desk.watch.conditions()["database"].working


@pytest.mark.slow
def test_postgresql_may_go_and_come_back(postgres_desk: Database, postgres: Any) -> None:
    engine = postgres_desk.open_writer()
    desk = StandingDesk(engine)
    postgres.stop()
    try:
        with pytest.raises(DatabaseError) as away:
            desk.receive(a_mail())
        assert not away.value.lasting
    finally:
        postgres.start()
    assert verdicts(desk.receive(a_mail())) == ["opened"]
    engine.dispose()


def test_each_rung_is_taken_once_however_often_the_daemon_starts(writer: Engine) -> None:
    clock = MovedClock()
    StandingDesk(writer, clock).receive(a_mail())
    clock.move(8 * HOUR)
    for _ in range(3):
        assert not StandingDesk(writer, clock).tick()
    with transaction(writer) as connection:
        assert connection.execute(select(schema.rungs.c.rung)).scalars().all() == ["response/late-response/1"]
        told = connection.execute(
            select(schema.letters.c.recipient).where(schema.letters.c.template == "escalated")
        ).scalars()
        assert Counter(told) == {LI: 1, CHEN: 1}
    check_books(writer)


def test_more_due_tickets_than_one_tick_takes_are_taken_by_the_next(sqlite_writer: Engine) -> None:
    clock = MovedClock()
    desk = StandingDesk(sqlite_writer, clock, WITHOUT_STORMS)
    desk.receive(*(an_alert(name=f"Alert{n}") for n in range(130)))
    clock.move(5 * HOUR)
    assert desk.tick()
    assert not desk.tick()
    with transaction(sqlite_writer) as connection:
        assert len(connection.execute(select(schema.rungs.c.rung)).all()) >= 130
    check_books(sqlite_writer)


def test_a_ticket_whose_clocks_cannot_be_decided_stops_no_other_clock(sqlite_writer: Engine) -> None:
    clock = MovedClock()
    desk = StandingDesk(sqlite_writer, clock)
    desk.receive(a_mail(), an_alert())
    with transaction(sqlite_writer) as connection:
        first = update(schema.tickets).where(schema.tickets.c.id == 1)
        connection.execute(first.values(priority="a level of a rulebook that is gone"))
    clock.move(8 * HOUR)
    desk.tick()
    with transaction(sqlite_writer) as connection:
        assert 2 in connection.execute(select(schema.rungs.c.ticket_id)).scalars().all()
        assert not desk.desk.tick(connection)


def test_a_letter_refused_for_good_is_told_to_staff(writer: Engine) -> None:
    desk = StandingDesk(writer)
    desk.receive(a_mail())
    letter = SentLetter(1, ALICE, "receipt")
    item = Do(lambda connection: desk.desk.tell_undelivered(connection, [(letter, "550 no such user")]))
    desk.counter.lay_down(item)
    desk.desk.step(0)
    assert item.answer.result(0) is None
    with transaction(writer) as connection:
        written = connection.execute(select(schema.letters.c.template, schema.letters.c.recipient)).all()
    assert ("undelivered", LI) in [tuple(row) for row in written]
    check_books(writer)


def test_who_comes_in_one_batch_is_seen_by_the_next_item(writer: Engine) -> None:
    desk = StandingDesk(writer)
    items = desk.receive_apart(*(a_mail(who, n=n) for n, who in enumerate((ALICE, BOB, CAROL, DAVE))))
    assert [item.answer.result(0)[0].verdict for item in items] == ["opened", "repeated", "repeated", "repeated"]
    last = items[-1].answer.result(0)[0]
    assert last.ticket is not None
    assert last.ticket.impact == "medium"
    check_books(writer)


def test_another_rulebook_counts_from_the_next_batch_on(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer)
    quiet = desk.desk.rulebook.model_copy(
        update={"alerts": desk.desk.rulebook.alerts.model_copy(update={"ignore": ("DiskFull",)})}
    )
    desk.desk.change_rules(quiet, desk.desk.standing)
    (item,) = desk.receive_apart(an_alert())
    assert verdicts(item.answer.result(0)) == ["ignored"]


def test_two_mails_that_could_not_be_read_are_two_reports(sqlite_writer: Engine) -> None:
    unread = (a_mail(BOB, "A monitor flickers", "", n=n, content_key="") for n in range(2))
    assert verdicts(StandingDesk(sqlite_writer).receive(*unread)) == ["opened", "repeated"]


def test_what_is_due_in_a_moment_is_not_due_now(sqlite_writer: Engine) -> None:
    clock = MovedClock()
    desk = StandingDesk(sqlite_writer, clock)
    desk.receive(a_mail())
    clock.move(8 * HOUR - MINUTE)
    assert not desk.tick()
    with transaction(sqlite_writer) as connection:
        assert connection.execute(select(schema.rungs)).all() == []


def test_a_full_disk_is_said_and_passes(tmp_path: Path) -> None:
    """A limit on the pages of the file stands for a disk of that size; tests/faults fills a real one."""
    engine = open_fresh(tmp_path / "desk.sqlite3")
    desk = StandingDesk(engine)
    desk.receive(a_mail(n=0))
    with engine.connect() as connection:
        full = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={full}"))
    big = "\n".join(str(number) for number in range(20_000))
    with pytest.raises(DatabaseError, match="full") as refused:
        desk.receive(a_mail(n=1, text=big))
    assert not refused.value.lasting
    with engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count=1000000"))
    assert verdicts(desk.receive(a_mail(n=1, text=big))) == ["repeated"]
    check_books(engine)
    engine.dispose()
