"""Alerts that come as mails of a monitor, read by the patterns of the rulebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from immutables import Map

from rules.alerts.identity import fingerprint_of
from rules.language.sayings import Saying, say
from rules.report import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rules.report import Mail, Report
    from rules.rulebook import Rulebook
    from rules.sections.alert_mails import MailedAlerts, MailStates

State = Literal["firing", "resolved", "acknowledged", "ignored"]
STATES: Final[tuple[State, ...]] = get_args(State)

_LONGEST_DESCRIPTION: Final = 4_000
_GROUPS = re.compile(r"\{([^{}]*)\}")


Outcome = Literal["firing", "resolved", "acknowledged", "ignored", "unread", "group"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
"""As what mails of monitors are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMail:
    """A mail that tells of an alert."""

    monitor: str
    """The name in `[[alerts.mails]]` of what read it."""
    state: State
    alert: Alert
    """It fires where the state is `firing`; for every state it names the episode that is meant."""

    @property
    def outcome(self) -> Outcome:
        """As what it is counted."""
        return self.state

    @property
    def reason(self) -> Saying:
        """How the mail was read, in words."""
        return say(f"alert-mail-{self.state}", monitor=self.monitor, alert=self.alert.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadAlertMail:
    """A mail from the address of a monitor that is taken as any other mail."""

    monitor: str
    reason: Saying
    """Why it is read as no alert."""
    outcome: Outcome = "unread"


def read_alert_mail(mail: Mail, rulebook: Rulebook) -> AlertMail | UnreadAlertMail | None:
    """Read a mail as an alert; None where no monitor of the rulebook writes from its sender's address.

    The alert has the source and the key of the mail, begins or ends when that was received, and its labels but the
    severity are its identity. It is undated: a monitor that tells again of what still fires tells no new start.
    """
    written = rulebook.alerts.mails_by_sender.get(mail.sender.address, ()) if mail.sender else ()
    if not written:
        return None
    if not mail.verified:
        return unproven(mail, written[0].name)
    reason = say("alert-mail-unread")
    for monitor in written:
        match _read(mail, monitor):
            case AlertMail() as told:
                return told
            case Saying() as why:
                reason = why
    return UnreadAlertMail(monitor=written[0].name, reason=reason)


def unproven(mail: Mail, monitor: str) -> UnreadAlertMail:
    """A mail from the address of a monitor that nothing proves."""
    why = mail.verified_reason or "nobody has looked"
    return UnreadAlertMail(monitor=monitor, reason=say("alert-mail-unproven", why=why))


def told_alerts(reports: Iterable[Report], rulebook: Rulebook) -> Iterator[Alert]:
    """The alerts among reports, pushed or told by mail."""
    for report in reports:
        if isinstance(report, Alert):
            yield report
        elif isinstance(told := read_alert_mail(report, rulebook), AlertMail):
            yield told.alert


def groups_in(template: str) -> Iterator[str]:
    """The names of the groups that a template puts in, whether or not patterns have them."""
    for alternatives in _GROUPS.findall(template):
        yield from alternatives.split("|")


def _read(mail: Mail, monitor: MailedAlerts) -> AlertMail | Saying | None:
    groups = _groups_of(mail, monitor)
    if groups is None:
        return None
    state = _state_of(groups.get("state", ""), monitor.states)
    if state is None:
        return say("alert-mail-state", monitor=monitor.name, state=groups.get("state", "?"))
    labels = dict(_labels(monitor.labels, groups))
    if "alertname" not in labels:
        return say("alert-mail-nameless", monitor=monitor.name)
    return AlertMail(monitor=monitor.name, state=state, alert=_alert(mail, monitor, state, labels, groups))


def _groups_of(mail: Mail, monitor: MailedAlerts) -> dict[str, str] | None:
    """What the patterns found; None where there are some for the subject, and none of them did."""
    in_subject = (pattern.extract(mail.subject) for pattern in monitor.in_subject)
    groups = next((found for found in in_subject if found is not None), None if monitor.in_subject else {})
    if groups is None:
        return None
    for pattern in monitor.in_body:
        groups = (pattern.extract(mail.full_text) or {}) | groups
    return groups


def _state_of(written: str, states: MailStates) -> State | None:
    return next((state for state in STATES if written.lower() in map(str.lower, getattr(states, state))), None)


def _labels(templates: Mapping[str, str], groups: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for label, template in templates.items():
        if value := _GROUPS.sub(lambda alternatives: _first(alternatives[1], groups), template).strip():
            yield label, value


def _first(alternatives: str, groups: Mapping[str, str]) -> str:
    return next((groups[name] for name in alternatives.split("|") if name in groups), "")


def _alert(mail: Mail, monitor: MailedAlerts, state: State, labels: dict[str, str], groups: Mapping[str, str]) -> Alert:
    told = groups.get("severity", "").lower()
    severity = next((means for word, means in monitor.severities.items() if word.lower() == told), told)
    return Alert(
        source=mail.source,
        key=mail.key,
        monitor=monitor.name,
        received_at=mail.received_at,
        status="resolved" if state == "resolved" else "firing",
        fingerprint=fingerprint_of(labels),
        starts_at=mail.received_at,
        ends_at=mail.received_at if state == "resolved" else None,
        dated=False,
        labels=Map(labels | ({"severity": severity} if severity else {})),
        annotations=Map(
            summary=groups.get("summary") or mail.subject, description=mail.full_text[:_LONGEST_DESCRIPTION]
        ),
    )
