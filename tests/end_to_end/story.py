"""Telling a story to the real daemon: people write, alerts fire, time passes, and letters come."""

from __future__ import annotations

import email
import email.policy
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from tests.servers.desk import compose_mail, compose_notification
from tests.servers.moved_desk import MovedDesk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink


@dataclass(frozen=True, slots=True)
class Received:
    """A letter as it reached somebody."""

    to: str
    template: str
    message: EmailMessage

    @property
    def text(self) -> str:
        """Its plain text."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())


class Story:
    """One desk, one day after another. Times are local times of the rulebook's zone, such as `11-16 09:30`."""

    def __init__(
        self,
        mailbox: ServedMailbox,
        sink: SmtpSink,
        *,
        rulebook: str,
        people: str,
        contacts: str = "",
        zone: str = "Asia/Shanghai",
        start: str = "11-16 09:00",
        trust: str = "senders_are_checked = true",
    ) -> None:
        self.zone = ZoneInfo(zone)
        self.sink = sink
        self.now = self._time(start)
        self.desk = MovedDesk(
            mailbox,
            smtp_port=sink.port,
            rulebook=rulebook,
            people=people,
            start=self.now,
            contacts=contacts,
            trust=trust,
        )
        self._mails = 0
        self._read = 0
        self._first_letter = len(sink.submissions)
        self.letters: list[Received] = []

    def __enter__(self) -> Self:
        self.desk.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self.desk.__exit__(*raised)

    def at(self, time: str) -> list[tuple[str, str]]:
        """Let it be that time; returns what was written since the last step, as (template, recipient), in order."""
        self.now = self._time(time)
        self.desk.move_clock(self.now)
        return self._new_letters()

    def later(self, **time: float) -> list[tuple[str, str]]:
        """Let so much time pass (`minutes=30`); returns what was written of it."""
        self.now += timedelta(**time)
        self.desk.move_clock(self.now)
        return self._new_letters()

    def mail(
        self,
        sender: str,
        subject: str,
        text: str,
        headers: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> list[tuple[str, str]]:
        """Somebody writes a new mail to the desk, with files by their names; returns what was written of it."""
        self._mails += 1
        message_id = f"<mail-{self._mails}@{sender.rpartition('@')[2].rstrip('>')}>"
        plain = compose_mail(sender, subject, text, message_id=message_id, headers=headers)
        self.desk.receive(with_files(plain, files) if files else plain)
        return self._new_letters()

    def reply(self, sender: str, text: str, template: str = "") -> list[tuple[str, str]]:
        """Somebody answers the newest letter to him, or the newest of a template; returns what was written of it."""
        letter = self.letter(sender, template)
        headers = {"In-Reply-To": letter.message["Message-ID"], "References": letter.message["Message-ID"]}
        return self.mail(sender, f"Re: {letter.message['Subject']}", text, headers)

    def alert(
        self, name: str, *, status: str = "firing", started: str = "", summary: str = "", **labels: str
    ) -> list[tuple[str, str]]:
        """The monitoring reports an alert; returns what was written of it."""
        begun = self._time(started) if started else self.now
        ended = self.now.isoformat() if status == "resolved" else "0001-01-01T00:00:00Z"
        alert: dict[str, Any] = {
            "status": status,
            "labels": {"alertname": name, "severity": "critical", **labels},
            "annotations": {"summary": summary or f"{name} on {labels.get('instance', 'a host')}"},
            "startsAt": begun.isoformat(),
            "endsAt": ended,
            "generatorURL": "http://prometheus.example/graph",
            "fingerprint": f"{abs(hash((name, *sorted(labels.items())))):016x}"[:16],
        }
        self.desk.post_alerts(compose_notification([alert]))
        return self._new_letters()

    def letter(self, to: str, template: str = "") -> Received:
        """The newest letter to somebody, or the newest of a template to him."""
        return next(each for each in reversed(self.letters) if each.to == to and template in ("", each.template))

    def ticket(self, number: int = 1) -> dict[str, Any]:
        """The how many-th ticket's row, with its events under `events` and its clocks under `clocks`."""
        columns = ("number", "kind", "category", "impact", "urgency", "priority", "status", "team", "assignee", "line",
                   "relation", "zone", "requester", "repeats", "reopened", "solution", "waiting_for")  # fmt: skip
        values = self.desk.rows(f"SELECT {', '.join(columns)} FROM tickets WHERE id = ?", number)[0]
        clocks = self.desk.rows(
            'SELECT name, "limit", outcome, cycle FROM clocks WHERE ticket_id = ? ORDER BY name, cycle', number
        )
        return {**dict(zip(columns, values, strict=True)), "clocks": clocks, "events": self.events(number)}

    def events(self, number: int = 1, kind: str = "") -> list[dict[str, Any]]:
        """What happened to the how many-th ticket, in order; with `kind` only that."""
        rows = self.desk.rows("SELECT data FROM events WHERE ticket_id = ? ORDER BY sequence", number)
        events = [json.loads(data) for (data,) in rows]
        return [event for event in events if kind in ("", event["kind"])]

    def metric(self, name: str, **labels: str) -> float:
        """The value of a metric, added up over the labels that are not given."""
        lines = [line for line in self.desk.get("/metrics")[1].splitlines() if re.match(rf"{name}(\{{|\s)", line)]
        return sum(float(line.split()[-1]) for line in lines if all(f'{k}="{v}"' in line for k, v in labels.items()))

    def _time(self, written: str) -> datetime:
        return datetime.strptime(f"2026-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=self.zone)

    def _new_letters(self) -> list[tuple[str, str]]:
        """The letters that arrived since the last look, in the order in which they were written."""
        rows = self.desk.rows("SELECT recipient, template, message_id FROM letters ORDER BY id")[self._read :]
        self._read += len(rows)
        arrived = {each.message["Message-ID"]: each.message for each in self.sink.submissions[self._first_letter :]}
        fresh = [Received(to, template, arrived[message_id]) for to, template, message_id in rows]
        self.letters += fresh
        return [(each.template, each.to) for each in fresh]


def with_files(mail: bytes, files: Mapping[str, bytes]) -> bytes:
    """The same mail with files, each of the media type that its name tells."""
    message = email.message_from_bytes(mail, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    for name, content in files.items():
        maintype, _, subtype = (guess_type(name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return message.as_bytes(policy=email.policy.SMTP)


def person(address: str, name: str, role: str = "engineer", *, teams: tuple[str, ...] = (), **keys: Any) -> str:
    """A member of staff as the configuration has it."""
    fields = {"address": address, "name": name, "role": role, "teams": list(teams), **keys}
    return "[[people]]\n" + "\n".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()
    )
