"""What a ticket knows of its alerts, beyond how many episodes fire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from immutables import Map

SHOWN: Final = 10
"""So many firing episodes a ticket lists; the others are counted."""
MOST_RELATED: Final = 20
"""So many keys of related alerts a ticket knows, and can part with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringOn:
    """A firing episode as a ticket lists it."""

    source: str
    fingerprint: str
    name: str
    target: str
    """The instance, host, pod ... that it is about."""
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedAlerts:
    """Alerts that joined a ticket because one service needs another, and would have a ticket of their own."""

    key: str
    """That ticket's."""
    source: str
    name: str
    summary: str
    labels: tuple[tuple[str, str], ...]
    """Of the first of them, as far as they are short."""
    concerns: tuple[str, ...] = ()
    """What the ticket is about for their sake alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertState:
    """How the alerts of one ticket stand."""

    severities: Map[str, int] = Map()
    """How many of the firing episodes have which severity."""
    firing_on: tuple[FiringOn, ...] = ()
    """The oldest of those that fire, `SHOWN` at most."""
    newcomers: int = 0
    """Targets that joined after the ticket was opened."""
    cleared_at: datetime | None = None
    """When the last episode ended, while the ticket is held open to see whether it fires again."""
    heals_at: datetime | None = None
    """The end of that hold."""
    flaps: tuple[datetime, ...] = ()
    """When its alerts fired again, the newest last."""
    flapping_until: datetime | None = None
    """Set while it flaps: when it will have been quiet for long enough."""
    muted: bool = False
    """It was closed while it fired: what its episodes say changes nothing until all have cleared."""
    related: tuple[RelatedAlerts, ...] = ()
    """The alerts of other keys that joined, `MOST_RELATED` at most."""
    parted: tuple[str, ...] = ()
    """The keys of related alerts that staff have parted from it: they do not join it again."""
    stale: int = 0
    """How many of the firing episodes nothing was heard of for too long."""

    @property
    def held(self) -> bool:
        """All has cleared, and the ticket waits whether it fires again: no clock runs."""
        return self.heals_at is not None

    @property
    def marks(self) -> tuple[str, ...]:
        """What lists and metrics call the ticket by."""
        marks = {
            "held": self.held,
            "flapping": self.flapping_until is not None,
            "muted": self.muted,
            "stale": self.stale > 0,
        }
        return tuple(mark for mark, holds in marks.items() if holds)

    @property
    def next_due(self) -> datetime | None:
        """The nearest moment at which the desk is to look at the ticket for its alerts' sake."""
        return min((at for at in (self.heals_at, self.flapping_until) if at is not None), default=None)


NO_ALERTS: Final = AlertState()
