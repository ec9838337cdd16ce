"""Two daemons on one PostgreSQL database find the same differences at the same moment, and correct each once."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter as Tally
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from daemon.alerts.reconciliation import Reconciliation, ReconcilingDesk
from daemon.config.alert_source import ApiAccess
from daemon.store import schema
from daemon.store.database import Database, reading
from daemon.store.migrate import migrate
from daemon.store.tallies import read_tallies
from ingest.alertmanager.answers import ServerStatus
from rules.alertmanager.listed import ListedAlert, Listing
from tests.daemon.desks import MovedClock, StandingDesk
from tests.faults.accounts import check_books
from tests.samples import HOUR, NOW, RULEBOOK, an_alert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine
    from structlog.typing import EventDict

    from ingest.alertmanager.api import AlertQuery
    from rules.report import Alert

pytestmark = pytest.mark.slow

AFTER = timedelta(minutes=6)
#: One daemon began to look so much later than the other.
LATER = timedelta(milliseconds=700)
EACH = 30


@dataclass(slots=True)
class AskedByBoth:
    """An Alertmanager that answers only once both daemons have asked."""

    listed: tuple[ListedAlert, ...] = ()
    both: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(2))

    async def status(self) -> ServerStatus:
        return ServerStatus(started_at=NOW - HOUR, configuration="")

    async def alerts(self, query: AlertQuery, *, source: str, received_at: datetime) -> Listing:
        await self.both.wait()
        return Listing(alerts=self.listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(ApiAccess):
    """The way to that one."""

    server: AskedByBoth

    def open(self) -> tuple[Any, ...]:
        return (self.server,)


@dataclass(slots=True)
class Daemon:
    """A desk with a thread of its own that works its counter, and its comparison with the Alertmanager."""

    desk: StandingDesk
    reconciliation: Reconciliation

    @classmethod
    def on(cls, engine: Engine, server: AskedByBoth, clock: MovedClock) -> Daemon:
        desk = StandingDesk(engine, clock)
        side = ReconcilingDesk(counter=desk.counter, reader=engine, rulebook=lambda: RULEBOOK, now=clock)
        access = Access(server=server, receivers=frozenset({"desk"}), correct_after=AFTER)
        return cls(desk, Reconciliation("prod", lambda: access, side))

    @contextmanager
    def working(self) -> Iterator[None]:
        stopping = threading.Event()

        def work() -> None:
            while not stopping.is_set():
                self.desk.desk.step(0.02)

        thread = threading.Thread(target=work)
        thread.start()
        yield
        stopping.set()
        thread.join()


@dataclass(slots=True)
class Pair:
    """Two daemons, and the Alertmanager that both ask."""

    server: AskedByBoth
    daemons: list[Daemon]

    engine: Engine

    @property
    def first(self) -> StandingDesk:
        return self.daemons[0].desk

    def look_together(self, *passed: timedelta) -> None:
        """Let both look at once, and again each time so much has passed."""
        with ExitStack() as stack:
            for daemon in self.daemons:
                stack.enter_context(daemon.working())
            asyncio.run(self._look(passed))

    async def _look(self, passed: tuple[timedelta, ...]) -> None:
        self.server.both = asyncio.Barrier(2)
        for by in (timedelta(), *passed):
            for daemon in self.daemons:
                daemon.desk.clock.move(by)
            await asyncio.gather(*(daemon.reconciliation.look() for daemon in self.daemons))


@pytest.fixture
def pair(postgres_url: str) -> Iterator[Pair]:
    database, server = Database.at(postgres_url), AskedByBoth()
    engines = [database.open_writer() for _ in range(2)]
    migrate(engines[0])
    clocks = MovedClock(NOW), MovedClock(NOW + LATER)
    daemons = [Daemon.on(engine, server, clock) for engine, clock in zip(engines, clocks, strict=True)]
    yield Pair(server, daemons, engines[0])
    for engine in engines:
        engine.dispose()


def some_alerts(*, minute: int = -1) -> list[Alert]:
    return [an_alert(name=f"Lost{n}", minute=minute) for n in range(EACH)]


def as_listed(alerts: list[Alert]) -> tuple[ListedAlert, ...]:
    """As an Alertmanager tells of them that Prometheus tells of them all the time."""
    receivers = frozenset({"desk"})
    return tuple(ListedAlert(alert=each, state="active", receivers=receivers, updated_at=NOW + HOUR) for each in alerts)


def count_events(pair: Pair) -> Tally[str]:
    """How often each thing happened to any ticket."""
    with reading(pair.engine) as connection:
        return Tally(connection.execute(select(schema.events.c.kind)).scalars())


def count_corrections(pair: Pair) -> dict[str, float]:
    with reading(pair.engine) as connection:
        tallies = read_tallies(connection)
    return {
        kind: tallies.get(("deskd_reconcile_corrections_total", ("prod", kind)), 0) for kind in ("healed", "opened")
    }


def told(log: list[EventDict]) -> Tally[str]:
    """Of which alerts the daemons say that they corrected them."""
    return Tally(line["alert"] for line in log if line["event"] == "reconcile.corrected")


ONCE = Tally({f"Lost{n}": 1 for n in range(EACH)})


def test_lost_ends_are_healed_once(pair: Pair) -> None:
    pair.first.receive(*some_alerts())
    with capture_logs() as log:
        pair.look_together(AFTER)
    happened = count_events(pair)
    assert [happened[each] for each in ("episode_resolved", "resolved", "closed")] == [EACH] * 3
    assert count_corrections(pair) == {"healed": EACH, "opened": 0}
    assert told(log) == ONCE
    check_books(pair.engine)


def test_lost_beginnings_open_one_ticket_each(pair: Pair) -> None:
    pair.server.listed = as_listed(some_alerts())
    with capture_logs() as log:
        pair.look_together(AFTER, AFTER)
    happened = count_events(pair)
    assert (happened["opened"], happened["episode_fired"], happened["reported"]) == (EACH, EACH, 0)
    assert count_corrections(pair) == {"healed": 0, "opened": EACH}
    assert told(log) == ONCE
    with reading(pair.engine) as connection:
        letters = connection.execute(select(schema.letters.c.recipient, schema.letters.c.ticket_id)).all()
    assert len(letters) == len(set(letters)) > 0
    check_books(pair.engine)


def test_what_fires_again_with_its_old_start_goes_on_once(pair: Pair) -> None:
    """Both give it the moment after its end as its start: one key, though neither knows of the other."""
    pair.first.receive(*some_alerts())
    pair.look_together(AFTER)
    pair.server.listed = as_listed(some_alerts())
    pair.look_together(AFTER, AFTER)
    happened = count_events(pair)
    assert (happened["episode_fired"], happened["episode_resolved"]) == (2 * EACH, EACH)
    assert count_corrections(pair) == {"healed": EACH, "opened": EACH}
    check_books(pair.engine)


def test_ends_and_beginnings_are_corrected_while_notifications_come(pair: Pair) -> None:
    """The last notification of each, late, finds it corrected already."""
    pair.first.receive(*some_alerts())
    pair.look_together(AFTER)
    for daemon in pair.daemons:
        daemon.desk.receive(*(an_alert("resolved", name=f"Lost{n}", minute=-1) for n in range(EACH)))
    assert count_events(pair)["episode_resolved"] == EACH
    assert count_corrections(pair) == {"healed": EACH, "opened": 0}
    check_books(pair.engine)
