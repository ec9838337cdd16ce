"""The course of an alert's ticket, told step by step to the rules alone."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rules.decide import decide
from rules.deciding.decide_due import decide_due
from rules.facts import Facts, apply
from rules.rulebook import Rulebook
from rules.token import make_message_id
from tests.samples import FACTS, KEYS, LI, MINUTE, NOW, RULEBOOK_TEXT, a_mail, an_alert

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.report import Report
    from rules.ticket import Ticket


def rulebook(alerts: str = "", *, hold: str = "5m", more: str = "") -> Rulebook:
    """The small rulebook with another hold and further lines of its `[alerts]`, or of anything."""
    text = RULEBOOK_TEXT.replace('resolve_hold = "0m"\n', f'resolve_hold = "{hold}"\n{alerts}\n')
    return Rulebook.model_validate(tomllib.loads(text + more))


BY_MAIL = replace(FACTS, commands_by_mail=True)


@dataclass(slots=True)
class Course:
    """A desk at which one alert fires; minutes are counted from its first."""

    rulebook: Rulebook = field(default_factory=rulebook)
    facts: Facts = BY_MAIL
    now: datetime = NOW
    decisions: list[Decision] = field(default_factory=list)
    _mails: int = 0

    def at(self, minute: int) -> list[Decision]:
        """Let it be that minute, with a tick in each before it; returns what the clock decided."""
        decided = []
        while self.now < NOW + minute * MINUTE:
            self.now += MINUTE
            for ticket in tuple(self.facts.tickets.values()):
                if ticket.next_due is not None and ticket.next_due <= self.now:
                    decision = decide_due(ticket, self.facts, self.rulebook, self.now)
                    self.facts = apply(self.facts, None, decision)
                    decided.append(decision)
        self.decisions += decided
        return decided

    def fires(self, host: str = "db1", **more: Any) -> Decision:
        """It fires now on a host."""
        minute = round((self.now - NOW) / MINUTE)
        return self.take(an_alert(host=host, **{"minute": minute, **more}))

    def resolves(self, host: str = "db1", **more: Any) -> Decision:
        """What fires on a host is over now."""
        episode = self.facts.episodes["prod", f"DiskFull {host}"]
        minute = round((episode.starts_at - NOW) / MINUTE)
        return self.take(an_alert("resolved", host=host, minute=minute, **{"ends_at": self.now, **more}))

    def says(self, text: str, *, by: str = LI) -> Decision:
        """Somebody of the staff writes on the newest ticket."""
        self._mails += 1
        token = make_message_id(KEYS, ticket=self.ticket.id, serial=1, recipient=by, domain="desk.example")
        mail = a_mail(by, "Re: it", text, n=self._mails, references=(token,), verified=True)
        return self.take(mail)

    def take(self, report: Report) -> Decision:
        """Any report comes."""
        decision = decide(report, self.facts, self.rulebook, self.now)
        self.facts = apply(self.facts, report, decision)
        self.decisions.append(decision)
        return decision

    @property
    def ticket(self) -> Ticket:
        """The newest ticket."""
        return self.facts.tickets[max(self.facts.tickets)]

    def status(self) -> str:
        """Of the newest ticket."""
        return self.ticket.status

    def marks(self) -> tuple[str, ...]:
        """What its alerts make it."""
        return self.ticket.alerts.marks

    @property
    def letters(self) -> list[str]:
        """The templates of all letters that were written about alerts so far, in order."""
        return [letter.template for decision in self.decisions for letter in decision.letters]
