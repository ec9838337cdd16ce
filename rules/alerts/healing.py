"""How an episode ends, and with the last one its ticket: held open for a while, then healed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.alerts.events import EpisodeResolved, HoldBegan
from rules.alerts.hearing import overlaps
from rules.alerts.identity import identify, target_of
from rules.alerts.severity import severity_of
from rules.closing.answer_words import answers_for
from rules.decision import Decision
from rules.episode import Episode
from rules.events import Resolved
from rules.language.sayings import say
from rules.letters.correspondence import tell_assignee, tell_participant, write_time
from rules.work.clocks import hold_clocks
from rules.work.moments import close_ticket, let_come

if TYPE_CHECKING:
    from datetime import datetime

    from rules.change import Change
    from rules.report import Alert


def resolve(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    """End the episode that an alert tells the end of, and hold or heal its ticket where it was the last."""
    if episode is None or _is_of_a_later_one(alert, episode):
        return _end_unknown(alert, episode, change)
    if not episode.firing:
        return Decision(verdict="ignored", reasons=("it has resolved already",))
    if episode.series and (others := _others(alert, episode)) is not None:
        return others
    if _is_of_an_earlier_one(alert, episode):
        return Decision(verdict="ignored", reasons=("a late word of an earlier episode",))
    ended = _ended(alert, episode, change)
    ticket = change.facts.tickets.get(episode.ticket) if episode.ticket is not None else None
    if ticket is None:
        return Decision(verdict="resolved", reasons=("resolved; its ticket is gone",), episodes=(ended,))
    change = change.on(ticket)
    change.episodes = (ended,)
    _end_episode(alert, episode, change)
    return change.decide("resolved")


def _is_of_a_later_one(alert: Alert, episode: Episode) -> bool:
    if episode.firing or not alert.dated:
        return False
    return alert.starts_at > episode.newest_start and not overlaps(alert, episode)


def _is_of_an_earlier_one(alert: Alert, episode: Episode) -> bool:
    if not alert.dated or alert.ends_at is None or alert.starts_at >= episode.newest_start:
        return False
    return alert.ends_at <= episode.newest_start


def end_hold(change: Change) -> None:
    """Heal a ticket that was held open, as nothing has fired again."""
    heal(change, change.ticket.alerts.cleared_at or change.now)


def heal(change: Change, ended_at: datetime) -> None:
    """Resolve a ticket whose alerts have all ended; where nobody has touched it, it closes by itself.

    Whoever takes part is asked to confirm, and the assignee of a ticket that somebody worked on to close it.
    """
    untouched = not change.ticket.participants and not change.ticket.reached("accepted")
    change.happen(Resolved(at=change.now, by=change.ticket.source, how="alert"), because=say("last-resolved"))
    let_come(change, "resolved")
    told = write_time(ended_at, change.rulebook)
    for person in change.ticket.participants:
        words = answers_for(person, change.rulebook)
        tell_participant(change, person, "over", is_alert=False, ended_at=told, **words)
    asks = not untouched and not change.ticket.participants
    tell_assignee(change, "over", is_alert=True, ended_at=told, asks=asks)
    if untouched:
        close_ticket(change, how="alert", reason=say("closed-untouched"))


def close_where_nobody_waits(change: Change) -> None:
    """Close an alert's ticket that staff resolved, once nothing fires and where no requester is to say yes."""
    ticket = change.ticket
    if ticket.channel == "alert" and ticket.status == "resolved" and ticket.firing <= 0 and not ticket.participants:
        close_ticket(change, how="alert", reason=say("nobody-waits"))


def _end_unknown(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    """Remember the end of an episode that nobody told the beginning of, which then may come late and change nothing."""
    why = "resolved, and nothing of it fired here"
    if not alert.dated:
        return Decision(verdict="ignored", reasons=(why,))
    ended = Episode(
        source=alert.source,
        fingerprint=identify(alert, change.rulebook),
        cycle=episode.cycle + 1 if episode is not None else 1,
        ticket=episode.ticket if episode is not None else None,
        name=alert.name,
        severity=severity_of(alert),
        target=target_of(alert),
        starts_at=alert.starts_at,
        resolved_at=_end_of(alert, change.now),
    )
    before = (replace(episode, newest=False),) if episode is not None else ()
    return Decision(verdict="ignored", reasons=(why,), episodes=(*before, ended))


def _others(alert: Alert, episode: Episode) -> Decision | None:
    """What becomes of the end of one of several series; None where it was the last that fired."""
    left = tuple(series for series in episode.series if series != alert.fingerprint)
    if left == episode.series:
        return Decision(verdict="ignored", reasons=("resolved, and nothing of it fired here",))
    if not left:
        return None
    why = f"{len(left)} more of its series still fire"
    return Decision(verdict="appended", reasons=(why,), episodes=(replace(episode, series=left),))


def _ended(alert: Alert, episode: Episode, change: Change) -> Episode:
    """The episode with its end. A later start than was known is kept: that firing may still be told, too late."""
    return replace(
        episode,
        last_start=max(episode.newest_start, alert.starts_at) if alert.dated else episode.last_start,
        resolved_at=_end_of(alert, change.now),
        silent_at=None,
        stale_since=None,
        suppressed=None,
        series=(),
    )


def _end_of(alert: Alert, now: datetime) -> datetime:
    """When an episode ended as its sender tells it: an end in the future would make the next firing a late word."""
    return min(alert.ends_at or now, now)


def _end_episode(alert: Alert, episode: Episode, change: Change) -> None:
    was_muted = change.ticket.alerts.muted
    change.happen(
        EpisodeResolved(
            at=change.now,
            source=episode.source,
            fingerprint=episode.fingerprint,
            name=alert.name,
            target=episode.target,
            severity=episode.severity,
            stale=episode.stale_since is not None,
        ),
        because=_why_resolved(alert, episode, change.ticket.firing - 1),
    )
    if change.ticket.firing > 0:
        return
    if was_muted:
        change.reasons.append(say("unmuted"))
    if change.ticket.open:
        hold_or_heal(change, _end_of(alert, change.now))
    close_where_nobody_waits(change)


def _why_resolved(alert: Alert, episode: Episode, left: int) -> str:
    where = f" on {episode.target}" if episode.target else ""
    fires = "nothing of the ticket fires any more" if left <= 0 else f"{left} more fire{'s' if left == 1 else ''}"
    return f"{alert.name}{where} resolved; {fires}"


def hold_or_heal(change: Change, ended_at: datetime) -> None:
    """Hold a ticket of which nothing fires any more open for as long as the rulebook says, or heal it."""
    hold = change.rulebook.alerts.resolve_hold
    if not hold.amount:
        heal(change, ended_at)
        return
    reason = say("held-open", hold=str(hold))
    until = change.now + hold.length()
    change.happen(HoldBegan(at=change.now, cleared_at=ended_at, until=until, reason=reason), because=reason)
    hold_clocks(change, reason=reason)
