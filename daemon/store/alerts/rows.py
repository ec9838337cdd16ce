"""Episodes, and what a ticket knows of its alerts, as rows and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from immutables import Map

from daemon.store.instants import from_microseconds, to_microseconds
from rules.alerts.state import NO_ALERTS, AlertState, FiringOn, RelatedAlerts
from rules.episode import Episode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

_EPISODE_FIELDS: Final = (
    "source",
    "fingerprint",
    "cycle",
    "name",
    "severity",
    "target",
    "monitor",
    "key",
    "starts_at",
    "last_start",
    "resolved_at",
    "silent_at",
    "stale_since",
    "suppressed",
    "newest",
)


def episode_values(episode: Episode) -> dict[str, Any]:
    """The row of an episode."""
    values = {field: getattr(episode, field) for field in _EPISODE_FIELDS}
    return values | {"ticket_id": episode.ticket, "series": list(episode.series) or None}


def read_episode(row: Row[Any]) -> Episode:
    """The episode of a row."""
    values = row._mapping
    fields = {field: values[field] for field in _EPISODE_FIELDS}
    return Episode(**fields, ticket=row.ticket_id, series=tuple(row.series or ()))


def alert_values(state: AlertState) -> dict[str, Any]:
    """The columns of a ticket for its alerts."""
    if state is NO_ALERTS:
        return {"alerts": None, "alert_marks": None}
    return {"alerts": _state_values(state), "alert_marks": " ".join(state.marks) or None}


def read_alerts(values: dict[str, Any] | None) -> AlertState:
    """What a ticket knows of its alerts, from its column."""
    if values is None:
        return NO_ALERTS
    return AlertState(
        severities=Map(values["severities"]),
        firing_on=tuple(_read_firing(*each) for each in values["firing_on"]),
        newcomers=values["newcomers"],
        cleared_at=_read_moment(values["cleared_at"]),
        heals_at=_read_moment(values["heals_at"]),
        flaps=tuple(map(from_microseconds, values["flaps"])),
        flapping_until=_read_moment(values["flapping_until"]),
        muted=values["muted"],
        related=tuple(_read_related(*each) for each in values["related"]),
        parted=tuple(values["parted"]),
        stale=values["stale"],
    )


def _state_values(state: AlertState) -> dict[str, Any]:
    return {
        "severities": dict(state.severities),
        "firing_on": [
            [each.source, each.fingerprint, each.name, each.target, to_microseconds(each.since)]
            for each in state.firing_on
        ],
        "newcomers": state.newcomers,
        "cleared_at": _moment(state.cleared_at),
        "heals_at": _moment(state.heals_at),
        "flaps": list(map(to_microseconds, state.flaps)),
        "flapping_until": _moment(state.flapping_until),
        "muted": state.muted,
        "related": [_related_values(each) for each in state.related],
        "parted": list(state.parted),
        "stale": state.stale,
    }


def _related_values(related: RelatedAlerts) -> list[Any]:
    told = related.key, related.source, related.name, related.summary
    return [*told, [list(label) for label in related.labels], list(related.concerns)]


def _read_related(
    key: str, source: str, name: str, summary: str, labels: list[list[str]], concerns: list[str]
) -> RelatedAlerts:
    return RelatedAlerts(
        key=key,
        source=source,
        name=name,
        summary=summary,
        labels=tuple((label, value) for label, value in labels),
        concerns=tuple(concerns),
    )


def _read_firing(source: str, fingerprint: str, name: str, target: str, since: int) -> FiringOn:
    return FiringOn(source=source, fingerprint=fingerprint, name=name, target=target, since=from_microseconds(since))


def _moment(at: datetime | None) -> int | None:
    return None if at is None else to_microseconds(at)


def _read_moment(at: int | None) -> datetime | None:
    return None if at is None else from_microseconds(at)
