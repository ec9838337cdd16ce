"""An explanation as plain data for JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from outbound.letters import LetterError, render
from rules.report import Alert, Mail

if TYPE_CHECKING:
    from datetime import datetime

    from daemon.explain.deciding import Answer, Explanation
    from rules.decision import Decision
    from rules.letter import Letter
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

#: Verdicts that judge nothing: what they link to a ticket says nothing of the report itself.
_WITHOUT_JUDGEMENT = ("ignored", "bounce", "quarantined")


def tell_as_json(explanation: Explanation, rulebook: Rulebook) -> str:
    """One line of JSON."""
    return json.dumps(explanation_data(explanation, rulebook), ensure_ascii=False) + "\n"


def explanation_data(explanation: Explanation, rulebook: Rulebook) -> dict[str, Any]:
    """`file` with `reports` and `decisions`, one decision for each report in the same order; or `file` with `error`."""
    file = str(explanation.file)
    if explanation.error is not None:
        return {"file": file, "error": explanation.error}
    return {
        "file": file,
        "reports": [_report(answer) for answer in explanation.answers],
        "decisions": [_decision(answer.decision, rulebook) for answer in explanation.answers],
    }


def _report(answer: Answer) -> dict[str, Any]:
    match answer.report:
        case Mail() as mail:
            return _mail(mail, answer)
        case Alert() as alert:
            return _alert(alert)
        case None:
            return _made_report(channel="alert", text=answer.raw, full_text=answer.raw)


def _mail(mail: Mail, answer: Answer) -> dict[str, Any]:
    bounce = mail.bounce
    return _made_report(
        channel="mail",
        key=mail.key,
        reporter=mail.sender.address if mail.sender else None,
        subject=mail.subject,
        text=mail.text,
        full_text=mail.full_text,
        language=mail.language,
        auto=mail.auto,
        bounce=bounce and {"recipient": bounce.recipient, "hard": bounce.hard, "status": bounce.status},
        attachments=[{"name": part.name, "type": part.type, "size": part.size} for part in mail.attachments],
        thread=_thread(mail, answer),
    )


def _alert(alert: Alert) -> dict[str, Any]:
    notes = [alert.annotations[name] for name in sorted(alert.annotations)]
    return _made_report(
        channel="alert", key=alert.key, subject=alert.name, text=alert.summary, full_text="\n".join(notes)
    )


def _made_report(**given: Any) -> dict[str, Any]:
    """Every key that a report has, with what is said of those that do not concern it."""
    empty: dict[str, Any] = {
        "channel": None,
        "key": None,
        "reporter": None,
        "subject": "",
        "text": "",
        "full_text": "",
        "language": "und",
        "auto": None,
        "bounce": None,
        "attachments": [],
        "thread": None,
    }
    return empty | given


def _thread(mail: Mail, answer: Answer) -> dict[str, Any] | None:
    """What the mail answers: null where it names no other; `ticket` and `proof` where it continues one of ours."""
    if not mail.references:
        return None
    thread = answer.thread
    return {
        "references": list(mail.references),
        "ticket": answer.thread_number,
        "proof": thread.proof if thread else None,
    }


def _decision(decision: Decision, rulebook: Rulebook) -> dict[str, Any]:
    ticket = None if decision.verdict in _WITHOUT_JUDGEMENT else decision.ticket
    letters = [
        {"to": letter.to, "template": letter.template, "subject": letter_subject(letter)}
        for each in decision.whole
        for letter in each.letters
    ]
    judged = {"verdict": decision.verdict, **_judgement(ticket)}
    return judged | {"clocks": _clocks(ticket, rulebook), "letters": letters, "reasons": list(decision.reasons)}


def _judgement(ticket: Ticket | None) -> dict[str, Any]:
    fields = ("kind", "category", "impact", "urgency", "priority", "team", "assignee")
    told = {field: getattr(ticket, field, None) for field in fields}
    firing, marks = (ticket.firing, list(ticket.alerts.marks)) if ticket is not None else (0, [])
    return told | {"firing": firing, "marks": marks}


def _clocks(ticket: Ticket | None, rulebook: Rulebook) -> list[dict[str, str]]:
    running = (clock for clock in ticket.clocks if clock.running) if ticket else ()
    return [{"name": clock.name, "due": write_moment(clock.due_at, rulebook)} for clock in running]


def write_moment(at: datetime, rulebook: Rulebook) -> str:
    """A moment to the second as RFC 3339 writes it, with the offset of the rulebook's zone."""
    return at.astimezone(ZoneInfo(rulebook.timezone)).isoformat(timespec="seconds")


def letter_subject(letter: Letter) -> str | None:
    """The subject as rendered; None for a letter that could not be."""
    try:
        return render(letter).subject
    except LetterError:
        return None
