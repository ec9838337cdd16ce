"""What may happen in a stream. Each action is data, so that a stream that fails can be read and played again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from immutables import Map

from rules.report import Bounce
from rules.token import make_message_id
from tests.daemon.desks import STANDING
from tests.daemon.streams.cast import ANSWERS, COMMANDS, PROBLEMS
from tests.samples import KEYS, NOW, an_alert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.letter import Template
    from rules.people import Role
    from rules.report import Alert, Mail
    from tests.daemon.streams.stage import Stage


@dataclass(frozen=True, slots=True)
class Writes:
    """Somebody writes to the desk, outside any thread."""

    who: str | None
    problem: int
    verified: bool = True

    def mail(self, stage: Stage) -> Mail:
        language, subject, text = PROBLEMS[self.problem]
        return stage.mail(self.who, subject, text, language=language, verified=self.verified)

    def play(self, stage: Stage) -> None:
        stage.receive(self.mail(stage))


@dataclass(frozen=True, slots=True)
class Many:
    """Several write in one moment, which makes one batch."""

    mails: tuple[Writes, ...]

    def play(self, stage: Stage) -> None:
        stage.receive(*(each.mail(stage) for each in self.mails))


@dataclass(frozen=True, slots=True)
class Answers:
    """A requester answers a letter, the newest or one before it."""

    letter: int
    words: int
    verified: bool = True

    def play(self, stage: Stage) -> None:
        _reply(stage, self.letter, ANSWERS[self.words], to_staff=False, verified=self.verified)


@dataclass(frozen=True, slots=True)
class Replies:
    """A requester answers a letter that asks something: is it solved, how satisfied, what is missing."""

    letter: int
    words: int

    def play(self, stage: Stage) -> None:
        _reply(stage, self.letter, ANSWERS[self.words], to_staff=False, verified=True, templates=_QUESTIONS)


@dataclass(frozen=True, slots=True)
class Works:
    """Whoever of the staff got a letter answers it, with commands or with words."""

    letter: int
    lines: tuple[int, ...]
    verified: bool = True

    def play(self, stage: Stage) -> None:
        text = "\n".join(COMMANDS[line] for line in self.lines)
        _reply(stage, self.letter, text, to_staff=True, verified=self.verified)


@dataclass(frozen=True, slots=True)
class Does:
    """Somebody of a role gives commands on one of the newest tickets; `assignee` is whoever has it."""

    ticket: int
    role: Role | Literal["assignee"]
    lines: tuple[str, ...]

    def play(self, stage: Stage) -> None:
        ticket = stage.newest_ticket(self.ticket)
        if ticket is None:
            return
        people = stage.desk.desk.standing.staff.with_role("engineer" if self.role == "assignee" else self.role)
        person = ticket.assignee if self.role == "assignee" and ticket.assignee else people[0].address
        text = "\n".join(self.lines)
        token = make_message_id(KEYS, ticket=ticket.id, serial=1, recipient=person, domain=STANDING.domain)
        stage.receive(stage.mail(person, "Re: it", text, references=(token,), verified=True))


@dataclass(frozen=True, slots=True)
class Rings:
    """An alert fires, resolves or is sent again; the episodes of one fingerprint come in any order."""

    status: Literal["firing", "resolved"]
    name: str
    host: str
    minute: int
    severity: str = "warning"

    def alert(self, stage: Stage) -> Alert:
        labels = Map(alertname=self.name, severity=self.severity, job="node", instance=self.host)
        elapsed = round((stage.desk.clock.now - NOW) / timedelta(minutes=1))
        minute = max(0, elapsed - self.minute)
        return an_alert(
            self.status,
            name=self.name,
            host=self.host,
            minute=minute,
            labels=labels,
            received_at=stage.desk.clock.now,
        )

    def play(self, stage: Stage) -> None:
        stage.receive(self.alert(stage))


@dataclass(frozen=True, slots=True)
class Passes:
    """Time passes, and the clocks that are due are taken up."""

    span: timedelta

    def play(self, stage: Stage) -> None:
        stage.pass_time(self.span)


@dataclass(frozen=True, slots=True)
class Fails:
    """A letter is refused, or comes back for good or for now."""

    letter: int
    to_staff: bool
    how: Literal["refused", "hard", "soft"]

    def play(self, stage: Stage) -> None:
        letter = stage.letter(self.letter, to_staff=self.to_staff)
        if letter is None:
            return
        if self.how == "refused":
            stage.lose(letter)
            return
        bounce = Bounce(letter.recipient, self.how == "hard", "5.1.1", letter.message_id)
        subject, text = "Undelivered Mail Returned to Sender", "550 5.1.1 no such user"
        stage.receive(stage.mail("mailer-daemon@mail.example", subject, text, auto="bounce", bounce=bounce))


@dataclass(frozen=True, slots=True)
class Reloads:
    """The desk is given another rulebook."""

    rulebook: str

    def play(self, stage: Stage) -> None:
        stage.work_by(self.rulebook)


Action = Writes | Many | Answers | Replies | Works | Does | Rings | Passes | Fails | Reloads

_QUESTIONS: Final = ("resolved", "reminder", "rating", "closed", "asked", "again", "decision")


def _reply(
    stage: Stage, number: int, text: str, *, to_staff: bool, verified: bool, templates: Sequence[Template] = ()
) -> None:
    letter = stage.letter(number, to_staff=to_staff, templates=templates)
    if letter is not None:
        references = (*letter.thread, letter.message_id)
        reply = stage.mail(letter.recipient, "Re: it", text, references=references, verified=verified)
        stage.receive(reply)
