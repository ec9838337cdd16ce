"""What becomes of one alert of a notification."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.alerts.firing import fire
from rules.alerts.healing import resolve
from rules.alerts.hearing import hear_again
from rules.alerts.ignoring import is_taken_up, why_ignored
from rules.alerts.known import find_episode
from rules.change import Change
from rules.deciding.heartbeats import hear_heartbeat, is_heartbeat
from rules.decision import Decision
from rules.language.sayings import say

if TYPE_CHECKING:
    from datetime import datetime

    from rules.episode import Episode
    from rules.facts import Facts
    from rules.report import Alert
    from rules.rulebook import Rulebook


def decide_alert(alert: Alert, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Decide what becomes of one alert, by its own status and times and not by its group's or its arrival."""
    if is_heartbeat(alert, rulebook):
        return hear_heartbeat(alert, facts, rulebook)
    episode = find_episode(alert, facts, rulebook)
    change = Change(facts=facts, rulebook=rulebook, now=now)
    known = facts.ledger.get((alert.source, alert.key))
    if known is None:
        return _decide_new(alert, episode, change)
    if known.reason and is_taken_up(alert, facts.ledger, rulebook):
        return _take_up(alert, episode, change)
    return _decide_seen(alert, episode, change)


def _decide_new(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    ends = alert.status == "resolved" and episode is not None and episode.firing
    if alert.name in change.rulebook.alerts.ignore and not ends:  # it may have fired before the rulebook ignored it
        return Decision(verdict="ignored", reasons=(why_ignored(alert),))
    if alert.correction is not None:
        change.reasons.append(say(f"asked-{alert.correction}", source=alert.source))
    if alert.status == "resolved":
        return resolve(alert, episode, change)
    return fire(alert, episode, change)


def _take_up(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    decision = _decide_new(alert, episode, change)
    if decision.verdict == "ignored":
        return replace(decision, seen_before=True)
    return replace(decision, anew=True, reasons=("the rulebook ignores it no more", *decision.reasons))


def _decide_seen(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    if alert.status == "resolved" or episode is None or not episode.firing:
        why = "the ledger has this state of the alert already"
        return Decision(verdict="ignored", reasons=(why,), seen_before=True)
    if episode.stale_since is not None:
        return hear_again(alert, episode, change, why="a resend of a firing episode", seen_before=True)
    return Decision(verdict="appended", reasons=("a resend of a firing episode",), seen_before=True)
