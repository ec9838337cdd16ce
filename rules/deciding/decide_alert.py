"""What becomes of one alert of a notification."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from rules.alerts.groups import group_key, group_of
from rules.change import Change
from rules.deciding.conversation import reopen
from rules.deciding.heartbeats import hear_heartbeat, is_heartbeat
from rules.deciding.opening import open_ticket
from rules.decision import Decision
from rules.episode import Episode
from rules.events import Closed, EpisodeFired, EpisodeResolved, Judged, Reported, Resolved
from rules.joining.concerns import alert_concerns
from rules.joining.incidents import Related, find_related
from rules.judging.priority import higher, judge
from rules.language.sayings import say, say_all
from rules.letters.correspondence import tell_assignee, tell_participants, write_time
from rules.work.clocks import cancel_clocks, change_limits
from rules.work.dispatch import give_to_somebody
from rules.work.escalation import escalate_repeat
from rules.work.moments import let_come

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from rules.facts import Facts
    from rules.report import Alert
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

Joining = Literal["appended", "repeated", "reopened"]

KEY_VERSION = "am:1:"
"""Before every ticket key, so that a later way to make keys cannot split or join old tickets by accident."""


def decide_alert(alert: Alert, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Decide what becomes of one alert, by its own status and times and not by its group's or its arrival."""
    if is_heartbeat(alert, rulebook):
        return hear_heartbeat(alert, facts, rulebook)
    episode = facts.episodes.get((alert.source, alert.fingerprint))
    if (alert.source, alert.key) in facts.ledger:
        return _seen(alert, episode)
    if alert.name in rulebook.alerts.ignore:
        return Decision(verdict="ignored", reasons=(f"the rulebook ignores {alert.name}",))
    change = Change(facts=facts, rulebook=rulebook, now=now)
    if alert.status == "resolved":
        return _resolve(alert, episode, change)
    return _fire(alert, episode, change)


def ticket_key(alert: Alert, rulebook: Rulebook) -> str:
    """The key of the one open ticket that an alert belongs to, from the labels that the rulebook names.

    An alert that has none of them belongs to no other.
    """
    values = []
    for choice in rulebook.alerts.key:
        found = (f"{label}={alert.labels[label]}" for label in choice.split("|") if alert.labels.get(label))
        values.append(next(found, ""))
    if not any(values):
        values = [f"fingerprint={alert.fingerprint}"]
    return KEY_VERSION + "\n".join((alert.source, *values))


def ticket_keys(alert: Alert, rulebook: Rulebook, mailing: Collection[str]) -> tuple[str, ...]:
    """The key of its ticket, and for the sources that mail too that of a ticket which its group's mail opened."""
    group = group_of(alert, mailing)
    own = ticket_key(alert, rulebook)
    return (own,) if group is None else (own, group_key(alert.source, group))


def _seen(alert: Alert, episode: Episode | None) -> Decision:
    if alert.status == "firing" and episode is not None and episode.firing:
        return Decision(verdict="appended", reasons=("a resend of a firing episode",), seen_before=True)
    return Decision(verdict="ignored", reasons=("the ledger has this state of the alert already",), seen_before=True)


