"""Silencing the alerts of a ticket at their source, for as long as its trouble lasts.

What is silenced are the labels that the ticket's key is made of, with those of the key that its alerts lack: every
alert on which they hold would join this very ticket. So one silence covers a new host of the same trouble and nothing
of any other, whatever else the alerts are labelled with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.alerts.identity import KEY_VERSION
from rules.alerts.silence_events import Silenced, SilenceEnded
from rules.language.sayings import say

if TYPE_CHECKING:
    from datetime import datetime

    from rules.change import Change
    from rules.language.sayings import Saying
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

Labels = tuple[tuple[str, str], ...]


def silenced_labels(ticket: Ticket, rulebook: Rulebook) -> Labels:
    """The labels that tell a ticket's alerts from all others; none where its key does not say."""
    version, source = KEY_VERSION, f"{ticket.source}\n"
    key = ticket.key or ""
    if not key.startswith(version + source):
        return ()
    values, choices = key[len(version + source) :].split("\n"), rulebook.alerts.key
    if len(values) != len(choices):
        return ()
    labels: dict[str, str] = {}
    for value, choice in zip(values, choices, strict=True):
        given, _, text = value.partition("=")
        for label in choice.split("|"):
            if label == given:
                labels[label] = text
                break
            labels.setdefault(label, "")
        else:
            if value:  # the rulebook makes its keys of other labels now
                return ()
    return tuple(labels.items()) if any(labels.values()) else ()


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
