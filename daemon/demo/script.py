"""What a script is made of: mails and webhooks, each with what the desk should make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from daemon.demo.people import Actor


@dataclass(frozen=True, slots=True)
class ExpectedLetter:
    """A letter that a step should cause."""

    template: str
    to: Actor
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What should become of a step. What is None or empty is not looked at, except for letters: these are all."""

    verdicts: tuple[str, ...]
    """One for each report of the step, in its order; `seen again` for a resend."""
    ticket: str | None = None
    """The step that opened the ticket it belongs to; a step that opens one names itself."""
    category: str | None = None
    priority: str | None = None
    status: str | None = None
    letters: tuple[ExpectedLetter, ...] = ()


@dataclass(frozen=True, slots=True)
class Answering:
    """The letter a mail answers: to whom it went, which template, about the ticket that this step opened."""

    ticket: str
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailStep:
    """Somebody writes a mail to the desk."""

    name: str
    sender: Actor
    subject: str = ""
    """Left empty for an answer: it takes the subject of the letter."""
    text: str
    answering: Answering | None = None
    automatic: bool = False
    """An out-of-office that the mail program wrote by itself."""
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertState:
    """One alert of a notification."""

    alertname: str
    instance: str
    service: str
    severity: str
    summary: str
    status: Literal["firing", "resolved"] = "firing"
    episode: int = 1
    """The how-manieth firing: a later one starts later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStep:
    """Alertmanager posts a notification."""

    name: str
    remark: str
    alerts: tuple[AlertState, ...]
    expected: Expected


Step = MailStep | AlertStep


@dataclass(frozen=True, slots=True)
class Scene:
    """Steps that follow each other at once. A scene ends when each has its verdict and every letter has arrived."""

    title: str
    steps: tuple[Step, ...] = field(default=())
