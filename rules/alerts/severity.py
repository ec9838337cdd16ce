"""The severity of alerts: an attribute of each episode. Where a ticket's rises it may get a higher level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.events import Judged
from rules.judging.priority import higher, judge, severity_level
from rules.language.sayings import say, say_all
from rules.letters.correspondence import tell_assignee
from rules.letters.describing import describe_escalation
from rules.work.clocks import change_limits

if TYPE_CHECKING:
    from rules.change import Change
    from rules.report import Alert
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


def severity_of(alert: Alert) -> str:
    """The severity that an alert is labelled with, or nothing."""
    return alert.labels.get("severity", "")


def worst_level(ticket: Ticket, rulebook: Rulebook) -> str | None:
    """The level of the worst severity that fires on a ticket; None while nothing does."""
    known = [severity_level(name, rulebook) for name in ticket.alerts.severities]
    return min(known, key=rulebook.priority.levels.index, default=None)


def tell_rise(alert: Alert, change: Change, *, was: str | None) -> None:
    """Raise the level where an alert's severity asks for more, and tell the assignee of a severity worse than before.

    `was` is the worst level before this word of it. Of a milder severity nothing follows.
    """
    raised_from = change.ticket.priority
    _raise(alert, change)
    worst = worst_level(change.ticket, change.rulebook)
    if was is None or worst is None or not higher(worst, was, change.rulebook):
        return
    reason = say("severity-worse", severity=severity_of(alert) or "?", level=worst)
    if reason not in change.reasons:
        change.reasons.append(reason)
    if not change.ticket.alerts.muted:
        told = say_all((say("severity-of", alert=alert.name), reason))
        why = describe_escalation(change, told, say("advise-severity"), was=raised_from)
        tell_assignee(change, "escalated", **why)


def _raise(alert: Alert, change: Change) -> None:
    judgement = judge(alert, change.rulebook, people=0)
    if not change.ticket.open or not higher(judgement.priority, change.ticket.priority, change.rulebook):
        return
    change.happen(
        Judged(
            at=change.now,
            ticket_kind=change.ticket.kind,
            category=change.ticket.category,
            impact=judgement.impact,
            urgency=judgement.urgency,
            priority=judgement.priority,
            reason=say("severity-worse", severity=severity_of(alert) or "?", level=judgement.priority),
        ),
        because=say("severity-raises", level=judgement.priority),
    )
    change_limits(change, reason="the severity rose")
