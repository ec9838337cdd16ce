"""What a ticket knows of its alerts after an event."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from immutables import Map

from rules.alerts.events import (
    AlertEvent,
    AlertsParted,
    AlertsTaken,
    EpisodeFired,
    EpisodeHeard,
    EpisodeResolved,
    EpisodeStale,
    Flapping,
    FlappingEnded,
    HoldBegan,
    SeverityChanged,
    StormBegan,
)
from rules.alerts.state import MOST_RELATED, SHOWN, AlertState, FiringOn, RelatedAlerts

#: How many re-fires a ticket remembers; a rulebook cannot ask for more.
MOST_FLAPS: Final = 50
#: So many services and systems are known of a ticket.
MOST_CONCERNS: Final = 40


def firing_after(firing: int, event: AlertEvent) -> int:
    """How many episodes of a ticket fire after an event."""
    match event:
        case EpisodeFired(instead_of=None):
            return firing + 1
        case EpisodeResolved():
            return firing - 1
        case AlertsTaken():
            return firing + event.firing
        case AlertsParted():
            return firing - event.firing
        case _:
            return firing


def alerts_after(state: AlertState, firing: int, event: AlertEvent) -> AlertState:
    """The alerts of a ticket after an event; `firing` is how many fire after it."""
    match event:
        case EpisodeFired():
            return _fire(state, event)
        case EpisodeResolved():
            return _resolve(state, firing, event)
        case SeverityChanged():
            counts = _count(_count(state.severities, event.was, -1), event.now, 1)
            return replace(state, severities=counts)
        case EpisodeStale():
            return replace(state, stale=state.stale + 1)
        case EpisodeHeard():
            return replace(state, stale=state.stale - 1)
        case HoldBegan():
            return replace(state, cleared_at=event.cleared_at, heals_at=event.until)
        case Flapping():
            return replace(state, flapping_until=event.until)
        case FlappingEnded():
            return replace(state, flapping_until=None)
        case StormBegan():
            return state
        case AlertsTaken():
            return replace(state, severities=Map(event.severities), firing_on=event.firing_on, stale=event.stale)
        case AlertsParted():
            return _part(state, event)


def concerns_after(concerns: tuple[str, ...], event: AlertEvent) -> tuple[str, ...]:
    """What a ticket is about after an event of its alerts; of a storm that would be thousands of systems."""
    match event:
        case EpisodeFired() | AlertsTaken() if event.concerns:
            return tuple(dict.fromkeys((*concerns, *event.concerns)))[:MOST_CONCERNS]
        case AlertsParted() if event.concerns:
            return tuple(each for each in concerns if each not in event.concerns)
        case _:
            return concerns


def end_hold(state: AlertState) -> AlertState:
    """The same without the hold: the ticket was resolved, closed or opened again."""
    return replace(state, heals_at=None, cleared_at=None) if state.held else state


def mute(state: AlertState, firing: int) -> AlertState:
    """The alerts of a ticket that is closed now: where some still fire, nobody wants to hear of them."""
    return replace(state, muted=True) if firing > 0 else state


def unmute(state: AlertState) -> AlertState:
    """The alerts of a ticket that is open again."""
    return replace(state, muted=False) if state.muted else state


def _fire(state: AlertState, event: EpisodeFired) -> AlertState:
    severities, listed = state.severities, state.firing_on
    if event.instead_of is not None:
        severities = _count(severities, event.instead_of, -1)
        listed = _without(listed, event)
    if len(listed) < SHOWN:
        listed = (*listed, _listed(event))
    return replace(
        state,
        severities=_count(severities, event.severity, 1),
        firing_on=listed,
        newcomers=state.newcomers + event.newcomer,
        flaps=(*state.flaps, event.at)[-MOST_FLAPS:] if event.again else state.flaps,
        related=_with_related(state.related, event.related) if event.related is not None else state.related,
        heals_at=None,
        cleared_at=None,
    )


def _resolve(state: AlertState, firing: int, event: EpisodeResolved) -> AlertState:
    return replace(
        state,
        severities=_count(state.severities, event.severity, -1),
        firing_on=_without(state.firing_on, event),
        muted=state.muted and firing > 0,
        stale=state.stale - event.stale,
    )


def _with_related(known: tuple[RelatedAlerts, ...], related: RelatedAlerts) -> tuple[RelatedAlerts, ...]:
    if len(known) >= MOST_RELATED or any(each.key == related.key for each in known):
        return known
    return (*known, related)


def _part(state: AlertState, event: AlertsParted) -> AlertState:
    severities = state.severities
    for severity, count in event.severities:
        severities = _count(severities, severity, -count)
    return replace(
        state,
        severities=severities,
        firing_on=tuple(each for each in state.firing_on if each not in event.firing_on),
        related=tuple(each for each in state.related if each.key != event.key),
        parted=(*state.parted, event.key)[-MOST_RELATED:],
        stale=state.stale - event.stale,
    )


def _listed(event: EpisodeFired) -> FiringOn:
    return FiringOn(
        source=event.source, fingerprint=event.fingerprint, name=event.name, target=event.target, since=event.since
    )


def _without(listed: tuple[FiringOn, ...], event: EpisodeFired | EpisodeResolved) -> tuple[FiringOn, ...]:
    gone = (event.source, event.fingerprint)
    return tuple(each for each in listed if (each.source, each.fingerprint) != gone)


def _count(severities: Map[str, int], severity: str, step: int) -> Map[str, int]:
    count = severities.get(severity, 0) + step
    if count:
        return severities.set(severity, count)
    return severities.delete(severity) if severity in severities else severities
