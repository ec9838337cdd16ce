"""What an Alertmanager tells when it is asked: every alert that it holds, and how it holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from rules.report import Alert

State = Literal["active", "suppressed", "unprocessed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAlert:
    """One alert of `GET /api/v2/alerts`. Alertmanager lists no alert that has resolved."""

    alert: Alert
    """The report a push of it would have been, with the same key."""
    state: State
    silenced_by: tuple[str, ...] = ()
    """Ids of silences."""
    inhibited_by: tuple[str, ...] = ()
    """Fingerprints of the alerts that inhibit it."""
    muted_by: tuple[str, ...] = ()
    """Names of time intervals; told since 0.28. Before that what they mute is listed as active."""
    receivers: frozenset[str] = frozenset()
    updated_at: datetime | None = None
    """When Alertmanager was last told of it."""

    @property
    def suppression(self) -> str:
        """Why nobody is notified of it, for a person to read; empty where somebody is."""
        if self.silenced_by:
            return f"silenced by {', '.join(self.silenced_by)}"
        if self.inhibited_by:
            return f"inhibited by {', '.join(self.inhibited_by)}"
        if self.muted_by:
            return f"muted by {', '.join(self.muted_by)}"
        return "suppressed" if self.state == "suppressed" else ""

    def is_muted_by_these(self, silences: frozenset[str]) -> bool:
        """Tell whether it is silenced, by none but these silences, and nothing else mutes it."""
        mutes = self.inhibited_by or self.muted_by
        return bool(self.silenced_by) and silences.issuperset(self.silenced_by) and not mutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All alerts that one Alertmanager holds of those it was asked for."""

    alerts: tuple[ListedAlert, ...]
    unread: int = 0
    """Entries that could not be read."""
