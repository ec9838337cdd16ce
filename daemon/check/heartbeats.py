"""Whether the heartbeat of each source of alerts comes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from daemon.check.finding import Finding, Lines, write_moment
from daemon.check.records import read_records
from daemon.store.alerts.heartbeats import read_heartbeats

if TYPE_CHECKING:
    from daemon.config.settings import Config
    from rules.alerts.heartbeat import Heartbeat
    from rules.rulebook import Rulebook


def check_heartbeats(config: Config, lines: Lines) -> list[Finding]:
    """When the heartbeat of each source was heard last, as the database knows."""
    heard = {heartbeat.source: heartbeat for heartbeat in read_records(config, read_heartbeats)}
    finding = partial(_finding, rulebook=config.rulebook, now=datetime.now(UTC))
    return [
        finding(source.name, heard.get(source.name), where=lines.where("alertmanagers", index))
        for index, source in enumerate(config.alert_sources)
    ]


def _finding(source: str, heartbeat: Heartbeat | None, *, rulebook: Rulebook, where: str, now: datetime) -> Finding:
    part, name = f"heartbeat {source}", rulebook.alerts.heartbeat.alertname
    if heartbeat is None:
        says = f"not set up: no {name} ever came from {source}, so nothing would tell that its alerts do not arrive"
        return Finding("warn", part, says, where)
    since = write_moment(heartbeat.last_seen, rulebook)
    if heartbeat.missing:
        return Finding("FAIL", part, f"{name} was last heard at {since}: alerts of {source} may not arrive", where)
    if heartbeat.due_at is None:
        return Finding("ok", part, f"{name} was last heard at {since}")
    until = write_moment(heartbeat.due_at, rulebook)
    if heartbeat.due_at <= now:
        # Only a daemon that runs declares it missing, and waits for one interval after its start.
        return Finding("warn", part, f"{name} was last heard at {since}, the next was due by {until}", where)
    return Finding("ok", part, f"{name} was last heard at {since}, the next is due by {until}")
