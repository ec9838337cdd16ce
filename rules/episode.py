"""One firing of one alert, from firing to resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """The newest episode of a source and fingerprint."""

    source: str
    fingerprint: str
    ticket: int | None
    name: str
    severity: str = ""
    starts_at: datetime
    """The earliest startsAt told: Alertmanager moves it back when a twin saw the alert first."""
    resolved_at: datetime | None = None
    cycle: int = 1
    """How often this alert has fired on its ticket."""

    @property
    def firing(self) -> bool:
        return self.resolved_at is None
