"""The heartbeat of a source of alerts, as it stands at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

FINGERPRINT: Final = "heartbeat"
"""Of the alert that the desk raises where one is missing. Alertmanager's own are never this: it knows nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """An alert that always fires, so that its silence tells that the source's alerts do not arrive."""

    source: str
    last_seen: datetime
    starts_at: datetime
    """When the alert of the heartbeat began to fire, in its sender's words: tells a late word of an earlier one."""
    due_at: datetime | None
    """When the desk has to look at it: the end of its patience, or the return of what was missing."""
    missing_since: datetime | None = None
    """The end of the desk's patience; None while the heartbeat comes."""

    @property
    def missing(self) -> bool:
        return self.missing_since is not None
