"""Alerts fire, end, are told again, late, twice, in part or not at all, and the desk dies in between.

Whatever the order, its episodes and its ticket are those of a model that knows nothing of databases, letters or clocks.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from daemon.store import schema
from daemon.store.alerts.rows import read_episode
from daemon.store.database import reading, transaction
from daemon.store.tickets.verify import Verification, verify_tickets
from rules.token import make_message_id
from tests.daemon.desks import STANDING, StandingDesk
from tests.daemon.streams.stage import open_stage, open_stage_on_postgres
from tests.faults.accounts import check_books
from tests.rules.alerts.course import rulebook
from tests.samples import CHEN, KEYS, MINUTE, NOW, an_alert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from rules.report import Alert
    from rules.ticket import Ticket
    from tests.daemon.streams.stage import Stage
    from tests.databases import ReusedDatabase

HOSTS = ("db1", "db2", "db3")
HOLD = timedelta(minutes=5)
EVERY_HOST = st.permutations(HOSTS)


@dataclass(slots=True)
class Incident:
    """What truly happened to one host: it failed, and mostly it recovered."""

    host: str
    began: datetime
    ended: datetime | None = None

    def words(self) -> Iterator[Alert]:
        """All that a sender may tell of it."""
        for earlier in (0, 1):  # another sender saw it a minute earlier
            minute = round((self.began - NOW) / MINUTE) - earlier
            yield an_alert(host=self.host, minute=minute)
            if self.ended is not None:
                yield an_alert("resolved", host=self.host, minute=minute, ends_at=self.ended)


@dataclass(slots=True)
class Model:
    """What the desk should know: of each host the newest incident that it heard of, and of the ticket how it stands."""

    heard: dict[str, Incident] = field(default_factory=dict)
    firing: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    """Hosts that fired on the ticket."""
    status: str | None = None
    heals_at: datetime | None = None
    muted: bool = False
    touched: bool = False

    def hear(self, incident: Incident, *, over: bool, now: datetime) -> None:
        """A word comes: of an older incident than the newest it says nothing, of an ended one nothing new."""
        newest = self.heard.get(incident.host)
        if newest is not None and incident.began < newest.began:
            return
        first = newest is not incident
        self.heard[incident.host] = incident
        if over and incident.host in self.firing:
            self._end(incident.host, now)
        elif not over and first:
            self._fire(incident.host)

    def close(self) -> None:
        """The lead closes the ticket by hand."""
        self.status, self.heals_at, self.touched, self.muted = "closed", None, True, bool(self.firing)

    def tick(self, now: datetime) -> None:
        """Time has come to this moment."""
        if self.heals_at is not None and self.heals_at <= now:
            self.status, self.heals_at = "resolved" if self.touched else "closed", None

    def _fire(self, host: str) -> None:
        self.firing.add(host)
        stays_muted = self.muted and host in self.known
        self.known.add(host)
        if not stays_muted:
            self.status, self.heals_at, self.muted = "open", None, False

    def _end(self, host: str, now: datetime) -> None:
        self.firing.remove(host)
        if self.firing:
            return
        self.muted = False
        if self.status == "open":
            self.heals_at = now + HOLD


class KilledError(Exception):
    """The process ends in the middle of a transaction."""


class AnyOrder(RuleBasedStateMachine):
    """A cluster of Alertmanagers, a network, a lead who closes by hand, and a desk that dies."""

    incidents = Bundle("incidents")
    silences = Bundle("silences")

    @staticmethod
    def open_desk() -> AbstractContextManager[Stage]:
        """An empty desk, on a database of its own."""
        return open_stage("small")

    @initialize()
    def begin(self) -> None:
        self.rest = ExitStack()
        self.stage: Stage = self.rest.enter_context(self.open_desk())
        self.clock = self.stage.desk.clock
        self.clock.move(HOLD)
        self.model = Model()
        self.now_at: dict[str, Incident] = {}
        self.silenced: set[str] = set()
        self.mails = 0
        self.restart()

    @rule(target=incidents, host=st.sampled_from(HOSTS))
    def fails(self, host: str) -> Incident:
        """A host fails; one that has failed already, and recovered meanwhile, fails again."""
        self.pass_time(timedelta(minutes=3))
        newest = self.now_at.get(host)
        if newest is not None and newest.ended is None:
            newest.ended = self.clock.now - 2 * MINUTE
        self.now_at[host] = Incident(host, self.clock.now)
        return self.now_at[host]

    @rule(host=st.sampled_from(HOSTS))
    def recovers(self, host: str) -> None:
        newest = self.now_at.get(host)
        if newest is not None and newest.ended is None:
            self.pass_time(MINUTE)
            newest.ended = self.clock.now

    @rule(hosts=EVERY_HOST, first=st.integers(0, 2), told=st.integers(1, 3))
    def notifies(self, hosts: Sequence[str], first: int, told: int) -> None:
        """One notification of the group as it stands, in any order, and cut short."""
        incidents = [self.now_at[host] for host in hosts[:told] if host in self.now_at and host not in self.silenced]
        self.deliver([(each, each.ended is not None, first % 2) for each in incidents])

    @rule(incident=incidents, over=st.booleans(), earlier=st.integers(0, 1))
    def tells_late_or_again(self, incident: Incident, over: bool, earlier: int) -> None:
        """Any word of anything that ever happened, from a twin, a retry or after a reload."""
        self.deliver([(incident, over and incident.ended is not None, earlier)])

    @rule(target=silences, host=st.sampled_from(HOSTS))
    def silences_at_the_source(self, host: str) -> str:
        """Notifications tell nothing of it any more, its end neither."""
        self.silenced.add(host)
        return host

    @rule(host=consumes(silences))
    def ends_a_silence(self, host: str) -> None:
        self.silenced.discard(host)

    @rule(minutes=st.integers(1, 7))
    def waits(self, minutes: int) -> None:
        self.pass_time(minutes * MINUTE)

    @rule()
    def restart(self) -> None:
        """Another process over the same database."""
        book, old = rulebook(), self.stage.desk
        self.stage.desk = StandingDesk(self.stage.engine, old.clock, book)

    @rule(hosts=EVERY_HOST)
    def is_killed(self, hosts: Sequence[str]) -> None:
        """The process dies before the commit of a batch and of a tick; nobody was answered, so all is told again."""
        desk = self.stage.desk.desk
        words = [
            an_alert(host=host, minute=round((self.clock.now - NOW) / MINUTE), key=f"lost {host}") for host in hosts
        ]
        with suppress(KilledError), transaction(self.stage.engine) as connection:
            for word in words:
                desk.decide_anew(connection, word)
            desk.tick(connection)
            raise KilledError
        self.restart()

    @precondition(lambda self: self.model.status in ("open", "resolved"))
    @rule()
    def is_closed_by_hand(self) -> None:
        token = make_message_id(KEYS, ticket=1, serial=1, recipient=CHEN, domain=STANDING.domain)
        self.stage.receive(self.stage.mail(CHEN, "Re: it", "!close known", references=(token,), verified=True))
        self.model.close()

    @invariant()
    def episodes_are_the_models(self) -> None:
        with reading(self.stage.engine) as connection:
            rows = connection.execute(select(schema.episodes).where(schema.episodes.c.resolved_at.is_(None)))
            firing = [read_episode(row) for row in rows]
        assert sorted(each.target for each in firing) == sorted(self.model.firing)
        assert all(each.newest and each.ticket == 1 for each in firing)

    @invariant()
    def the_ticket_is_the_models(self) -> None:
        with reading(self.stage.engine) as connection:
            tickets = connection.execute(select(schema.tickets.c.id)).scalars().all()
        assert len(tickets) == (self.model.status is not None)
        if not tickets:
            return
        ticket = self.stage.ticket(1)
        assert _status(ticket) == self.model.status
        assert ticket.firing == len(self.model.firing)
        assert {each.target for each in ticket.alerts.firing_on} == self.model.firing
        assert sum(ticket.alerts.severities.values()) == ticket.firing
        assert ticket.alerts.heals_at == self.model.heals_at
        assert ticket.alerts.muted == self.model.muted

    def teardown(self) -> None:
        if hasattr(self, "rest"):
            check_books(self.stage.engine)
            with reading(self.stage.engine) as connection:
                assert list(verify_tickets(connection, Verification())) == []
            self.rest.close()

    def deliver(self, told: Sequence[tuple[Incident, bool, int]]) -> None:
        """Lay words on the counter in one batch, and tell them to the model."""
        words = [_word(incident, over=over, earlier=earlier) for incident, over, earlier in told]
        if words:
            self.stage.receive(*words)
        for incident, over, _ in told:
            self.model.hear(incident, over=over, now=self.clock.now)

    def pass_time(self, span: timedelta) -> None:
        self.stage.pass_time(span)
        self.model.tick(self.clock.now)


def _word(incident: Incident, *, over: bool, earlier: int) -> Alert:
    words = {(word.status, round((incident.began - word.starts_at) / MINUTE)): word for word in incident.words()}
    return words["resolved" if over else "firing", earlier]


def _status(ticket: Ticket) -> str:
    return "open" if ticket.open else ticket.status


QUICK = settings(max_examples=6, stateful_step_count=25, suppress_health_check=list(HealthCheck))


def test_in_any_order_tickets_and_episodes_are_the_models() -> None:
    run_state_machine_as_test(AnyOrder, settings=QUICK)


@pytest.mark.slow
def test_and_after_a_thousand_steps() -> None:
    run_state_machine_as_test(AnyOrder, settings=settings(QUICK, max_examples=30, stateful_step_count=40))


@pytest.mark.slow
def test_in_any_order_on_postgres_too(reused_database: ReusedDatabase) -> None:
    class OnPostgres(AnyOrder):
        open_desk = staticmethod(partial(open_stage_on_postgres, reused_database))

    run_state_machine_as_test(OnPostgres, settings=settings(QUICK, max_examples=8))
