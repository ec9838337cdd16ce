"""An alert fires: a new ticket, an open one that it joins, or one that it reopens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rules.alerts.flapping import note_flapping
from rules.alerts.groups import ticket_keys
from rules.alerts.hearing import hear_again, overlaps
from rules.alerts.identity import end_key, labels_to_show, links_to_show, subject_of, ticket_key
from rules.alerts.joining import Joining, join_ticket, note_report
from rules.alerts.newcomers import tell_newcomer
from rules.alerts.severity import tell_rise, worst_level
from rules.alerts.storms import find_storm, join_storm, why_storm
from rules.deciding.conversation import reopen
from rules.deciding.opening import open_ticket
from rules.decision import Decision
from rules.joining.earlier import suggest_earlier
from rules.joining.incidents import find_related
from rules.judging.priority import judge
from rules.language.sayings import Saying, say, say_all
from rules.letters.correspondence import tell_assignee
from rules.silences.wanting import why_not_silenced
from rules.work.dispatch import give_to_somebody
from rules.work.escalation import escalate_repeat

if TYPE_CHECKING:
    from rules.change import Change
    from rules.episode import Episode
    from rules.report import Alert
    from rules.ticket import Ticket

_LATE: Final = "a late word of an episode that has resolved"
_RESEND: Final = "a resend of a firing episode, as far as can be told: its sender gives no start"
_TWIN: Final = "the same episode, seen earlier by another sender"
_SERIES: Final = "another series of a firing episode"


@dataclass(frozen=True, slots=True)
class _Found:
    """The ticket that an alert joins; with a reason where its key does not say so."""

    ticket: Ticket
    reason: Saying | None = None


def fire(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    """Decide a firing that the ledger does not have: of a new episode, or one more word of a known one."""
    if episode is not None and _is_late(alert, episode, change):
        ticket = change.facts.tickets.get(episode.ticket) if episode.ticket is not None else None
        return Decision(verdict="ignored", reasons=(_LATE,), before=ticket, ticket=ticket)
    if episode is not None and (why := _why_the_same(alert, episode)):
        return hear_again(alert, episode, change, why=why)
    return _fire_anew(alert, episode, change)


def _is_late(alert: Alert, episode: Episode, change: Change) -> bool:
    """Tell whether a firing is of what resolved: it began no later, or while that fired.

    Alertmanager takes what overlaps for one alert (`Alert.Merge` in its source), so that a word with a start in between
    is a twin's, sent before it had merged. Mails are dated to the second, and come in their order. Where an episode has
    several series the times of one say nothing of another, and only an end that was told makes a word late.
    """
    if alert.fingerprint != episode.fingerprint:
        return (alert.source, end_key(alert)) in change.facts.ledger
    if episode.firing:
        return False
    last = episode.newest_start
    return alert.starts_at < last or (alert.starts_at == last and not alert.monitor) or overlaps(alert, episode)


def _why_the_same(alert: Alert, episode: Episode) -> str | None:
    """Why this is no new firing; None where it is one."""
    if not episode.firing:
        return None
    if any(series != alert.fingerprint for series in episode.series):
        return _SERIES
    if not alert.dated:
        return _RESEND
    return _TWIN if alert.starts_at <= episode.newest_start else None


def _fire_anew(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    if episode is not None and episode.firing:
        change.reasons.append("its end was never told, and it fired again")
    own = change.facts.tickets.get(episode.ticket) if episode is not None and episode.ticket is not None else None
    if own is not None and own.alerts.muted:
        return _mute(alert, episode, change.on(own))
    if own is not None and own.open and own.storm is not None:
        return join_storm(alert, episode, change, own, say("fires-again", alert=alert.name))
    found = _find_ticket(alert, own if episode is not None and episode.firing else None, change)
    if found is None and (why := why_storm(alert, change)):
        return join_storm(alert, episode, change, find_storm(alert, change), why)
    if found is None:
        return _open(alert, episode, change)
    return _join(alert, episode, found, change.on(found.ticket))


def _find_ticket(alert: Alert, own: Ticket | None, change: Change) -> _Found | None:
    """The ticket that an alert joins: its own, which never heard of its end, that of its key, or a related one."""
    ticket = own or _joinable(alert, change)
    if ticket is not None:
        return _Found(ticket)
    related = find_related(alert, change.facts, change.rulebook, change.now)
    return None if related is None else _Found(related.ticket, related.reason)


def _join(alert: Alert, episode: Episode | None, found: _Found, change: Change) -> Decision:
    """Let a firing join a ticket. A re-fire is a repeat and may escalate, but for a flap; another target only joins."""
    before = found.ticket
    again = episode is not None and episode.ticket == before.id
    flap = again and _is_flap(alert, episode, before, change)
    verdict: Joining = "reopened" if not before.open else "repeated" if again and not flap else "appended"
    was = worst_level(change.ticket, change.rulebook)
    join_ticket(alert, episode, change, again=again)
    reason = found.reason or _why_joined(verdict, before, alert, flap=flap)
    note_report(change, alert, verdict, reason)
    if verdict == "reopened":
        reopen(change, by=None, reason=reason)
    tell_rise(alert, change, was=was)
    if verdict != "appended":
        escalate_repeat(change)
        _tell_refire(change, alert, verdict, say_all(change.reasons))
    elif not again:
        tell_newcomer(change, alert, reason)
    if again:
        note_flapping(change)
    return change.decide(verdict)


def _joinable(alert: Alert, change: Change) -> Ticket | None:
    """The ticket with the alert's own key, or else that which a mail of its group opened."""
    keys = ticket_keys(alert, change.rulebook, change.facts.mailing)
    known = (change.facts.by_key[key] for key in keys if key in change.facts.by_key)
    tickets = (change.facts.tickets[number] for number in known if number in change.facts.tickets)
    return next((ticket for ticket in tickets if _takes_alerts(ticket, change)), None)


