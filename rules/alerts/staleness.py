"""Firing alerts of which nothing is heard any more: marked and told, and never taken for ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.alerts.events import EpisodeStale
from rules.change import Change
from rules.language.sayings import say
from rules.letters.correspondence import tell_assignee, write_time
from rules.letters.describing import describe_escalation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rules.decision import Decision
    from rules.episode import Episode
    from rules.facts import Facts
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


def decide_stale(
    ticket: Ticket, silent: Sequence[tuple[Episode, datetime]], facts: Facts, rulebook: Rulebook, now: datetime
) -> Decision:
    """Mark firing episodes of a ticket stale; with each comes when there was last word of it."""
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    for episode, last in silent:
        change.happen(EpisodeStale(at=now, name=episode.name, target=episode.target, last_word_at=last))
        change.episodes += (replace(episode, silent_at=None, stale_since=now),)
        since = write_time(last, rulebook) or ""
        change.reasons.append(say("stale", alert=episode.name, target=episode.target, since=since))
    if silent and not ticket.alerts.stale and not ticket.alerts.muted:
        tell_assignee(change, "escalated", **describe_escalation(change, change.reasons[0], say("advise-stale")))
    return change.decide(None)
