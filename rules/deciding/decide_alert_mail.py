"""What becomes of a mail by which a monitor tells of an alert."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.alerts.identity import identify
from rules.change import Change
from rules.deciding.conversation import author
from rules.deciding.decide_alert import decide_alert
from rules.decision import Decision
from rules.events import Reported
from rules.language.sayings import say
from rules.letters.correspondence import tell_assignee

if TYPE_CHECKING:
    from datetime import datetime

    from rules.alerts.mails import AlertMail
    from rules.facts import Facts
    from rules.report import Mail
    from rules.rulebook import Rulebook


def decide_alert_mail(mail: Mail, told: AlertMail, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Decide on what a mail tells as on an alert that was pushed; nobody is answered, and nobody takes part by it.

    Old mail that is imported tells of alerts that are past, and is only recorded.
    """
    if mail.imported:
        decision = Decision(verdict="ignored", reasons=(say("alert-mail-old"),))
    elif told.state == "ignored":
        decision = Decision(verdict="ignored", reasons=())
    elif told.state == "acknowledged":
        decision = _acknowledge(mail, told, facts, rulebook, now)
    else:
        decision = _with_report(mail, told, decide_alert(told.alert, facts, rulebook, now), facts, rulebook, now)
    return replace(decision, told=told, reasons=(told.reason, *decision.reasons))


def append_mail(mail: Mail, change: Change, *, reason: str) -> Change:
    """Add a mail of a monitor to a ticket, without letters and without counting it; returns the change."""
    change.happen(
        Reported(at=change.now, verdict="appended", source=mail.source, key=mail.key, counts=False, reason=reason)
    )
    return change


def _with_report(
    mail: Mail, told: AlertMail, decision: Decision, facts: Facts, rulebook: Rulebook, now: datetime
) -> Decision:
    """What an alert pushed again leaves to the ledger, a mail tells the ticket: people will look for it there."""
    noted = any(isinstance(event, Reported) for event in decision.events)
    if decision.verdict != "appended" or decision.ticket is None or noted:
        return decision
    change = Change(facts=facts, rulebook=rulebook, now=now, before=decision.ticket)
    appended = append_mail(mail, change, reason=told.reason).decide("appended")
    return replace(decision, ticket=appended.ticket, events=(*decision.events, *appended.events))


def _acknowledge(mail: Mail, told: AlertMail, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    episode = facts.episodes.get((told.alert.source, identify(told.alert, rulebook)))
    firing = episode.ticket if episode is not None and episode.firing else None
    ticket = facts.tickets.get(firing) if firing is not None else None
    if ticket is None:
        return Decision(verdict="ignored", reasons=(say("alert-mail-nothing-fires"),))
    change = append_mail(mail, Change(facts=facts, rulebook=rulebook, now=now, before=ticket), reason=told.reason)
    tell_assignee(change, "message", author=author(mail), text=mail.text, status=ticket.status)
    return change.decide("appended")
