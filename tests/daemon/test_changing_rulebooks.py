"""Alerts fire and end while the rulebook changes what makes them one, what makes a ticket, and what is ignored.

Whatever it changes to: what its sender told last as firing is in one open episode on an open ticket, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from immutables import Map
from sqlalchemy import select

from daemon.store import schema
from daemon.store.alerts.rows import read_episode
from daemon.store.database import reading
from daemon.store.tickets.verify import Verification, verify_tickets
from rules.alerts.identity import report_key
from tests.daemon.desks import STANDING, StandingDesk
from tests.daemon.streams.stage import open_stage, open_stage_on_postgres
from tests.faults.accounts import check_books
from tests.rules.alerts.course import rulebook
from tests.samples import MINUTE, an_alert

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager
    from datetime import datetime

    from rules.episode import Episode
    from rules.report import Alert
    from rules.rulebook import Rulebook
    from tests.daemon.streams.stage import Stage
    from tests.databases import ReusedDatabase

RULEBOOKS = {
    "plain": rulebook(),
    "replicas are one": rulebook('ignore_labels = ["replica"]'),
    "hosts are one, and a ticket": rulebook('ignore_labels = ["replica", "instance"]\nkey = ["instance"]'),
    "silent about a full disk": rulebook('ignore = ["DiskFull"]\nkey = ["alertname"]', hold="0m"),
}
#: (alertname, instance, replica)
Series = tuple[str, str, str]
SERIES: tuple[Series, ...] = (
    ("DiskFull", "db1", "a"),
    ("DiskFull", "db1", "b"),
    ("DiskFull", "db2", "a"),
    ("Down", "db2", "a"),
)
SOME = st.sets(st.sampled_from(SERIES))


@dataclass(slots=True)
class Firing:
    """The newest firing of a series, as it truly is."""

    began: datetime
    ended: datetime | None = None


class ChangingRulebooks(RuleBasedStateMachine):
    """A sender that repeats what it has told, and somebody who tries one rulebook after the other."""

    @staticmethod
    def open_desk() -> AbstractContextManager[Stage]:
        """An empty desk, on a database of its own."""
        return open_stage("small")

    @initialize()
    def begin(self) -> None:
        self.rest = ExitStack()
        self.stage: Stage = self.rest.enter_context(self.open_desk())
        self.clock = self.stage.desk.clock
        self.truth: dict[Series, Firing] = {}
        self.fires: set[Series] = set()
        """What the desk should take for firing."""
        self.starts_anew("plain")

    @rule(series=st.sampled_from(SERIES))
    def begins(self, series: Series) -> None:
        """It fires; what has ended was told before, or is of the same series and never told."""
        self.notifies({each for each, firing in self.truth.items() if firing.ended and each != series})
        self.stage.pass_time(MINUTE)
        self.truth[series] = Firing(self.clock.now)

    @rule(series=st.sampled_from(SERIES))
    def ends(self, series: Series) -> None:
        if series in self.truth and self.truth[series].ended is None:
            self.stage.pass_time(MINUTE)
            self.truth[series].ended = self.clock.now

    @rule(series=SOME)
    def notifies(self, series: Collection[Series]) -> None:
        """One notification of some of them as they are, for the first time or again."""
        told = [each for each in SERIES if each in series and each in self.truth]
        self.stage.receive(*(_word(each, self.truth[each]) for each in told))
        for each in told:
            if self.truth[each].ended is not None:
                self.fires.discard(each)
            elif each[0] not in self.rulebook.alerts.ignore:
                self.fires.add(each)

    @rule(name=st.sampled_from(sorted(RULEBOOKS)))
    def starts_anew(self, name: str) -> None:
        """Another process, with another rulebook."""
        self.rulebook: Rulebook = RULEBOOKS[name]
        self.stage.desk = StandingDesk(self.stage.engine, self.clock, self.rulebook)

    @rule(name=st.sampled_from(sorted(RULEBOOKS)))
    def reads_again(self, name: str) -> None:
        """The same process, with another rulebook from its next batch on."""
        self.rulebook = RULEBOOKS[name]
        self.stage.desk.desk.change_rules(self.rulebook, STANDING)
        self.stage.desk.desk.step(0)

    @rule(minutes=st.integers(1, 7))
    def waits(self, minutes: int) -> None:
        self.stage.pass_time(minutes * MINUTE)

    @invariant()
    def what_fires_is_in_one_episode_on_an_open_ticket(self) -> None:
        episodes = self.open_episodes()
        told = Counter(series for each in episodes for series in each.series or (each.fingerprint,))
        assert told == Counter(map(_fingerprint, self.fires))
        firing = Counter(each.ticket for each in episodes)
        assert all(each.newest and each.ticket is not None for each in episodes)
        with reading(self.stage.engine) as connection:
            tickets = connection.execute(select(schema.tickets.c.id)).scalars().all()
        for ticket in map(self.stage.ticket, tickets):
            assert ticket.firing == firing[ticket.id]
            assert ticket.open or not ticket.firing

    def open_episodes(self) -> list[Episode]:
        with reading(self.stage.engine) as connection:
            rows = connection.execute(select(schema.episodes).where(schema.episodes.c.resolved_at.is_(None)))
            return [read_episode(row) for row in rows]

    def teardown(self) -> None:
        if not hasattr(self, "rest"):
            return
        for series in SERIES:
            self.ends(series)
        self.notifies(SERIES)
        assert self.open_episodes() == []
        check_books(self.stage.engine)
        with reading(self.stage.engine) as connection:
            assert list(verify_tickets(connection, Verification())) == []
        self.rest.close()


def _fingerprint(series: Series) -> str:
    return " ".join(series)


def _word(series: Series, firing: Firing) -> Alert:
    """What its sender says of a series now."""
    name, host, replica = series
    status = "firing" if firing.ended is None else "resolved"
    return replace(
        an_alert(status, name=name, host=host),
        fingerprint=_fingerprint(series),
        key=report_key(_fingerprint(series), firing.began, status),
        starts_at=firing.began,
        ends_at=firing.ended,
        labels=Map(alertname=name, instance=host, replica=replica, severity="warning", job="node"),
    )


QUICK = settings(max_examples=12, stateful_step_count=25, suppress_health_check=list(HealthCheck))


def test_no_change_of_the_rulebook_loses_or_doubles_what_fires() -> None:
    run_state_machine_as_test(ChangingRulebooks, settings=QUICK)


@pytest.mark.slow
def test_nor_after_a_thousand_steps() -> None:
    run_state_machine_as_test(ChangingRulebooks, settings=settings(QUICK, max_examples=40, stateful_step_count=40))


@pytest.mark.slow
def test_nor_on_postgres(reused_database: ReusedDatabase) -> None:
    class OnPostgres(ChangingRulebooks):
        open_desk = staticmethod(partial(open_stage_on_postgres, reused_database))

    run_state_machine_as_test(OnPostgres, settings=settings(QUICK, max_examples=8))
