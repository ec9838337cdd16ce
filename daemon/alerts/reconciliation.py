"""Asking the Alertmanagers of one source what fires, and laying what was lost on the counter."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import structlog

from daemon.asking import DESK_AWAY, ask, report
from daemon.metrics import live
from daemon.store.alerts.episodes import find_firing_episodes, find_newest_episodes, record_suppressions
from daemon.store.alerts.silences import find_own_silences
from daemon.store.database import reading
from ingest.alertmanager.api import AlertmanagerError, AlertQuery
from ingest.alertmanager.configuration import ConfigurationError, read_configuration
from rules.alertmanager.reconcile import Comparison, Known, Look, Since, Terms, compare
from rules.alerts.identity import identify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from daemon.config.alert_source import ApiAccess
    from daemon.counter import Counter
    from daemon.store.database import Engine
    from ingest.alertmanager.answers import ServerStatus
    from rules.alertmanager.listed import ListedAlert, Listing
    from rules.alertmanager.routing import Route
    from rules.decision import Decision
    from rules.report import Alert, Notification
    from rules.rulebook import Rulebook

log = structlog.get_logger()

#: Reports laid on the counter at once, and episodes whose suppression is written at once; others come between.
PAGE = 200
PAGE_OF_SUPPRESSIONS = 2_000
#: Seconds from one look to the next, even where notifications keep telling that they are cut short.
PAUSE = 5.0
#: Seconds until somebody who is not configured to be asked is thought of again: a reload may change that.
UNASKED = 10.0


class AskedAlertmanager(Protocol):
    """What is asked of an Alertmanager; each raises AlertmanagerError where it does not answer."""

    async def status(self) -> ServerStatus: ...

    async def alerts(self, query: AlertQuery, *, source: str, received_at: datetime) -> Listing: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcilingDesk:
    """What a comparison needs of the desk."""

    counter: Counter
    reader: Engine
    rulebook: Callable[[], Rulebook]
    now: Callable[[], datetime]


@dataclass(slots=True)
class Reconciliation:
    """The comparison of one source with its Alertmanagers, look by look.

    It remembers only which differences stand since when: after a start they are found again.
    """

    source: str
    access: Callable[[], ApiAccess]
    """Asked before each look, so that a reload takes effect with the next one."""
    desk: ReconcilingDesk
    mails: Callable[[], bool] = lambda: False
    """Whether the source mails too: then the groups of its alerts are of interest."""
    _since: Since = field(default_factory=Since)
    _receivers: set[str] = field(default_factory=set)
    _truncated: asyncio.Event = field(default_factory=asyncio.Event)
    _failing: str = ""

    def hear(self, notification: Notification) -> None:
        """Learn from a notification how Alertmanager calls us, and that it is worth a look where it is cut short."""
        if notification.receiver:
            self._receivers.add(notification.receiver)
        if notification.truncated:
            self._truncated.set()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            access = self.access()
            if not access.urls:
                await asyncio.sleep(UNASKED)
                continue
            await self.look()
            await self._wait(access.every)

    async def look(self) -> None:
        """Compare once, and have what was lost recorded. A failure is counted and logged, and changes nothing."""
        access, truncated = self.access(), self._truncated.is_set()
        self._truncated.clear()
        terms = Terms(
            correct_after=access.correct_after,
            receivers=access.receivers or frozenset(self._receivers),
            truncated=truncated,
        )
        try:
            comparison = await self._compare(access, terms)
            suppressed = sorted(comparison.suppressed.items())
            for start in range(0, len(suppressed), PAGE_OF_SUPPRESSIONS):
                await self._record(dict(suppressed[start : start + PAGE_OF_SUPPRESSIONS]))
            told = comparison.corrections + comparison.words
            for start in range(0, len(told), PAGE):
                await self._lay_down(told[start : start + PAGE])
        except (AlertmanagerError, *DESK_AWAY) as error:
            self._fail(str(error) or type(error).__name__)
            if truncated:
                self._truncated.set()
            return
        except Exception as error:
            # What one Alertmanager tells must end neither the daemon nor the comparison with the others.
            log.exception("reconcile.broken", source=self.source, reason=repr(error))
            self._fail(repr(error))
            return
        self._since = comparison.since
        self._succeed()

    async def _wait(self, seconds: float) -> None:
        """Wait for the next look; a notification that is cut short brings it forward."""
        await asyncio.sleep(min(PAUSE, seconds))
        try:
            async with asyncio.timeout(max(0.0, seconds - PAUSE)):
                await self._truncated.wait()
        except TimeoutError:
            pass

    async def _compare(self, access: ApiAccess, terms: Terms) -> Comparison:
        """Read what the desk knows first: what it learns while it asks is not taken for a difference."""
        firing = await asyncio.to_thread(self._read_firing)
        look = await look_at(access.open(), self.source, self.desk.now(), groups=self.mails())
        return await asyncio.to_thread(self._compare_with, firing, look, terms)

    def _read_firing(self) -> Known:
        with reading(self.desk.reader) as connection:
            return Known(firing=find_firing_episodes(connection, self.source))

    def _compare_with(self, known: Known, look: Look, terms: Terms) -> Comparison:
        rulebook = self.desk.rulebook()
        told = {name for each in look.alerts for name in (identify(each.alert, rulebook), each.alert.fingerprint)} - {
            episode.fingerprint for episode in known.firing
        }
        with reading(self.desk.reader) as connection:
            ended = find_newest_episodes(connection, self.source, told)
            silences = find_own_silences(connection, self.source)
        known = Known(firing=known.firing, ended=ended, silences=silences)
        return compare(known, look, self._since, terms, rulebook)

    async def _record(self, suppressed: Mapping[str, str | None]) -> None:
        await ask(self.desk.counter, lambda connection: record_suppressions(connection, self.source, suppressed))

    async def _lay_down(self, reports: tuple[Alert, ...]) -> None:
        decisions = await report(self.desk.counter, reports)
        for alert, decision in zip(reports, decisions, strict=True):
            if alert.correction is not None:
                self._tell(alert, decision)

    def _tell(self, alert: Alert, decision: Decision) -> None:
        if decision.seen_before or decision.verdict == "ignored":
            return  # Another daemon found it too, or its notification has come meanwhile.
        log.warning(
            "reconcile.corrected",
            source=self.source,
            kind=alert.correction,
            alert=alert.name,
            fingerprint=alert.fingerprint,
            verdict=decision.verdict,
            ticket=decision.ticket.number if decision.ticket else None,
        )

    def _fail(self, reason: str) -> None:
        live.count_reconciliation(self.source, at=self.desk.now(), failed=True)
        if reason != self._failing:
            log.warning("reconcile.failed", source=self.source, reason=reason)
        self._failing = reason

    def _succeed(self) -> None:
        live.count_reconciliation(self.source, at=self.desk.now())
        if self._failing:
            log.info("reconcile.works_again", source=self.source)
        self._failing = ""


async def look_at(cluster: Iterable[AskedAlertmanager], source: str, now: datetime, *, groups: bool = False) -> Look:
    """Ask every Alertmanager of a cluster and put together what those that answer told.

    They gossip silences and notifications and never alerts, so that one which Prometheus does not reach lacks what the
    others have: an alert fires as long as one of them says so. With `groups` the first one's configuration is read too.
    Raises AlertmanagerError where none answers.
    """
    answers = await asyncio.gather(*(_ask(api, source, now) for api in cluster))
    told = [answer for answer in answers if not isinstance(answer, AlertmanagerError)]
    if not told:
        raise next(answer for answer in answers if isinstance(answer, AlertmanagerError))
    return Look(
        asked_at=now,
        running_since=min(status.started_at for status, _ in told),
        alerts=tuple(_union(listing for _, listing in told)),
        route=await asyncio.to_thread(_read_route, told[0][0].configuration) if groups else None,
    )


@lru_cache(maxsize=16)
def _read_route(configuration: str) -> Route | None:
    try:
        return read_configuration(configuration).route
    except ConfigurationError as error:
        log.warning("reconcile.unreadable", reason=str(error))
        return None


async def _ask(api: AskedAlertmanager, source: str, now: datetime) -> tuple[ServerStatus, Listing] | AlertmanagerError:
    try:
        status = await api.status()
        return status, await api.alerts(AlertQuery(), source=source, received_at=now)
    except AlertmanagerError as error:
        return error


def _union(listings: Iterable[Listing]) -> Iterable[ListedAlert]:
    """Each alert once, as it is told first; active where one of them would notify of it."""
    found: dict[str, ListedAlert] = {}
    for listing in listings:
        for each in listing.alerts:
            known = found.get(each.alert.fingerprint)
            if known is None or (known.suppression and not each.suppression):
                found[each.alert.fingerprint] = each
    return found.values()