def _takes_alerts(ticket: Ticket, change: Change) -> bool:
    return ticket.open or ticket.ended_at + change.rulebook.alerts.reopen_window.length() >= change.now


def _is_flap(alert: Alert, episode: Episode | None, before: Ticket, change: Change) -> bool:
    """Tell whether an alert fires again so soon that it had hardly ended."""
    if before.alerts.held:
        return True
    ended = episode.resolved_at if episode is not None else None
    hold = change.rulebook.alerts.resolve_hold
    return before.open and bool(hold.amount) and ended is not None and alert.starts_at < ended + hold.length()


def _why_joined(verdict: Joining, before: Ticket, alert: Alert, *, flap: bool) -> Saying:
    if flap:
        return say("flaps", alert=alert.name)
    match verdict:
        case "reopened":
            return say("fires-reopened", alert=alert.name, status=before.status)
        case "repeated":
            return say("fires-again", alert=alert.name)
        case "appended":
            return say("fires-more", alert=alert.name)


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


def _mute(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    """A ticket closed while it fired stays closed until all of it has cleared, whatever of it fires again meanwhile."""
    join_ticket(alert, episode, change, again=True)
    note_report(change, alert, "appended", say("muted", number=change.ticket.number), counts=False)
    return change.decide("appended")


def _open(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    open_ticket(
        change,
        alert,
        judge(alert, change.rulebook, people=0),
        subject=subject_of(alert),
        summary=alert.summary,
        language="und",
        key=ticket_key(alert, change.rulebook),
    )
    join_ticket(alert, episode, change, again=False)
    give_to_somebody(
        change,
        requester=None,
        text=_text(alert),
        is_alert=True,
        labels=labels_to_show(alert),
        links=links_to_show(alert),
        silences=why_not_silenced(change) is None,
        similar=suggest_earlier(change),
    )
    return change.decide("opened")


def _text(alert: Alert) -> str:
    description = alert.annotations.get("description", "")
    return alert.summary if description in ("", alert.summary) else f"{alert.summary}\n{description}"
