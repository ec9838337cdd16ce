"""A desk that watches a shop: `HighLatency` of its checkout fires, and people write that payment is slow.

The checkout needs the database. Li and Wang work on both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from immutables import Map

from rules.decide import decide
from rules.facts import Told, apply
from rules.report import Mail
from rules.token import make_message_id
from tests.samples import ALICE, FACTS, KEYS, LI, MINUTE, NOW, a_mail, an_alert, rulebook_with

if TYPE_CHECKING:
    from datetime import timedelta

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.letter import Letter
    from rules.report import Alert, Report
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

TABLES = """
[categories.software]
team = "network"
words = { checkout = 3, payment = 3, "支付" = 3 }
[[services]]
name = "checkout"
words = ["payment", "paying", "pay", "支付", "付款", "结账"]
labels = { service = "checkout" }
depends_on = ["db"]
[[services]]
name = "db"
words = ["database", "数据库"]
labels = { job = ["postgres", "db-hosts"] }
[[services]]
name = "mail"
words = ["mailbox", "邮箱"]
labels = { service = "mail" }
"""
RULEBOOK = rulebook_with(TABLES)
ONLY_ASKS = rulebook_with(TABLES + "[joining]\njoin = 1\n")


def latency(status: str = "firing", *, minute: int = 0, **labels: str) -> Alert:
    """The alert of the checkout."""
    given = {"alertname": "HighLatency", "severity": "critical", "service": "checkout"}
    return an_alert(
        status,
        name="HighLatency",
        host="checkout",
        minute=minute,
        labels=Map({**given, **labels}),
        annotations=Map(summary="checkout answers slowly: p99 above 2 s"),
    )


def database_down(status: str = "firing", *, minute: int = 0) -> Alert:
    """The alert of the database's host."""
    labels = Map(alertname="HostDown", severity="critical", job="db-hosts", instance="db1.corp.example:9100")
    return an_alert(
        status, name="HostDown", host="db1", minute=minute, labels=labels, annotations=Map(summary="db1 is down")
    )


class Shop:
    """A desk, one report after another."""

    def __init__(self, rulebook: Rulebook = RULEBOOK, **facts: Any) -> None:
        self.rulebook = rulebook
        self.now = NOW
        self.facts: Facts = replace(FACTS, commands_by_mail=True, **facts)
        self.decisions: list[Decision] = []
        self._mails = 0
        self._told: dict[tuple[int, str], tuple[Told, ...]] = {}

    def takes(self, report: Report) -> Decision:
        """What becomes of a report; the desk then knows it."""
        facts = replace(self.facts, reported=Map(self._told))
        decision = decide(report, facts, self.rulebook, self.now)
        self.facts = apply(self.facts, report, decision)
        self.decisions.append(decision)
        self._remember(report, decision)
        return decision

    def fires(self, alert: Alert | None = None) -> Decision:
        """An alert comes, that of the checkout where none is given."""
        return self.takes(alert or latency())

    def hears(self, sender: str = ALICE, subject: str = "Payment is slow", text: str = "", **more: Any) -> Decision:
        """Somebody writes a mail of his own."""
        self._mails += 1
        given = {"verified": True, **more}
        return self.takes(a_mail(sender, subject, text or f"{subject} since this morning.", n=self._mails, **given))

    def answers(self, text: str, sender: str = LI, *, ticket: int = 1) -> Decision:
        """Somebody answers a letter of a ticket."""
        self._mails += 1
        return self.takes(self.reply(text, sender, ticket=ticket))

    def reply(self, text: str, sender: str, *, ticket: int) -> Mail:
        """An answer to a letter of a ticket, not yet taken."""
        n = self._mails
        token = make_message_id(KEYS, ticket=ticket, serial=n, recipient=sender, domain="desk.example")
        return a_mail(sender, "Re: it", text, n=n, references=(token,), verified=True)

    def later(self, time: timedelta = MINUTE) -> None:
        """Let time pass."""
        self.now += time

    def ticket(self, number: int = 1) -> Ticket:
        """A ticket as it now is."""
        return self.facts.tickets[number]

    def _remember(self, report: Report, decision: Decision) -> None:
        """Keep what the ledger keeps of a mail."""
        if not isinstance(report, Mail) or report.sender is None or decision.ticket is None:
            return
        told = Told(
            source=report.source,
            key=report.key,
            received_at=self.now,
            verdict=decision.verdict or "ignored",
            subject=report.subject,
            text=report.text,
        )
        at = decision.ticket.id, report.sender.address
        self._told[at] = (*self._told.get(at, ()), told)


def letters(decision: Decision) -> list[Letter]:
    """All letters of a decision, on whatever ticket."""
    return [letter for each in decision.whole for letter in each.letters]


def told(decision: Decision) -> set[tuple[str, str]]:
    """Who gets which letter, without the transcript."""
    return {(each.to, each.template) for each in letters(decision) if each.template != "transcript"}


def results(decision: Decision) -> tuple[str, ...]:
    """What the transcript says of each command."""
    (transcript,) = [each for each in letters(decision) if each.template == "transcript"]
    lines = transcript.data["lines"]
    assert isinstance(lines, tuple)
    return tuple(line[1] for line in lines)
