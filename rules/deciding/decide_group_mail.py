"""What becomes of a mail of an Alertmanager about a group of alerts, which it tells by webhook as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from immutables import Map

from rules.alerts.groups import group_key
from rules.change import Change
from rules.deciding.decide_alert_mail import append_mail
from rules.deciding.opening import open_ticket
from rules.decision import Decision
from rules.judging.priority import judge
from rules.language.sayings import say
from rules.language.subjects import bare_subject
from rules.report import Alert
from rules.work.dispatch import give_to_somebody

if TYPE_CHECKING:
    from datetime import datetime

    from rules.alerts.groups import GroupMail
    from rules.facts import Facts
    from rules.report import Mail
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


def decide_group_mail(mail: Mail, told: GroupMail, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Append the mail to the group's ticket; nobody is answered, and nobody takes part by it.

    Where the group has none, because the mail came first or its webhook never comes, the mail opens one, without an
    episode: the alerts of the group join it, and with their last episode it heals.
    """
    decision = _decide(mail, told, facts, rulebook, now)
    return replace(decision, told=told, reasons=(told.reason, *decision.reasons))


def _decide(mail: Mail, told: GroupMail, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    if mail.imported:
        return Decision(verdict="ignored", reasons=(say("alert-mail-old"),))
    ticket = _ticket_of(told, facts, rulebook, now)
    if ticket is not None:
        change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
        change.reasons.append(say("group-mail-known"))
        return append_mail(mail, change, reason=told.reason).decide("appended")
    if told.over:
        return Decision(verdict="ignored", reasons=(say("alert-mail-nothing-fires"),))
    return _open(mail, told, Change(facts=facts, rulebook=rulebook, now=now))


def _ticket_of(told: GroupMail, facts: Facts, rulebook: Rulebook, now: datetime) -> Ticket | None:
    """The newest open ticket of the group, or the newest that ended within the time in which it would be reopened."""
    known = facts.groups.get((told.monitor, told.thread), ())
    tickets = [facts.tickets[number] for number in known if number in facts.tickets]
    since = now - rulebook.alerts.reopen_window.length()
    lately = (each for each in tickets if each.ended_at >= since)
    return next((each for each in tickets if each.open), None) or next(lately, None)


def _open(mail: Mail, told: GroupMail, change: Change) -> Decision:
    subject = bare_subject(mail.subject)
    alert = Alert(
        source=told.monitor,
        key=mail.key,
        received_at=mail.received_at,
        status="firing",
        fingerprint=told.thread,
        starts_at=mail.received_at,
        dated=False,
        labels=Map(alertname=subject),
        annotations=Map(summary=subject),
    )
    change.reasons.append(say("group-mail-first"))
    open_ticket(
        change,
        alert,
        judge(alert, change.rulebook, people=0),
        subject=subject,
        summary=subject,
        language="und",
        key=group_key(told.monitor, told.thread),
    )
    give_to_somebody(change, requester=None, text=mail.text, is_alert=True, labels=())
    return change.decide("opened")
