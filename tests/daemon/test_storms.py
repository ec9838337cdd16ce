"""A storm of different alerts through the clerk: everything is recorded, and the books balance."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from daemon.cli.ticket_story import tell_story
from daemon.store import schema
from daemon.store.alerts.episodes import record_suppressions
from daemon.store.alerts.storms import count_opened_lately, count_storms
from daemon.store.database import transaction
from daemon.store.tallies import read_tallies
from daemon.store.tickets.read import Excerpt, read_ticket_file
from tests.daemon.desks import StandingDesk
from tests.faults.accounts import check_books
from tests.samples import NOW, an_alert, rulebook_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from daemon.store.tickets.read import TicketFile
    from rules.report import Alert

RULEBOOK = rulebook_with('[alerts.storm]\ntickets = 5\nwithin = "5m"\n')
OPENED = 6
"""The tickets of a storm: those that made it one, and its own."""


def _alerts(count: int, first: int = 0, status: str = "firing") -> Sequence[Alert]:
    return [an_alert(status, name=f"Alert{number}") for number in range(first, first + count)]


def _storm(engine: Engine, excerpt: Excerpt | None = None) -> TicketFile:
    with transaction(engine) as connection:
        number = connection.execute(select(schema.tickets.c.number).where(schema.tickets.c.storm.is_not(None)))
        file = read_ticket_file(connection, number.scalar_one(), excerpt)
    assert file is not None
    return file


def _rows(engine: Engine) -> tuple[int, int, int]:
    tables = (schema.tickets, schema.ledger, schema.episodes)
    with transaction(engine) as connection:
        tickets, ledger, episodes = (
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        )
    return tickets, ledger, episodes


def test_a_storm_is_recorded_alert_by_alert_on_one_ticket(writer: Engine) -> None:
    desk = StandingDesk(writer, rulebook=RULEBOOK)
    for first in range(0, 60, 20):
        desk.receive(*_alerts(20, first))
    assert _rows(writer) == (OPENED, 60, 60)
    with transaction(writer) as connection:
        assert count_storms(connection) == {"prod": 1}
        tallies = read_tallies(connection)
    assert tallies["deskd_storm_alerts_total", ("prod",)] == 55
    assert tallies["deskd_alerts_total", ("prod", "firing", "appended")] == 54
    file = _storm(writer)
    assert sum(each.firing for each in file.storm) == file.ticket.firing == 55
    check_books(writer)


def test_the_whole_table_is_shown_with_the_ticket(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer, rulebook=RULEBOOK)
    desk.receive(*_alerts(60), *(an_alert(name="Alert50", host=f"db{number}") for number in range(2, 5)))
    told = list(tell_story(_storm(sqlite_writer), ZoneInfo("Asia/Shanghai")))
    begin = told.index("Firing: 58 alerts")
    assert told[begin + 1].split() == ["Alert50", "4", "since", "2026-11-23", "10:00:00"]
    assert sum(line.startswith("  Alert") for line in told[begin : begin + 56]) == 55


def test_the_story_of_a_storm_is_cut_to_its_beginning_and_its_newest_part(writer: Engine) -> None:
    desk = StandingDesk(writer, rulebook=RULEBOOK)
    for first in range(0, 300, 100):
        desk.receive(*_alerts(100, first))
    excerpt, zone = Excerpt(first=20, last=100), ZoneInfo("Asia/Shanghai")
    cut, whole = _storm(writer, excerpt), _storm(writer)
    assert max(map(len, (cut.events, cut.reports, cut.letters))) <= 120
    moments = len(whole.events) + len(whole.reports) + len(whole.letters)
    assert cut.moments == whole.moments == moments > 500
    stories = list(tell_story(cut, zone, excerpt)), list(tell_story(whole, zone))
    short, long = (story[story.index("Story, on the clocks of Asia/Shanghai") + 1 :] for story in stories)
    gap = next(place for place, line in enumerate(short) if "--whole" in line)
    assert short[gap].startswith(f"  ... {moments - 120:,} more, which")
    assert (short[:gap], short[gap + 1 :]) == (long[:gap], long[gap - len(short) + 1 :])
    assert "  and 195 more names  195" in stories[0]


def test_of_the_silenced_alerts_of_a_storm_a_few_are_named_and_the_others_counted(sqlite_writer: Engine) -> None:
    StandingDesk(sqlite_writer, rulebook=RULEBOOK).receive(*_alerts(45))
    with transaction(sqlite_writer) as connection:
        record_suppressions(connection, "prod", {f"Alert{number} db1": "silenced by s1" for number in range(45)})
    excerpt = Excerpt(first=2, last=10)
    file = _storm(sqlite_writer, excerpt)
    assert (len(file.suppressed), file.suppressed_count) == (10, 40)
    told = "\n".join(tell_story(file, ZoneInfo("Asia/Shanghai"), excerpt))
    assert "Alert10 on db1: silenced by s1" in told
    assert "and 35 more" in told


def test_a_story_that_is_not_longer_than_its_excerpt_is_told_whole(sqlite_writer: Engine) -> None:
    StandingDesk(sqlite_writer, rulebook=RULEBOOK).receive(*_alerts(8))
    zone, moments = ZoneInfo("Asia/Shanghai"), _storm(sqlite_writer).moments
    whole = list(tell_story(_storm(sqlite_writer), zone))
    for excerpt in (Excerpt(first=5, last=moments - 5), Excerpt(first=0, last=moments)):
        assert list(tell_story(_storm(sqlite_writer, excerpt), zone, excerpt)) == whole


def test_a_storm_ends_and_heals_with_its_last_episode(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer, rulebook=RULEBOOK)
    desk.receive(*_alerts(60))
    desk.clock.move(timedelta(minutes=6))
    after = desk.receive(an_alert(name="Single"))
    assert [decision.verdict for decision in after] == ["opened"]
    desk.receive(*_alerts(60, status="resolved"))
    desk.clock.move(timedelta(minutes=6))
    desk.tick()
    assert _storm(sqlite_writer).ticket.status == "closed"
    with transaction(sqlite_writer) as connection:
        assert count_storms(connection) == {}
    check_books(sqlite_writer)


def test_counting_what_was_opened_looks_at_few_rows_by_an_index(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer, rulebook=rulebook_with("[alerts.storm]\ntickets = 0\n"))
    desk.receive(*_alerts(40))
    with transaction(sqlite_writer) as connection:
        assert dict(count_opened_lately(connection, ["prod", "lab"], RULEBOOK, NOW)) == {"prod": 10, "lab": 0}
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM tickets WHERE tickets.key IS NOT NULL AND source = ? AND opened_at > ?",
            ("prod", 0),
        )
        assert "ix_tickets_source_opened_at" in str(plan.all())


@pytest.mark.slow
def test_two_thousand_alerts_are_taken_in_seconds_and_told_in_a_dozen_letters(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer, rulebook=RULEBOOK)
    for first in range(0, 2_000, 400):
        desk.receive(*_alerts(400, first))
    assert _rows(sqlite_writer) == (OPENED, 2_000, 2_000)
    with transaction(sqlite_writer) as connection:
        letters = connection.execute(select(schema.letters.c.template).where(schema.letters.c.template == "storm"))
        assert len(letters.all()) <= 12
    check_books(sqlite_writer)