def _fire(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    if episode is not None and alert.starts_at <= episode.starts_at:
        return _tell_old_episode(alert, episode, change)
    if episode is not None and episode.firing and not alert.dated:
        ticket = change.facts.tickets.get(episode.ticket) if episode.ticket is not None else None
        why = "a resend of a firing episode, as far as can be told: its sender gives no start"
        return Decision(verdict="appended", reasons=(why,), before=ticket, ticket=ticket)
    if episode is not None and episode.firing:
        change.reasons.append("its end was never told, and it fired again")
    again = episode is not None
    ticket = _joinable(alert, change)
    related = find_related(alert, change.facts, change.rulebook, change.now) if ticket is None else None
    if related is not None:
        ticket = related.ticket
    if ticket is None:
        return _open(alert, change, cycle=1)
    change = _on(ticket, change)
    _join_ticket(alert, episode, change, again=again)
    return change.decide(_after_joining(change, ticket, alert, again=again, related=related))


def _tell_old_episode(alert: Alert, episode: Episode, change: Change) -> Decision:
    """A twin of the Alertmanager saw it earlier, or tells late what has ended: neither is a new firing."""
    ticket = change.facts.tickets.get(episode.ticket) if episode.ticket is not None else None
    if not episode.firing:
        why = "a late word of an episode that has resolved"
        return Decision(verdict="ignored", reasons=(why,), before=ticket, ticket=ticket)
    moved = replace(episode, starts_at=alert.starts_at)
    why = "the same episode, seen earlier by another sender"
    return Decision(verdict="appended", reasons=(why,), before=ticket, ticket=ticket, episode=moved)


def _joinable(alert: Alert, change: Change) -> Ticket | None:
    """The ticket with the alert's own key, or else that which a mail of its group opened."""
    keys = ticket_keys(alert, change.rulebook, change.facts.mailing)
    known = (change.facts.by_key[key] for key in keys if key in change.facts.by_key)
    tickets = (change.facts.tickets[number] for number in known if number in change.facts.tickets)
    return next((ticket for ticket in tickets if _takes_alerts(ticket, change)), None)


def _takes_alerts(ticket: Ticket, change: Change) -> bool:
    ended = ticket.closed_at or ticket.resolved_at or ticket.changed_at
    return ticket.open or ended + change.rulebook.alerts.reopen_window.length() >= change.now


def _on(ticket: Ticket, change: Change) -> Change:
    return Change(facts=change.facts, rulebook=change.rulebook, now=change.now, before=ticket, reasons=change.reasons)


def _join_ticket(alert: Alert, episode: Episode | None, change: Change, *, again: bool) -> None:
    if episode is None or not episode.firing or episode.ticket != change.ticket.id:
        change.happen(_fired(alert, change, again=again))
    cycle = episode.cycle + 1 if episode is not None else 1
    change.episode = _episode(alert, change.ticket.id, cycle=cycle)


def _after_joining(change: Change, before: Ticket, alert: Alert, *, again: bool, related: Related | None) -> Joining:
    """A re-fire is a repeat and may escalate; another host of the same trouble only joins."""
    verdict: Joining = "reopened" if not before.open else "repeated" if again else "appended"
    reason = {
        "reopened": say("fires-reopened", alert=alert.name, status=before.status),
        "repeated": say("fires-again", alert=alert.name),
        "appended": say("fires-more", alert=alert.name),
    }[verdict]
    if related is not None:
        reason = related.reason
    change.happen(
        Reported(at=change.now, verdict=verdict, source=alert.source, key=alert.key, counts=True, reason=reason),
        because=reason,
    )
    if verdict == "reopened":
        reopen(change, by=None, reason=reason)
    _judge_severity(alert, change)
    if verdict != "appended":
        escalate_repeat(change)
        _tell_refire(change, alert, verdict, say_all(change.reasons))
    return verdict


def _judge_severity(alert: Alert, change: Change) -> None:
    """A worse severity raises the level; a milder one never lowers it."""
    judgement = judge(alert, change.rulebook, people=0)
    if not higher(judgement.priority, change.ticket.priority, change.rulebook):
        return
    change.happen(
        Judged(
            at=change.now,
            ticket_kind=change.ticket.kind,
            category=change.ticket.category,
            impact=judgement.impact,
            urgency=judgement.urgency,
            priority=judgement.priority,
            reason=say("severity-worse", severity=alert.labels.get("severity", "?"), level=judgement.priority),
        ),
        because=say("severity-raises", level=judgement.priority),
    )
    change_limits(change, reason="the severity rose")


def _tell_refire(change: Change, alert: Alert, verdict: Joining, reason: str) -> None:
    if verdict == "reopened":
        tell_assignee(change, "reopened", author=None, text=alert.summary, reason=reason)
        return
    tell_assignee(
        change,
        "repeated",
        reporter=alert.source,
        text=alert.summary,
        repeats=change.ticket.repeats,
        reporters=len(change.ticket.participants),
        reason=reason,
    )


def _open(alert: Alert, change: Change, *, cycle: int) -> Decision:
    open_ticket(
        change,
        alert,
        judge(alert, change.rulebook, people=0),
        subject=_subject(alert),
        summary=alert.summary,
        language="und",
        key=ticket_key(alert, change.rulebook),
    )
    change.happen(_fired(alert, change))
    change.episode = _episode(alert, change.ticket.id, cycle=cycle)
    labels = tuple(sorted(alert.labels.items()))
    give_to_somebody(change, requester=None, text=_text(alert), is_alert=True, labels=labels)
    return change.decide("opened")


def _resolve(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    if episode is None:
        return Decision(verdict="ignored", reasons=("resolved, and nothing of it fired here",))
    if not episode.firing:
        return Decision(verdict="ignored", reasons=("it has resolved already",))
    if alert.dated and alert.ends_at is not None and alert.ends_at < episode.starts_at:
        return Decision(verdict="ignored", reasons=("a late word of an earlier episode",))
    ended = replace(episode, resolved_at=alert.ends_at or change.now)
    ticket = change.facts.tickets.get(episode.ticket) if episode.ticket is not None else None
    if ticket is None:
        return Decision(verdict="resolved", reasons=("resolved; its ticket is gone",), episode=ended)
    change = _on(ticket, change)
    change.episode = ended
    change.happen(
        EpisodeResolved(at=change.now, source=alert.source, fingerprint=alert.fingerprint, name=alert.name),
        because=f"{alert.name} resolved; {ticket.firing - 1} of its episodes still fire",
    )
    if change.ticket.firing <= 0:
        if change.ticket.open:
            _heal(alert, change)
        _close_where_nobody_waits(change)
    return change.decide("resolved")


def _heal(alert: Alert, change: Change) -> None:
    """The last episode resolved, and with it the ticket."""
    change.happen(Resolved(at=change.now, by=alert.source, how="alert"), because=say("last-resolved"))
    let_come(change, "resolved")
    ended_at = write_time(alert.ends_at or change.now, change.rulebook)
    tell_participants(change, "over", is_alert=False, ended_at=ended_at)
    tell_assignee(change, "over", is_alert=True, ended_at=ended_at)


def _close_where_nobody_waits(change: Change) -> None:
    if change.ticket.status == "resolved" and not change.ticket.participants:
        change.happen(Closed(at=change.now, how="alert", reason="nobody else waits for it"))
        let_come(change, "closed")
        cancel_clocks(change)


def _fired(alert: Alert, change: Change, *, again: bool = False) -> EpisodeFired:
    return EpisodeFired(
        at=change.now,
        source=alert.source,
        fingerprint=alert.fingerprint,
        name=alert.name,
        again=again,
        concerns=alert_concerns(alert, change.rulebook),
    )


def _episode(alert: Alert, ticket: int, *, cycle: int) -> Episode:
    return Episode(
        source=alert.source,
        fingerprint=alert.fingerprint,
        ticket=ticket,
        name=alert.name,
        severity=alert.labels.get("severity", ""),
        starts_at=alert.starts_at,
        cycle=cycle,
    )


def _subject(alert: Alert) -> str:
    where = alert.labels.get("service") or alert.labels.get("job") or ""
    return f"{alert.name} ({where})" if where else alert.name


def _text(alert: Alert) -> str:
    description = alert.annotations.get("description", "")
    return alert.summary if description in ("", alert.summary) else f"{alert.summary}\n{description}"
