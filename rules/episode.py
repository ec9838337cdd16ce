"""One firing of one alert, from firing to resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An episode of a source and fingerprint; of each at most one fires at a time."""

    source: str
    fingerprint: str
    """Of the alert by the rulebook (`rules.alerts.identity`)."""
    cycle: int = 1
    """Which firing of this alert it is, from 1."""
    ticket: int | None
    name: str
    severity: str = ""
    target: str = ""
    """The instance, host, pod ... that it is about."""
    monitor: str | None = None
    """The monitor that mails of it: many write once that it begins, and once that it ends."""
    key: str | None = None
    """Of the ticket that it would have, where it joined another's for what it is related to."""
    series: tuple[str, ...] = ()
    """The sender's fingerprints that fire as this one; empty where that is its own alone."""
    starts_at: datetime
    """The earliest startsAt told: Alertmanager moves it back when a twin saw the alert first."""
    last_start: datetime | None = None
    """The latest startsAt told, where it is another: what ended before it was an earlier episode."""
    resolved_at: datetime | None = None
    silent_at: datetime | None = None
    """When the desk looks whether there still is word of it; None where the rulebook does not ask."""
    stale_since: datetime | None = None
    """Set while nothing was heard of it for too long."""
    suppressed: str | None = None
    """Why Alertmanager notifies nobody of it, such as a silence, when it was last asked."""
    newest: bool = True
    """No later episode of this alert is known."""

    @property
    def newest_start(self) -> datetime:
        return self.last_start or self.starts_at

    @property
    def firing(self) -> bool:
        return self.resolved_at is None
