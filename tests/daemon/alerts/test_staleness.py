"""Firing alerts of which nothing is heard any more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from immutables import Map
from sqlalchemy import select

from daemon.counter import Do
from daemon.store import schema
from daemon.store.alerts.rows import read_episode
from daemon.store.database import reading, transaction
from daemon.store.gather import load_tickets
from rules.alerts.identity import report_key
from rules.token import make_message_id
from tests.daemon.desks import MovedClock, StandingDesk, verdicts
from tests.daemon.metrics.test_collector import MONITORS
from tests.faults.accounts import check_books
from tests.rules.alerts.course import rulebook
from tests.rules.joining.shop import RULEBOOK as SHOP
from tests.rules.joining.shop import database_down, latency
from tests.samples import HOUR, KEYS, LI, MINUTE, NOW, a_mail, an_alert

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from rules.episode import Episode
    from rules.report import Alert
    from rules.ticket import Ticket

RULEBOOK = rulebook('stale_after = "1h"')
FIRING = an_alert(fingerprint="db1", key="db1.0.firing")


def ticket(engine: Engine) -> Ticket:
    with reading(engine) as connection:
        return load_tickets(connection, [1])[1]


def episode(engine: Engine) -> Episode:
    with reading(engine) as connection:
        return read_episode(connection.execute(select(schema.episodes)).one())


def told(engine: Engine) -> list[str]:
    table = schema.letters.c
    with transaction(engine) as connection:
        rows = connection.execute(select(table.data).where(table.template == "escalated")).scalars()
        return [str(data["reason"]) for data in rows if "no word" in str(data["reason"])]


@pytest.fixture
def desk(writer: Engine) -> StandingDesk:
    """It fired, and a desk that never stops looks every minute."""
    desk = StandingDesk(writer, MovedClock(), RULEBOOK)
    desk.tick()
    desk.receive(FIRING)
    return desk


def pass_time(desk: StandingDesk, minutes: int) -> None:
    for _ in range(minutes):
        desk.clock.move(MINUTE)
        desk.tick()


def test_after_an_hour_without_a_word_it_is_stale_and_told_once(desk: StandingDesk, writer: Engine) -> None:
    pass_time(desk, 59)
    assert ticket(writer).alerts.stale == 0
    pass_time(desk, 60)
    assert (ticket(writer).alerts.stale, ticket(writer).alerts.marks) == (1, ("stale",))
    assert ticket(writer).open
    assert len(told(writer)) == 1
    check_books(writer)


def test_resends_keep_it_fresh(desk: StandingDesk, writer: Engine) -> None:
    for _ in range(4):
        pass_time(desk, 40)
        assert verdicts(desk.receive(FIRING)) == ["appended"]
    assert ticket(writer).alerts.stale == 0


def test_a_word_takes_the_mark_off(desk: StandingDesk, writer: Engine) -> None:
    pass_time(desk, 70)
    assert verdicts(desk.receive(FIRING)) == ["appended"]
    assert ticket(writer).alerts.marks == ()
    assert episode(writer).stale_since is None
    check_books(writer)
    pass_time(desk, 70)
    assert ticket(writer).alerts.marks == ("stale",)


def test_its_end_takes_the_mark_off_too(desk: StandingDesk, writer: Engine) -> None:
    pass_time(desk, 70)
    desk.receive(an_alert("resolved", fingerprint="db1", key="db1.0.resolved"))
    assert (ticket(writer).alerts.stale, ticket(writer).firing) == (0, 0)
    check_books(writer)


def test_a_desk_that_was_away_waits_once_more(desk: StandingDesk, writer: Engine) -> None:
    desk.clock.move(5 * HOUR)
    later = StandingDesk(writer, desk.clock, RULEBOOK)
    later.tick()
    assert ticket(writer).alerts.stale == 0
    pass_time(later, 61)
    assert ticket(writer).alerts.stale == 1


def test_a_look_that_was_rolled_back_is_none(desk: StandingDesk, writer: Engine) -> None:
    desk.clock.move(5 * HOUR)
    later = StandingDesk(writer, desk.clock, RULEBOOK)
    for item in (Do(later.desk.tick), Do(fail)):
        later.counter.lay_down(item)
    later.desk.step(0)
    pass_time(later, 2)
    assert ticket(writer).alerts.stale == 0


def fail(_: Connection) -> None:
    raise RuntimeError("as planned")


def test_each_of_several_replicas_keeps_it_fresh(writer: Engine) -> None:
    """They began one after the other, and in the end only the second of them fires."""
    desk = StandingDesk(writer, MovedClock(), rulebook('stale_after = "1h"\nignore_labels = ["replica"]'))
    desk.tick()
    desk.receive(*(replica(n) for n in range(3)))
    desk.receive(*(replica(n, "resolved") for n in (0, 2)))
    for _ in range(4):
        pass_time(desk, 40)
        assert verdicts(desk.receive(replica(1))) == ["appended"]
    assert (ticket(writer).firing, told(writer)) == (1, [])


def replica(n: int, status: str = "firing") -> Alert:
    fingerprint, starts_at = f"fp{n}", NOW + n * MINUTE
    key = report_key(fingerprint, starts_at, status)
    ends_at = NOW + 5 * MINUTE if status == "resolved" else None
    labels = Map(alertname="DiskFull", severity="warning", job="node", replica=str(n))
    return an_alert(status, fingerprint=fingerprint, key=key, starts_at=starts_at, ends_at=ends_at, labels=labels)


def test_what_fired_before_the_rule_came_is_watched_too(writer: Engine) -> None:
    desk = StandingDesk(writer, MovedClock(), rulebook())
    desk.receive(FIRING)
    pass_time(desk, 70)
    assert episode(writer).silent_at is None
    desk.desk.change_rules(RULEBOOK, desk.desk.standing)
    pass_time(desk, 62)
    assert ticket(writer).alerts.stale == 1


def test_what_came_by_mail_is_never_stale_after_a_restart_either(writer: Engine) -> None:
    monitored = rulebook('stale_after = "1h"', more=MONITORS)
    first = StandingDesk(writer, MovedClock(), monitored)
    first.tick()
    first.receive(a_mail("nagios@corp.example", "PROBLEM web1", "", verified=True, received_at=NOW))
    second = StandingDesk(writer, first.clock, monitored)
    pass_time(second, 130)
    assert (ticket(writer).firing, ticket(writer).alerts.stale) == (1, 0)


def test_what_was_split_off_is_stale_no_sooner(writer: Engine) -> None:
    desk = StandingDesk(writer, MovedClock(), SHOP.model_copy(update={"alerts": RULEBOOK.alerts}))
    desk.tick()
    words = [replace(each, key=report_key(each.fingerprint, NOW, "firing")) for each in (latency(), database_down())]
    desk.receive(*words)
    pass_time(desk, 50)
    desk.receive(*words)
    token = make_message_id(KEYS, ticket=1, serial=7, recipient=LI, domain="desk.example")
    desk.receive(a_mail(LI, "Re: it", "!split", n=7, references=(token,), verified=True))
    pass_time(desk, 55)
    with reading(writer) as connection:
        assert [each.alerts.stale for each in load_tickets(connection, [1, 2]).values()] == [0, 0]
