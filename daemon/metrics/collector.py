"""The desk's totals and gauges as Prometheus sees them, read from the database at each scrape."""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from daemon.metrics import catalogue
from daemon.metrics.catalogue import DURATIONS, TOTALS, Domain, Durations, Gauge, Total
from daemon.metrics.scope import Labels, LabelSpace, Scope, fit
from daemon.metrics.targets import INFINITE, duration_edges, targets
from daemon.store.database import DatabaseError, reading
from daemon.store.gauges import ClockGroup, Snapshot, TicketGroup, read_snapshot

if TYPE_CHECKING:
    from datetime import datetime

    from prometheus_client.metrics_core import Metric

    from daemon.store.database import Engine
    from daemon.store.tallies import Key
    from rules.alerts.heartbeat import Heartbeat

Values = Iterable[tuple[Labels, float]]


class DatabaseCollector(Collector):
    """Reads the database once for each scrape. `scope` is asked each time, so that a reload takes effect."""

    def __init__(self, engine: Engine, scope: Callable[[], Scope], now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._scope = scope
        self._now = now

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand: a registry would otherwise read the database when it is built."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """All families of one scrape; where the database fails, only that it did."""
        started = time.perf_counter()
        scope = self._scope()
        try:
            with reading(self._engine) as connection:
                pausing = [rule.name for rule in scope.rulebook.clocks if rule.pauses_while_waiting]
                rest = scope.rulebook.letters.rest.length()
                snapshot = read_snapshot(connection, now=self._now(), pausing=pausing, rest=rest)
        except DatabaseError:
            yield _up(0)
            return
        yield _up(1)
        yield from _families(snapshot, scope, fit(scope))
        seconds = time.perf_counter() - started
        yield GaugeMetricFamily("deskd_collector_duration_seconds", "How long the database was read for this.", seconds)


def _up(value: int) -> Metric:
    return GaugeMetricFamily("deskd_database_up", "Whether this scrape could read the database.", value)


def _families(snapshot: Snapshot, scope: Scope, space: LabelSpace) -> Iterator[Metric]:
    tallies = _by_name(snapshot.tallies)
    for total in TOTALS:
        yield _counter(total, tallies.get(total.name, ()), space)
    for durations in DURATIONS:
        edges = duration_edges(durations, scope.rulebook)
        yield _histogram(durations, edges, tallies, space)
    yield from _ticket_gauges(snapshot.tickets, space)
    yield _sums(catalogue.INCOMPLETE, (((team,), count) for team, count in snapshot.incomplete.items()), space)
    yield _sums(catalogue.OWED, snapshot.owed.items(), space)
    yield from _clock_gauges(snapshot.clocks, space)
    yield from _promises(scope, space)
    yield _sums(catalogue.EPISODES, snapshot.firing.items(), space)
    yield _sums(catalogue.ALERT_TICKETS, snapshot.alert_marks.items(), space)
    yield _sums(catalogue.STORMS, (((source,), count) for source, count in snapshot.storms.items()), space)
    yield from _heartbeat_gauges(snapshot.heartbeats, scope, space)
    yield _sums(catalogue.SILENCES, (((state,), count) for state, count in snapshot.silences.items()), space)
    yield _sums(catalogue.LETTERS, (((state,), count) for state, count in snapshot.letters.items()), space)
    oldest = snapshot.oldest_letter
    yield _earliest(catalogue.OLDEST_LETTER, [((), oldest.timestamp())] if oldest else [], space)
    yield _sums(catalogue.QUARANTINED, [((), snapshot.quarantined)], space)
    yield _sums(catalogue.RESTING, [((), snapshot.resting)], space)


def _by_name(tallies: Mapping[Key, float]) -> dict[str, list[tuple[Labels, float]]]:
    named: dict[str, list[tuple[Labels, float]]] = {}
    for (name, labels), value in tallies.items():
        named.setdefault(name, []).append((labels, value))
    return named


def _counter(total: Total, values: Values, space: LabelSpace) -> Metric:
    family = CounterMetricFamily(total.name, total.documentation, labels=list(total.labels))
    for labels, value in _added_up(total.labels, values, space).items():
        family.add_metric(labels, value)
    return family


def _histogram(
    durations: Durations, edges: tuple[float, ...], tallies: Mapping[str, Values], space: LabelSpace
) -> Metric:
    """Buckets of an earlier rulebook's edges are added to the next edge there is now."""
    family = HistogramMetricFamily(durations.name, durations.documentation, labels=list(durations.labels))
    sums = _added_up(durations.labels, tallies.get(durations.sum, ()), space)
    counts = {labels: [0.0] * (len(edges) + 1) for labels in sums}
    for (*labels, le), value in tallies.get(durations.bucket, ()):
        place = len(edges) if le == INFINITE else bisect_left(edges, float(le))
        folded = space.fold(durations.labels, labels)
        counts.setdefault(folded, [0.0] * (len(edges) + 1))[place] += value
    names = [*map(floatToGoString, edges), INFINITE]
    for key, each in counts.items():
        family.add_metric(key, list(zip(names, _cumulated(each), strict=True)), sums.get(key, 0.0))
    return family


def _cumulated(counts: Iterable[float]) -> Iterator[float]:
    total = 0.0
    for count in counts:
        total += count
        yield total


def _ticket_gauges(groups: Iterable[TicketGroup], space: LabelSpace) -> Iterator[Metric]:
    groups = list(groups)
    working = [group for group in groups if group.status != "resolved"]
    counts = (((group.team, group.priority, group.status), group.count) for group in groups)
    yield _sums(catalogue.TICKETS, counts, space)
    yield _sums(catalogue.UNASSIGNED, (((group.team,), group.unassigned) for group in working), space)
    oldest = (((group.team,), group.oldest.timestamp()) for group in working)
    yield _earliest(catalogue.OLDEST_TICKET, oldest, space)


def _clock_gauges(groups: Iterable[ClockGroup], space: LabelSpace) -> Iterator[Metric]:
    groups = list(groups)
    counts = (((group.team, group.clock, group.state), group.count) for group in groups)
    yield _sums(catalogue.CLOCKS, counts, space)
    ahead = (group for group in groups if group.state in ("ok", "due_soon"))
    due = (((group.team, group.clock), group.next_due.timestamp()) for group in ahead)
    yield _earliest(catalogue.NEXT_DUE, due, space)


def _heartbeat_gauges(heartbeats: Iterable[Heartbeat], scope: Scope, space: LabelSpace) -> Iterator[Metric]:
    """Without those of sources that are configured no more: they would be missing for ever."""
    heard = [heartbeat for heartbeat in heartbeats if heartbeat.source in scope.sources]
    seen = (((heartbeat.source,), heartbeat.last_seen.timestamp()) for heartbeat in heard)
    yield _earliest(catalogue.HEARTBEAT_SEEN, seen, space)
    yield _sums(catalogue.HEARTBEAT_MISSING, (((each.source,), each.missing) for each in heard), space)


def _promises(scope: Scope, space: LabelSpace) -> Iterator[Metric]:
    limits = (((clock, priority), seconds) for clock, priority, seconds in targets(scope.rulebook))
    yield _earliest(catalogue.TARGET, limits, space)
    objective = dict.fromkeys(space.known(catalogue.OBJECTIVE.labels), scope.objective)
    yield _gauge(catalogue.OBJECTIVE, objective)


def _sums(gauge: Gauge, values: Values, space: LabelSpace) -> Metric:
    return _gauge(gauge, _added_up(gauge.labels, values, space))


def _earliest(gauge: Gauge, values: Values, space: LabelSpace) -> Metric:
    """The least of the values. NaN stands for none: unlike a missing series it exists, unlike 0 it is no moment."""
    least = dict.fromkeys(space.known(gauge.labels), math.nan)
    for labels, value in values:
        key = space.fold(gauge.labels, labels)
        known = least.get(key, math.nan)
        least[key] = value if math.isnan(known) else min(known, value)
    return _gauge(gauge, least)


def _gauge(gauge: Gauge, values: Mapping[Labels, float]) -> Metric:
    family = GaugeMetricFamily(gauge.name, gauge.documentation, labels=list(gauge.labels))
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family


def _added_up(labels: Mapping[str, Domain], values: Values, space: LabelSpace) -> dict[Labels, float]:
    """The sums by label values as they are shown, with 0 for every combination that is known."""
    sums = dict.fromkeys(space.known(labels), 0.0)
    for each, value in values:
        key = space.fold(labels, each)
        sums[key] = sums.get(key, 0.0) + value
    return sums
