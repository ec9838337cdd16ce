"""What becomes of one alert of a notification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.alerts.firing import fire
from rules.alerts.healing import resolve
from rules.alerts.hearing import hear_again
from rules.alerts.identity import identify
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
    episode = facts.episodes.get((alert.source, identify(alert, rulebook)))
    if (alert.source, alert.key) in facts.ledger:
        return _decide_seen(alert, episode, Change(facts=facts, rulebook=rulebook, now=now))
    ends = alert.status == "resolved" and episode is not None and episode.firing
    if alert.name in rulebook.alerts.ignore and not ends:  # it may have fired before the rulebook ignored it
        return Decision(verdict="ignored", reasons=(f"the rulebook ignores {alert.name}",))
    change = Change(facts=facts, rulebook=rulebook, now=now)
    if alert.correction is not None:
        change.reasons.append(say(f"asked-{alert.correction}", source=alert.source))
    if alert.status == "resolved":
        return resolve(alert, episode, change)
    return fire(alert, episode, change)


def _decide_seen(alert: Alert, episode: Episode | None, change: Change) -> Decision:
    if alert.status == "resolved" or episode is None or not episode.firing:
        why = "the ledger has this state of the alert already"
        return Decision(verdict="ignored", reasons=(why,), seen_before=True)
    if episode.stale_since is not None:
        return hear_again(alert, episode, change, why="a resend of a firing episode", seen_before=True)
    return Decision(verdict="appended", reasons=("a resend of a firing episode",), seen_before=True)
