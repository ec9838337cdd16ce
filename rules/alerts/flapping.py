"""Alerts that end and fire again and again: the ticket is marked, and the assignee is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.alerts.events import Flapping, FlappingEnded
from rules.language.sayings import say
from rules.letters.correspondence import tell_assignee
from rules.letters.describing import describe_escalation

if TYPE_CHECKING:
    from rules.change import Change


def note_flapping(change: Change) -> None:
    """Mark a ticket whose alerts fired again so often by now, or keep the mark on; call it after each re-fire."""
    rules, state = change.rulebook.alerts.flapping, change.ticket.alerts
    if rules is None:
        return
    within = rules.within.length()
    times = sum(at > change.now - within for at in state.flaps)
    if state.flapping_until is None and times < rules.times:
        return
    reason = say("flapping", count=times, within=str(rules.within))
    change.happen(Flapping(at=change.now, times=times, until=change.now + within, reason=reason), because=reason)
    if state.flapping_until is None:
        tell_assignee(change, "escalated", **describe_escalation(change, reason, say("advise-flapping")))


def end_flapping(change: Change) -> None:
    """Take the mark off a ticket that has been quiet for long enough."""
    reason = say("quiet")
    change.happen(FlappingEnded(at=change.now, reason=reason), because=reason)
