"""An episode joins a ticket: the event, the episode after it, and the report that told of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from rules.alerts.events import EpisodeFired
from rules.alerts.hearing import silent_at
from rules.alerts.heartbeat import FINGERPRINT as HEARTBEAT
from rules.alerts.identity import KEY_VERSION, identify, target_of, ticket_key
from rules.alerts.newcomers import is_newcomer
from rules.alerts.severity import severity_of
from rules.alerts.state import RelatedAlerts
from rules.episode import Episode
from rules.events import Reported
from rules.joining.concerns import alert_concerns
from rules.language.sayings import say
from rules.ticket import SUMMARY
from rules.work.clocks import resume_clocks

if TYPE_CHECKING:
    from rules.change import Change
    from rules.report import Alert

Joining = Literal["appended", "repeated", "reopened"]

#: What is kept of the labels of a related alert: so many characters of one, and so many.
_SHORT: Final = 300
_MOST_LABELS: Final = 30


def join_ticket(alert: Alert, episode: Episode | None, change: Change, *, again: bool) -> None:
    """Let an alert's episode join the ticket; a hold ends thereby, and its clocks go on.

    `episode` is the one before it of the same alert. `again` says that this ticket knows the alert.
    """
    untold = episode if episode is not None and episode.firing else None
    related = _related(alert, episode, change)
    fresh = _episode(alert, episode, change, key=related.key if related is not None else None)
    held = change.ticket.alerts.held
    change.happen(
        EpisodeFired(
            at=change.now,
            source=fresh.source,
            fingerprint=fresh.fingerprint,
            name=alert.name,
            again=again,
            target=fresh.target,
            since=fresh.starts_at,
            severity=fresh.severity,
            concerns=alert_concerns(alert, change.rulebook),
            newcomer=not again and is_newcomer(change),
            related=related,
            instead_of=untold.severity if untold is not None else None,
        )
    )
    change.episodes = _with_before(episode, fresh)
    if held:
        resume_clocks(change, reason=say("fires-again", alert=alert.name))


def note_report(change: Change, alert: Alert, verdict: Joining, reason: str, *, counts: bool = True) -> None:
    """Note the report of an alert on its ticket. What does not count escalates nothing."""
    change.happen(
        Reported(at=change.now, verdict=verdict, source=alert.source, key=alert.key, counts=counts, reason=reason),
        because=reason,
    )


def _with_before(episode: Episode | None, fresh: Episode) -> tuple[Episode, ...]:
    """The new episode of an alert, after the one before it, which is the newest no more and whose end may be untold."""
    if episode is None:
        return (fresh,)
    ended = episode.resolved_at or fresh.starts_at
    return replace(episode, newest=False, resolved_at=ended, silent_at=None, stale_since=None), fresh


def _related(alert: Alert, before: Episode | None, change: Change) -> RelatedAlerts | None:
    """What is kept of an alert that joins a ticket with another key than its own; a storm's takes whatever comes."""
    ticket, key = change.ticket, ticket_key(alert, change.rulebook)
    if before is not None and before.ticket == ticket.id and before.key is None:
        return None  # The ticket is its own, whatever key the rulebook makes now.
    if ticket.storm is not None or ticket.key is None or not ticket.key.startswith(KEY_VERSION) or ticket.key == key:
        return None
    short = [(name, value) for name, value in sorted(alert.labels.items()) if len(name) + len(value) <= _SHORT]
    return RelatedAlerts(
        key=key,
        source=alert.source,
        name=alert.name,
        summary=alert.summary[:SUMMARY],
        labels=tuple(short[:_MOST_LABELS]),
        concerns=tuple(each for each in alert_concerns(alert, change.rulebook) if each not in ticket.concerns),
    )


def _episode(alert: Alert, before: Episode | None, change: Change, *, key: str | None) -> Episode:
    # What fires keeps its identity, also where the rulebook makes another one now.
    fingerprint = before.fingerprint if before is not None and before.firing else identify(alert, change.rulebook)
    return Episode(
        source=alert.source,
        fingerprint=fingerprint,
        cycle=before.cycle + 1 if before is not None else 1,
        ticket=change.ticket.id,
        name=alert.name,
        severity=severity_of(alert),
        target=target_of(alert),
        series=(alert.fingerprint,) if alert.fingerprint != fingerprint else (),
        monitor=alert.monitor or None,
        key=key,
        starts_at=alert.starts_at,
        # The desk raises a missing heartbeat itself, and does not repeat it.
        silent_at=None if alert.fingerprint == HEARTBEAT else silent_at(alert, change.rulebook, change.now),
    )
