"""Whether the Alertmanagers can be asked, and what in their own configuration would lose alerts."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from daemon.check.finding import Finding, Lines
from daemon.check.peers import PATIENCE
from ingest.alertmanager.api import AlertmanagerError
from ingest.alertmanager.configuration import ConfigurationError, read_configuration
from rules.alertmanager.losses import Expected, find_losses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.config.alert_source import AlertSource
    from ingest.alertmanager.answers import ServerStatus
    from ingest.alertmanager.api import AlertmanagerApi
    from rules.rulebook import Rulebook

_VERSION = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})")


def check_alertmanagers(source: AlertSource, index: int, rulebook: Rulebook, lines: Lines) -> list[Finding]:
    """Ask each Alertmanager of a source for its status, and read its configuration; say so where none can be asked."""
    where = lines.where("alertmanagers", index, "api")
    if not source.api.urls:
        says = "there is no api: what it loses on the way here is not found, and a lost end leaves its ticket open"
        return [Finding("warn", f"alertmanager {source.name}", says, where)]
    return asyncio.run(_check_all(source, where, rulebook))


async def _check_all(source: AlertSource, where: str, rulebook: Rulebook) -> list[Finding]:
    statuses = await asyncio.gather(*(_ask(api) for api in source.api.open()))
    return [finding for status in statuses for finding in _findings(status, source, where, rulebook)]


async def _ask(api: AlertmanagerApi) -> tuple[str, ServerStatus | AlertmanagerError]:
    # Of a cluster one that hangs must not hide what the others say.
    try:
        async with asyncio.timeout(PATIENCE):
            return api.url, await api.status()
    except AlertmanagerError as error:
        return api.url, error
    except TimeoutError:
        return api.url, AlertmanagerError(f"{api.url}: no answer within {PATIENCE:g} s", passes=True)


def _findings(
    asked: tuple[str, ServerStatus | AlertmanagerError], source: AlertSource, where: str, rulebook: Rulebook
) -> Iterator[Finding]:
    part, (url, status) = f"alertmanager {source.name}", asked
    if isinstance(status, AlertmanagerError):
        yield Finding("FAIL", part, status.reason, where)
        return
    cluster = f"{len(status.peers)} in the cluster" if status.peers else "alone"
    yield Finding("ok", part, f"{url}: Alertmanager {status.version}, {cluster}")
    try:
        losses = find_losses(read_configuration(status.configuration), _expected(source, status, rulebook))
    except ConfigurationError as error:
        yield Finding("warn", part, f"{url}: its configuration cannot be read: {error}", where)
        return
    for loss in losses:
        yield Finding(loss.grade, part, f"{url}: {loss.says}", where)


def _expected(source: AlertSource, status: ServerStatus, rulebook: Rulebook) -> Expected:
    heartbeat = rulebook.alerts.heartbeat
    version = _VERSION.match(status.version)
    return Expected(
        source=source.name,
        receivers=source.api.receivers,
        correct_after=source.api.correct_after,
        heartbeat=heartbeat.alertname,
        heartbeat_interval=heartbeat.intervals.get(source.name, heartbeat.interval).length(),
        lists_muted=version is None or (int(version[1]), int(version[2])) >= (0, 28),
    )
