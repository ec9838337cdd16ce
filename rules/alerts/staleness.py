"""Firing alerts of which nothing is heard any more: marked and told, and never taken for ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.alerts.events import EpisodeStale
from rules.change import Change
from rules.language.sayings import say
from rules.letters.correspondence import assignee_name, due_times, tell_assignee, write_time

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


def decide_stale(ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Mark those episodes of a ticket stale that `facts` hold and that are due (`silent_at`).

    The store has moved on the due moment of every episode of which there is a later word.
    """
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    after = rulebook.alerts.stale_after
    silent = [episode for episode in facts.episodes.values() if episode.ticket == ticket.id and episode.firing]
    if after is None or not silent:
        return change.decide(None)
    first = not ticket.alerts.stale
    for episode in silent:
        last = (episode.silent_at or now) - after.length()
        change.happen(EpisodeStale(at=now, name=episode.name, target=episode.target, last_word_at=last))
        change.episodes += (replace(episode, silent_at=None, stale_since=now),)
    reason = say("stale", alert=silent[0].name, target=silent[0].target, since=write_time(last, rulebook) or "")
    change.reasons.append(reason)
    if first and not ticket.alerts.muted:
        due, name = due_times(change), assignee_name(change)
        tell_assignee(change, "escalated", was=ticket.priority, reason=reason, assignee=name, due=due)
    return change.decide(None)
