"""What the alerts of a ticket do to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rules.alerts.state import FiringOn, RelatedAlerts


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFired:
    """An episode of an alert joined the ticket."""

    kind: Literal["episode_fired"] = "episode_fired"
    at: datetime
    source: str
    fingerprint: str
    name: str
    again: bool = False
    """The same alert fired on this ticket before."""
    target: str = ""
    """The instance, host, pod ... that it is about."""
    since: datetime
    severity: str = ""
    newcomer: bool = False
    """It is a further target, and joined some time after the ticket was opened."""
    concerns: tuple[str, ...] = ()
    """The services and systems that it is about."""
    related: RelatedAlerts | None = None
    """Set where it joined for what it is related to, and would have a ticket of its own."""
    instead_of: str | None = None
    """The severity of the alert's episode before, where that one's end was never told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeResolved:
    """An episode of the ticket resolved."""

    kind: Literal["episode_resolved"] = "episode_resolved"
    at: datetime
    source: str
    fingerprint: str
    name: str
    target: str = ""
    severity: str = ""
    stale: bool = False
    """Nothing had been heard of it for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged:
    """A firing episode is told with another severity."""

    kind: Literal["severity_changed"] = "severity_changed"
    at: datetime
    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeStale:
    """Nothing has been heard of a firing episode for too long. It is not taken for ended."""

    kind: Literal["episode_stale"] = "episode_stale"
    at: datetime
    name: str
    target: str
    last_word_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeHeard:
    """There is word again of an episode that was stale."""

    kind: Literal["episode_heard"] = "episode_heard"
    at: datetime
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldBegan:
    """The last episode ended: the ticket is held open to see whether it fires again, and its clocks do not run."""

    kind: Literal["hold_began"] = "hold_began"
    at: datetime
    cleared_at: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flapping:
    """The ticket's alerts end and fire again so often that it is marked, or stays so."""

    kind: Literal["flapping"] = "flapping"
    at: datetime
    times: int
    until: datetime
    """When it will have been quiet for long enough."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlappingEnded:
    """It has been quiet for long enough."""

    kind: Literal["flapping_ended"] = "flapping_ended"
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StormBegan:
    """The ticket takes whatever would open further tickets of its source."""

    kind: Literal["storm_began"] = "storm_began"
    at: datetime
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsParted:
    """Related alerts that had joined by mistake left for a ticket of their own."""

    kind: Literal["alerts_parted"] = "alerts_parted"
    at: datetime
    key: str
    name: str
    ticket: int
    number: str
    firing: int
    stale: int
    severities: tuple[tuple[str, int], ...]
    """How many of those that fire have which."""
    firing_on: tuple[FiringOn, ...]
    """Those that the ticket listed."""
    concerns: tuple[str, ...]
    """What it is about no more."""
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsTaken:
    """The ticket was opened for alerts that fired on another one."""

    kind: Literal["alerts_taken"] = "alerts_taken"
    at: datetime
    firing: int
    stale: int
    severities: tuple[tuple[str, int], ...]
    firing_on: tuple[FiringOn, ...]
    concerns: tuple[str, ...]
    reason: str


AlertEvent = (
    EpisodeFired
    | EpisodeResolved
    | SeverityChanged
    | EpisodeStale
    | EpisodeHeard
    | HoldBegan
    | Flapping
    | FlappingEnded
    | StormBegan
    | AlertsParted
    | AlertsTaken
)
