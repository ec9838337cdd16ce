"""Silencing the alerts of a ticket at their source, for as long as its trouble lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.language.sayings import say
from rules.silences.events import Silenced, SilenceEnded
from rules.silences.labels import silenced_labels

if TYPE_CHECKING:
    from datetime import datetime

    from rules.change import Change
    from rules.language.sayings import Saying


def why_not_silenced(change: Change) -> Saying | None:
    """Why the alerts of a ticket cannot be silenced; None where they can."""
    ticket = change.ticket
    if ticket.key is None:
        return say("silence-no-alerts", number=ticket.number)
    if ticket.source not in change.facts.silencing:
        return say("silence-no-api", source=ticket.source)
    if not silenced_labels(ticket, change.rulebook):
        return say("silence-no-labels")
    return None if ticket.firing > 0 else say("silence-quiet")


def want_silence(change: Change, *, by: str, until: datetime, reason: str) -> None:
    """Have the alerts of a ticket silenced until a moment at the latest; `why_not_silenced` said nothing."""
    ticket = change.ticket
    labels = silenced_labels(ticket, change.rulebook)
    wanted = Silenced(at=change.now, by=by, source=ticket.source, labels=labels, until=until, reason=reason)
    change.happen(wanted)


def silence_while_worked(change: Change) -> None:
    """Silence what somebody works on, where the rulebook says so."""
    rules, ticket = change.rulebook.alerts.silence, change.ticket
    if not rules.while_in_progress or ticket.silence is not None or why_not_silenced(change):
        return
    until = change.now + rules.longest.length()
    want_silence(change, by=ticket.assignee or change.facts.desk_name, until=until, reason=say("silence-worked"))


def end_silence(change: Change, *, reason: str) -> None:
    """End the silence of a ticket where it has one."""
    if change.ticket.silence is not None:
        change.happen(SilenceEnded(at=change.now, reason=reason))
