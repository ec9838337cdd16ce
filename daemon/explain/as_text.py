"""An explanation as a person reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from daemon.cli.layout import fit, lines_of, one_line
from daemon.explain.as_json import letter_subject
from rules.alerts.mails import AlertMail, read_alert_mail
from rules.report import Alert, Mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from daemon.explain.deciding import Answer, Explanation
    from rules.decision import Decision
    from rules.report import Report
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

SHOWN_LINES = 6


def tell_as_text(explanation: Explanation, rulebook: Rulebook, width: int | None = None) -> str:
    """All lines, ready to be written; for a terminal in its width of columns."""
    return "".join(f"{line}\n" for line in fit(explanation_lines(explanation, rulebook), width))


def explanation_lines(explanation: Explanation, rulebook: Rulebook) -> Iterator[str]:
    """The file and its reports, each with the verdict, the reasons, and what would be promised and written."""
    file = one_line(str(explanation.file))
    if explanation.error is not None:
        yield f"{file}: {one_line(explanation.error)}"
        return
    if not explanation.answers:
        yield f"{file}: a notification without alerts"
    for answer in explanation.answers:
        yield f"{file}: {one_line(_title(answer.report, rulebook))}"
        yield from (f"    {line}" for line in _answer_lines(answer, rulebook))


def _answer_lines(answer: Answer, rulebook: Rulebook) -> Iterator[str]:
    yield from (f"| {line}" for line in lines_of(_words(answer), most=SHOWN_LINES))
    yield from (f"({one_line(note)})" for note in _notes(answer, rulebook))
    yield _outcome(answer.decision)
    yield from (f"  because {one_line(reason)}" for reason in answer.decision.reasons)
    if answer.decision.ticket is not None and answer.decision.events:
        yield from _waits(answer.decision.ticket)
        yield from _alerts(answer.decision.ticket)
        yield from _promises(answer.decision.ticket, rulebook)
    yield from _letters(answer.decision)
    for beside in answer.decision.beside:
        yield f"and {_outcome(beside)}"
        yield from (f"  because {one_line(reason)}" for reason in beside.reasons)
        yield from _letters(beside)


def _letters(decision: Decision) -> Iterator[str]:
    for letter in decision.letters:
        subject = letter_subject(letter) or "(cannot be rendered)"
        yield f"  letter {letter.template} to {letter.to} ({letter.language}): {one_line(subject)}"


def _title(report: Report | None, rulebook: Rulebook) -> str:
    match report:
        case Mail() as mail:
            return f"mail from {mail.sender or _nobody(mail)}, {mail.language}: {mail.subject or '(no subject)'}"
        case Alert() as alert:
            return f"alert {alert.name}, {_alert_state(alert, rulebook)}"
        case None:
            return "an alert that cannot be read"


def _alert_state(alert: Alert, rulebook: Rulebook) -> str:
    began = _local(alert.starts_at, rulebook)
    if alert.status == "firing":
        return f"firing since {began}"
    ended = f" at {_local(alert.ends_at, rulebook)}" if alert.ends_at else ""
    return f"resolved{ended}, had fired since {began}"


def _nobody(mail: Mail) -> str:
    return f"nobody ({', '.join(map(str, mail.authors[:3]))}?)" if mail.authors else "nobody"


def _words(answer: Answer) -> str:
    match answer.report:
        case Mail() as mail:
            return mail.text
        case Alert() as alert:
            return alert.summary
        case None:
            return answer.raw


def _notes(answer: Answer, rulebook: Rulebook) -> Iterator[str]:
    report = answer.report
    if not isinstance(report, Mail):
        return
    if report.verified_reason:
        yield f"{'verified' if report.verified else 'not verified'}: {report.verified_reason}"
    yield from _labels(report, rulebook)
    if report.auto is not None:
        yield f"automatic: {report.auto}, told by {report.auto_reason}"
    if report.forward is not None:
        yield f"a forward of {report.forward.origin or 'another mail'}, told by {report.forward.sign}"
    yield from (f"attachment {part.name}, {part.type}, {part.size} bytes" for part in report.attachments)
    yield from report.notes


def _labels(mail: Mail, rulebook: Rulebook) -> Iterator[str]:
    """What the patterns of the rulebook find in the mail of a monitor, also where nothing proves its sender."""
    told = read_alert_mail(replace(mail, verified=True), rulebook)
    if isinstance(told, AlertMail):
        labels = ", ".join(f"{name}={told.alert.labels[name]}" for name in sorted(told.alert.labels))
        yield f"{'read' if mail.verified else 'proven, it would be read'} by {told.monitor}: {told.state}, {labels}"


def _outcome(decision: Decision) -> str:
    ticket = decision.ticket
    if ticket is None:
        return str(decision.verdict)
    where = f"{decision.verdict or 'changed beside it'}: ticket {ticket.number}"
    if not decision.events:
        return where
    whose = f"{ticket.assignee} of {ticket.team}" if ticket.assignee else f"the team {ticket.team}"
    line = f", line {ticket.line}" if ticket.line else ""
    return f"{where}, {ticket.kind}, {ticket.category}, {ticket.priority}, for {whose}{line}"


def _waits(ticket: Ticket) -> Iterator[str]:
    if ticket.missing:
        yield f"  waits for the {ticket.waiting_for or 'answer'}, who is asked for: {', '.join(ticket.missing)}"


def _alerts(ticket: Ticket) -> Iterator[str]:
    if ticket.alerts.firing_on:
        targets = ", ".join(one_line(each.target) for each in ticket.alerts.firing_on)
        more = ticket.firing - len(ticket.alerts.firing_on)
        yield f"  firing on the ticket: {targets}{f' and {more:,} more' if more > 0 else ''}"
    if ticket.alerts.marks:
        yield f"  it is {', '.join(ticket.alerts.marks)}"


def _promises(ticket: Ticket, rulebook: Rulebook) -> Iterator[str]:
    for clock in ticket.clocks:
        if clock.running:
            yield f"  {clock.name} within {clock.limit}, by {_local(clock.due_at, rulebook)}"


def _local(at: datetime, rulebook: Rulebook) -> str:
    return f"{at.astimezone(ZoneInfo(rulebook.timezone)):%Y-%m-%d %H:%M %z}"
