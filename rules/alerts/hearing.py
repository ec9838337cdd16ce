"""Another word of an episode that fires already: a resend, a twin of its sender, another of its series."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.alerts.events import EpisodeHeard, SeverityChanged
from rules.alerts.severity import severity_of, tell_rise, worst_level
from rules.decision import Decision
from rules.language.sayings import say

if TYPE_CHECKING:
    from datetime import datetime

    from rules.change import Change
    from rules.episode import Episode
    from rules.report import Alert
    from rules.rulebook import Rulebook


def hear_again(alert: Alert, episode: Episode, change: Change, *, why: str, seen_before: bool = False) -> Decision:
    """Append a word of a firing episode: it may have begun earlier, be of another series, or be another severity."""
    heard = replace(
        episode,
        starts_at=min(episode.starts_at, alert.starts_at),
        last_start=max(episode.newest_start, alert.starts_at) if alert.dated else episode.last_start,
        series=_with_series(episode, alert),
        severity=severity_of(alert),
        stale_since=None,
        silent_at=silent_at(alert, change.rulebook, change.now),
    )
    ticket = change.facts.tickets.get(episode.ticket) if episode.ticket is not None else None
    episodes = (heard,) if heard != episode else ()
    if ticket is None:
        return Decision(verdict="appended", reasons=(why,), episodes=episodes, seen_before=seen_before)
    change = change.on(ticket)
    change.episodes = episodes
    change.reasons.append(why)
    _note(alert, episode, change)
    return change.decide("appended", seen_before=seen_before)


def overlaps(alert: Alert, episode: Episode) -> bool:
    """Tell whether an alert began before an episode of its series ended.

    Where the rulebook makes one alert of several series, another may well fire on. And an alert whose sender tells no
    start began when it was heard.
    """
    if episode.resolved_at is None or not alert.dated or alert.fingerprint != episode.fingerprint:
        return False
    return alert.starts_at < episode.resolved_at


def silent_at(alert: Alert, rulebook: Rulebook, now: datetime) -> datetime | None:
    """When the desk looks whether there still is word of an episode that it heard of now.

    Never of one that came by mail: many monitors write once that it begins, and once that it ends.
    """
    after = rulebook.alerts.stale_after
    return None if after is None or alert.monitor else now + after.length()


def _note(alert: Alert, episode: Episode, change: Change) -> None:
    if episode.stale_since is not None:
        heard = EpisodeHeard(at=change.now, name=alert.name)
        change.happen(heard, because=say("heard-again", alert=alert.name))
    severity = severity_of(alert)
    if severity != episode.severity:
        was = worst_level(change.ticket, change.rulebook)
        change.happen(SeverityChanged(at=change.now, name=alert.name, was=episode.severity, now=severity))
        tell_rise(alert, change, was=was)


def _with_series(episode: Episode, alert: Alert) -> tuple[str, ...]:
    if alert.fingerprint == episode.fingerprint or alert.fingerprint in episode.series:
        return episode.series
    return (*episode.series, alert.fingerprint)
