"""The groups of Alertmanager's alerts, which its mails name too, so that one incident is one ticket by either way.

With `threading` in `email_configs` each mail refers to `<alert-HASH-DAY@alertmanager>`: HASH are the first 16
hexadecimal digits of the SHA-256 of the `groupKey` that a webhook is sent, DAY is the date or nothing (`notify/email`
and `notify.Key` in Alertmanager's source). The desk knows a group by that id without the day.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rules.alerts.identity import ticket_key
from rules.alerts.mails import UnreadAlertMail, read_alert_mail, unproven
from rules.language.sayings import Saying, say
from rules.report import Alert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from rules.alerts.mails import AlertMail, Outcome
    from rules.decision import Decision
    from rules.report import Mail, Report
    from rules.rulebook import Rulebook

KEY_VERSION: Final = "group:1:"
"""Before the key of a ticket that a group's mail opened, which no alert's labels make."""

_THREAD: Final = re.compile(r"<alert-([0-9a-f]{16})-(?:\d{4}-\d{2}-\d{2})?@alertmanager>")
_OVER: Final = re.compile(r"\[RESOLVED\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMail:
    """A mail of an Alertmanager about one of its groups."""

    monitor: str
    """The Alertmanager's name in the configuration."""
    thread: str
    """The id of the group."""
    over: bool
    """Nothing of the group fires any more, by the subject that Alertmanager ships."""
    outcome: Outcome = "group"

    @property
    def reason(self) -> Saying:
        """How the mail was read, in words."""
        return say("group-mail", monitor=self.monitor, group=self.thread)


@lru_cache(maxsize=4096)
def thread_of(group_key: str) -> str:
    """The id of the group of a webhook's `groupKey`."""
    return f"<alert-{hashlib.sha256(group_key.encode()).hexdigest()[:16]}-@alertmanager>"


def read_monitor_mail(
    mail: Mail, rulebook: Rulebook, alertmanagers: Mapping[str, str]
) -> GroupMail | AlertMail | UnreadAlertMail | None:
    """What a mail of a monitor is read as: the group that it names, or else what the rulebook's patterns find.

    `alertmanagers` are their names by the addresses that they mail from, in lower case. None for any other mail.
    """
    group = read_group_mail(mail, alertmanagers)
    return group if isinstance(group, GroupMail) else read_alert_mail(mail, rulebook) or group


def read_group_mail(mail: Mail, alertmanagers: Mapping[str, str]) -> GroupMail | UnreadAlertMail | None:
    """The group that a mail of an Alertmanager is about; None where none of `alertmanagers` mails from its address."""
    source = alertmanagers.get(mail.sender.address) if mail.sender is not None else None
    if source is None:
        return None
    if not mail.verified:
        return unproven(mail, source)
    named = (_THREAD.fullmatch(each) for each in reversed(mail.references))
    group = next((match[1] for match in named if match), None)
    if group is None:
        return UnreadAlertMail(monitor=source, reason=say("group-mail-nameless"))
    return GroupMail(monitor=source, thread=f"<alert-{group}-@alertmanager>", over=bool(_OVER.match(mail.subject)))


def told_groups(mails: Iterable[Mail], alertmanagers: Mapping[str, str]) -> Iterator[GroupMail]:
    """The groups that mails are about."""
    told = (read_group_mail(mail, alertmanagers) for mail in mails)
    return (each for each in told if isinstance(each, GroupMail))


def group_key(source: str, thread: str) -> str:
    """The key of the ticket that a group's mail opens: the alerts of the group join it."""
    return f"{KEY_VERSION}{source}\n{thread}"


def group_of(alert: Alert, mailing: Collection[str]) -> str | None:
    """The id of an alert's group; None where its source is none of those that mail too, or told no group."""
    return thread_of(alert.group_key) if alert.group_key and alert.source in mailing else None


def told_group(report: Report, decision: Decision, mailing: Collection[str]) -> tuple[str, str, int] | None:
    """Source, group and ticket where a decision ties a ticket to a group; None otherwise."""
    if decision.ticket is None or not decision.events:
        return None
    if isinstance(report, Alert):
        thread, source = group_of(report, mailing), report.source
    elif isinstance(decision.told, GroupMail):
        thread, source = decision.told.thread, decision.told.monitor
    else:
        return None
    return None if thread is None else (source, thread, decision.ticket.id)


def ticket_keys(alert: Alert, rulebook: Rulebook, mailing: Collection[str]) -> tuple[str, ...]:
    """The key of its ticket, and for the sources that mail too that of a ticket which its group's mail opened."""
    group = group_of(alert, mailing)
    own = ticket_key(alert, rulebook)
    return (own,) if group is None else (own, group_key(alert.source, group))
