"""The rulebook changes while alerts fire: those that it ignored, what makes them one, and what makes a ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text, update

from daemon.store import schema
from daemon.store.alerts.rows import read_episode
from daemon.store.database import transaction
from daemon.store.gather import load_tickets
from rules.alerts.identity import report_key
from tests.daemon.desks import STANDING, StandingDesk
from tests.faults.accounts import check_books
from tests.rules.alerts.course import rulebook
from tests.samples import MINUTE, NOW, a_mail, an_alert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from rules.episode import Episode
    from rules.report import Alert, Mail, Report
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

NAGIOS = "nagios@corp.example"
MAILS = """
[[alerts.mails]]
name = "nagios"
from = "nagios@corp.example"
subject = '^(?P<state>PROBLEM|RECOVERY) (?P<host>\\w+)$'
labels = { alertname = "DiskFull", instance = "{host}" }
states = { firing = "PROBLEM", resolved = "RECOVERY" }
"""
PLAIN = rulebook(more=MAILS)
IGNORING = rulebook('ignore = ["DiskFull"]', more=MAILS)
REPLICAS = rulebook('ignore_labels = ["replica"]')
EVERYWHERE = rulebook('ignore_labels = ["replica", "instance"]')
BY_HOST = rulebook('key = ["instance"]')


def word(status: str = "firing", *, replica: str = "", host: str = "db1", minute: int = 0, **more: Any) -> Alert:
    """What Alertmanager tells of a series, with the key that its next telling has too."""
    alert = an_alert(status, host=host, minute=minute, **more)
    fingerprint = f"{host} {replica}"
    labels = alert.labels.set("replica", replica) if replica else alert.labels
    key = report_key(fingerprint, alert.starts_at, status)
    return replace(alert, fingerprint=fingerprint, key=key, labels=labels)


def mail(n: int, state: str) -> Mail:
    return a_mail(NAGIOS, f"{state} db1", "", n=n, verified=True, received_at=NOW + n * MINUTE)


@dataclass(slots=True)
class Changing:
    """A desk whose rulebook is changed."""

    engine: Engine
    desk: StandingDesk

    def work_by(self, rules: Rulebook) -> None:
        self.desk.desk.change_rules(rules, STANDING)
        self.desk.desk.step(0)

    def hear(self, *reports: Report) -> list[str | None]:
        """Receive reports one by one, a minute after each other; returns the verdicts, `seen` for what is known."""
        found: list[str | None] = []
        for report in reports:
            self.desk.clock.move(MINUTE)
            (decision,) = self.desk.receive(report)
            found.append("seen" if decision.seen_before else decision.verdict)
        return found

    def firing(self) -> list[Episode]:
        table = schema.episodes.c
        with transaction(self.engine) as connection:
            rows = connection.execute(select(schema.episodes).where(table.resolved_at.is_(None)))
            return [read_episode(row) for row in rows]

    def tickets(self) -> list[Ticket]:
        with transaction(self.engine) as connection:
            ids = connection.execute(select(schema.tickets.c.id).order_by(schema.tickets.c.id)).scalars().all()
            found = load_tickets(connection, ids)
        return [found[ticket] for ticket in ids]


@pytest.fixture
def changing(writer: Engine) -> Iterator[Changing]:
    yield Changing(writer, StandingDesk(writer, rulebook=PLAIN))
    check_books(writer)


WORDS = [
    pytest.param(word(), word(), word("resolved"), id="Alertmanager sends it again"),
    pytest.param(word(), word(correction="opened"), word("resolved"), id="the desk asks Alertmanager"),
    pytest.param(mail(1, "PROBLEM"), mail(2, "PROBLEM"), mail(3, "RECOVERY"), id="its monitor mails of it again"),
]


@pytest.mark.parametrize(("ignored", "again", "end"), WORDS)
def test_an_alert_that_is_ignored_no_more_opens_with_its_next_word(
    changing: Changing, ignored: Report, again: Report, end: Report
) -> None:
    changing.work_by(IGNORING)
    assert changing.hear(ignored) == ["ignored"]
    changing.work_by(PLAIN)
    assert changing.hear(again) == ["opened"]
    assert changing.hear(again, ignored) == ["seen", "seen"]
    assert changing.tickets()[0].firing == 1
    assert changing.hear(end) == ["resolved"]
    assert len(changing.tickets()) == 1


def test_two_words_in_one_batch_open_one_ticket(changing: Changing) -> None:
    changing.work_by(IGNORING)
    changing.hear(word(), word(host="db2"))
    changing.work_by(PLAIN)
    decisions = changing.desk.receive(word(), word(), word(host="db2"))
    assert [decision.verdict for decision in decisions] == ["opened", "appended", "appended"]
    (ticket,) = changing.tickets()
    assert (ticket.firing, len(changing.firing())) == (2, 2)


def test_the_ledger_has_what_became_of_it_at_last(changing: Changing) -> None:
    changing.work_by(IGNORING)
    changing.hear(word(), word())
    changing.work_by(PLAIN)
    changing.hear(word(), word())
    with transaction(changing.engine) as connection:
        (row,) = connection.execute(select(schema.ledger)).all()
    assert (row.verdict, row.ticket_id, row.seen) == ("opened", 1, 4)
    assert row.reason.startswith("the rulebook ignores it no more; ")


def test_what_ended_while_it_was_ignored_stays_so(changing: Changing) -> None:
    changing.work_by(IGNORING)
    changing.hear(word(), word("resolved"))
    changing.work_by(PLAIN)
    assert changing.hear(word()) == ["seen"]
    assert changing.tickets() == []


def test_what_was_dropped_from_the_quarantine_stays_so(changing: Changing) -> None:
    changing.work_by(IGNORING)
    changing.hear(word())
    with transaction(changing.engine) as connection:
        connection.execute(update(schema.ledger).values(reason="dropped from quarantine by chen: a test"))
    changing.work_by(PLAIN)
    assert changing.hear(word()) == ["seen"]


def test_an_alert_that_is_ignored_by_and_by_may_still_end(changing: Changing) -> None:
    changing.hear(word())
    changing.work_by(IGNORING)
    assert changing.hear(word(), word(host="db2"), word("resolved")) == ["seen", "ignored", "resolved"]
    assert changing.firing() == []


SERIES: tuple[dict[str, Any], ...] = (
    {"host": "db1", "replica": "a"},
    {"host": "db1", "replica": "b"},
    {"host": "db2", "replica": "a"},
)
CHANGES = [
    pytest.param(PLAIN, EVERYWHERE, 3, 1, id="labels are ignored that made three episodes"),
    pytest.param(EVERYWHERE, PLAIN, 1, 3, id="labels are ignored no more, which made one episode of three"),
    pytest.param(EVERYWHERE, REPLICAS, 1, 2, id="fewer labels are ignored"),
    pytest.param(REPLICAS, EVERYWHERE, 2, 1, id="more labels are ignored"),
]


@pytest.mark.parametrize(("before", "after", "kept", "anew"), CHANGES)
def test_what_fires_keeps_its_episode_and_has_another_when_it_fires_anew(
    changing: Changing, before: Rulebook, after: Rulebook, kept: int, anew: int
) -> None:
    changing.work_by(before)
    changing.hear(*(word(**each) for each in SERIES))
    changing.work_by(after)
    assert changing.hear(*(word(**each) for each in SERIES)) == ["seen"] * 3
    assert len(changing.firing()) == kept
    for each in SERIES:
        assert changing.tickets()[0].open
        assert changing.hear(word("resolved", **each))[0] in ("appended", "resolved")
    assert changing.firing() == []
    (ticket,) = changing.tickets()
    assert (ticket.firing, ticket.alerts.held) == (0, True)
    changing.hear(*(word(minute=20, **each) for each in SERIES))
    assert len(changing.firing()) == anew
    assert len(changing.tickets()) == 1


def test_one_of_several_series_that_fires_anew_loses_none_of_the_others(changing: Changing) -> None:
    changing.work_by(EVERYWHERE)
    changing.hear(*(word(**each) for each in SERIES))
    assert changing.hear(word(minute=2, **SERIES[0])) == ["appended"]
    (episode,) = changing.firing()
    assert len(episode.series) == 3


def test_a_series_of_which_the_first_word_comes_after_anothers_end_is_not_late(changing: Changing) -> None:
    changing.work_by(REPLICAS)
    changing.hear(word(minute=1, replica="b"), word("resolved", minute=1, replica="b"))
    assert changing.hear(word(replica="a"), word("resolved", replica="a")) == ["appended", "resolved"]


def test_but_one_of_which_the_end_came_first_is(changing: Changing) -> None:
    changing.work_by(REPLICAS)
    changing.hear(word(minute=1, replica="b"), word("resolved", replica="a"))
    assert changing.hear(word(replica="a"), word("resolved", minute=1, replica="b")) == ["ignored", "resolved"]
    assert changing.firing() == []


def test_with_another_ticket_key_what_fires_stays_where_it_is(changing: Changing) -> None:
    changing.hear(word(), word(host="db2"))
    changing.work_by(BY_HOST)
    assert changing.hear(word(), word(host="db2"), word(host="db3")) == ["seen", "seen", "opened"]
    assert [ticket.firing for ticket in changing.tickets()] == [2, 1]
    changing.hear(*(word("resolved", host=host) for host in ("db1", "db2", "db3")))
    assert [(ticket.firing, ticket.alerts.held) for ticket in changing.tickets()] == [(0, True), (0, True)]


def test_what_fires_on_a_ticket_of_another_key_is_not_taken_for_something_related(changing: Changing) -> None:
    changing.hear(word())
    changing.work_by(BY_HOST)
    assert changing.hear(word(minute=1)) == ["repeated"]
    (ticket,) = changing.tickets()
    assert (ticket.firing, ticket.alerts.related) == (1, ())


def test_episodes_are_found_by_series_through_indexes(sqlite_writer: Engine) -> None:
    changing = Changing(sqlite_writer, StandingDesk(sqlite_writer, rulebook=EVERYWHERE))
    changing.hear(*(word(**each) for each in SERIES))
    with transaction(sqlite_writer) as connection:
        series = schema.series.c
        rows = connection.execute(select(series.fingerprint, series.episode))
        assert {row.fingerprint for row in rows} == {"db1 a", "db1 b", "db2 a"}
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT episodes.name FROM series JOIN episodes ON episodes.source = series.source "
                "AND episodes.fingerprint = series.episode AND episodes.resolved_at IS NULL "
                "WHERE series.source = 'prod' AND series.fingerprint IN ('db1 a', 'db2 a')"
            )
        )
        found = [row.detail for row in plan]
    assert all(step.startswith("SEARCH") for step in found), found
