"""Looks at the Alertmanagers of one source: what is put together, and what a failure changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from daemon.alerts.reconciliation import PAGE_OF_SUPPRESSIONS, Reconciliation, ReconcilingDesk, look_at
from daemon.config.alert_source import ApiAccess
from daemon.metrics import live
from daemon.store import schema
from daemon.store.alerts.rows import episode_values
from daemon.store.bulk import insert_rows
from daemon.store.database import transaction
from ingest.alertmanager.answers import ServerStatus
from ingest.alertmanager.api import AlertmanagerError, AlertQuery
from rules.alertmanager.listed import ListedAlert, Listing
from rules.episode import Episode
from tests.daemon.desks import StandingDesk
from tests.samples import HOUR, MINUTE, NOW, RULEBOOK, an_alert
from tests.servers.process import free_port

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class ToldBy:
    """An Alertmanager that has run for some time and lists some alerts; without a time it does not answer."""

    running: timedelta | None
    listed: tuple[ListedAlert, ...] = ()
    configuration: str = ""

    async def status(self) -> ServerStatus:
        if self.running is None:
            raise AlertmanagerError("away", passes=True)
        return ServerStatus(started_at=NOW - self.running, configuration=self.configuration)

    async def alerts(self, query: AlertQuery, *, source: str, received_at: datetime) -> Listing:
        return Listing(alerts=self.listed)


def a_listed(name: str, *silences: str) -> ListedAlert:
    return ListedAlert(
        alert=an_alert(name=name), state="suppressed" if silences else "active", silenced_by=tuple(silences)
    )


def test_an_alert_fires_as_long_as_one_of_the_cluster_lists_it() -> None:
    cluster = [ToldBy(MINUTE, (a_listed("Down"),)), ToldBy(HOUR, (a_listed("DiskFull"),)), ToldBy(None)]
    look = asyncio.run(look_at(cluster, "prod", NOW))
    assert {each.alert.name for each in look.alerts} == {"Down", "DiskFull"}
    assert look.running_since == NOW - HOUR


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_it_is_silenced_only_where_all_of_them_say_so(order: tuple[int, int]) -> None:
    cluster = [ToldBy(HOUR, (a_listed("Down"),)), ToldBy(HOUR, (a_listed("Down", "s1"),))]
    look = asyncio.run(look_at([cluster[place] for place in order], "prod", NOW))
    assert [each.suppression for each in look.alerts] == [""]


@pytest.mark.parametrize(
    ("configuration", "receiver"),
    [
        pytest.param("route: {receiver: desk}", "desk", id="the routes tell the groups of alerts"),
        pytest.param("route: [", None, id="where they cannot be read the groups are not known"),
    ],
)
def test_the_routes_are_read_where_the_source_mails(configuration: str, receiver: str | None) -> None:
    cluster = [ToldBy(HOUR, configuration=configuration)]
    look = asyncio.run(look_at(cluster, "prod", NOW, groups=True))
    assert (look.route.receiver if look.route else None) == receiver
    assert asyncio.run(look_at(cluster, "prod", NOW)).route is None


def test_where_none_answers_there_is_no_look() -> None:
    with pytest.raises(AlertmanagerError, match="away"):
        asyncio.run(look_at([ToldBy(None), ToldBy(None)], "prod", NOW))


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(ApiAccess):
    """The way to one of them."""

    server: ToldBy

    def open(self) -> tuple[Any, ...]:
        return (self.server,)


def test_very_many_that_are_silenced_at_once_keep_nobody_waiting_for_all_of_them(sqlite_writer: Engine) -> None:
    desk, count = StandingDesk(sqlite_writer), PAGE_OF_SUPPRESSIONS + 1
    with transaction(sqlite_writer) as connection:
        insert_rows(connection, schema.episodes, [_episode(n) for n in range(count)])
    listed = tuple(
        ListedAlert(alert=an_alert(fingerprint=f"fp{n}"), state="suppressed", silenced_by=("s1",)) for n in range(count)
    )
    side = ReconcilingDesk(counter=desk.counter, reader=sqlite_writer, rulebook=lambda: RULEBOOK, now=desk.clock)
    reconciliation = Reconciliation("prod", lambda: Access(server=ToldBy(HOUR, listed)), side)

    async def look() -> int:
        transactions, looking = 0, asyncio.create_task(reconciliation.look())
        while not looking.done():
            transactions += desk.desk.step(0)
            await asyncio.sleep(0.001)
        return transactions

    assert asyncio.run(look()) == 2
    with transaction(sqlite_writer) as connection:
        rows = connection.execute(select(schema.episodes.c.suppressed).distinct()).scalars().all()
    assert rows == ["silenced by s1"]


def _episode(n: int) -> dict[str, Any]:
    return episode_values(Episode(source="prod", fingerprint=f"fp{n}", ticket=None, name="DiskFull", starts_at=NOW))


def test_a_look_in_vain_is_counted_and_brings_nothing_to_the_counter(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer)
    desk.receive(an_alert())
    side = ReconcilingDesk(counter=desk.counter, reader=sqlite_writer, rulebook=lambda: RULEBOOK, now=desk.clock)
    away = ApiAccess(urls=(f"http://127.0.0.1:{free_port()}",))
    reconciliation = Reconciliation("prod", lambda: away, side)
    before = _failures()
    for _ in range(2):
        asyncio.run(reconciliation.look())
    assert _failures() == before + 2
    assert desk.counter.waiting == 0


def test_so_is_one_that_meets_what_nobody_has_thought_of(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer)
    side = ReconcilingDesk(counter=desk.counter, reader=sqlite_writer, rulebook=lambda: RULEBOOK, now=desk.clock)
    reconciliation = Reconciliation("prod", lambda: Access(server=OddlyTold(HOUR)), side)
    before = _failures()
    with capture_logs() as log:
        asyncio.run(reconciliation.look())
    assert _failures() == before + 1
    assert [line["reason"] for line in log if line["event"] == "reconcile.broken"] == ["LookupError('as planned')"]


class OddlyTold(ToldBy):
    """Fails in another way than its contract says."""

    async def alerts(self, query: AlertQuery, *, source: str, received_at: datetime) -> Listing:
        raise LookupError("as planned")


def _failures() -> float:
    (metric,) = (metric for metric in live.METRICS if metric._name == "deskd_reconcile_looks")
    return sum(
        sample.value
        for family in metric.collect()
        for sample in family.samples
        if sample.labels.get("outcome") == "failed" and sample.name.endswith("_total")
    )
