"""One ticket of the small desk as it goes on: its requester, its staff and its clocks, one after the other."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rules.change import Change
from rules.closing.solution import propose_solution
from rules.decide import decide
from rules.deciding.decide_due import decide_due
from rules.events import Reached
from rules.facts import Facts, apply
from rules.fold import fold_all
from rules.rulebook import Rulebook
from rules.token import make_message_id
from rules.work.moments import respond
from tests.samples import ALICE, FACTS, HOUR, KEYS, LI, NOW, RULEBOOK_TEXT, a_mail

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.events import Event
    from rules.letter import Letter
    from rules.report import Alert, Mail
    from rules.ticket import Clock, Ticket

CLOSING = """
[closing]
confirms = ["已解决", "solved", "没有问题了"]
refuses = ["未解决", "not solved", "有问题"]
[[clocks]]
name = "confirmation"
starts = "resolved"
stops = ["confirmed", "refused"]
limit = {{ P1 = "24h", P2 = "24h", P3 = "24h", P4 = "24h" }}
warns = "12h"
[[clocks]]
name = "reassessment"
starts = "refused"
stops = "reassessed"
limit = {{ P1 = "2h", P2 = "2h", P3 = "2h", P4 = "2h" }}
[satisfaction]
ask = "{ask}"
wait = "2d"
steps = [
    {{ name = "happy", names = {{ en = "very satisfied", zh-CN = "非常满意" }} }},
    {{ name = "fine", names = {{ en = "satisfied", zh-CN = "满意" }} }},
    {{ name = "sad", names = {{ en = "dissatisfied", zh-CN = "不满意" }}, unhappy = true }},
]
"""


def a_rulebook(ask: str = "never", more: str = "") -> Rulebook:
    return Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT + CLOSING.format(ask=ask) + more))


@dataclass
class Story:
    """One ticket as it goes on, and what was decided last."""

    rulebook: Rulebook
    facts: Facts = FACTS
    now: datetime = NOW
    mails: int = 0
    last: Decision | None = None
    events: tuple[Event, ...] = ()

    @property
    def ticket(self) -> Ticket:
        return self.facts.tickets[1]

    @property
    def decision(self) -> Decision:
        assert self.last is not None
        return self.last

    @property
    def told(self) -> set[tuple[str, str]]:
        return {(letter.to, letter.template) for letter in self.decision.letters}

    def letter(self, template: str) -> Letter:
        return next(letter for letter in self.decision.letters if letter.template == template)

    def clock(self, name: str) -> Clock:
        clock = self.ticket.clock(name)
        assert clock is not None
        return clock

    def opens(self, **more: Any) -> Story:
        self.mails += 1
        mail = a_mail(ALICE, n=self.mails, **more)
        return self.take(decide(mail, self.facts, self.rulebook, self.now), mail)

    def hears(self, text: str, *, by: str = ALICE, subject: str = "Re: VPN is down") -> Story:
        self.mails += 1
        token = make_message_id(KEYS, ticket=1, serial=5, recipient=by, domain="desk.example")
        mail = a_mail(by, subject, text, n=self.mails, references=(token,), verified=by == LI)
        return self.take(decide(mail, self.facts, self.rulebook, self.now), mail)

    def fires(self, alert: Alert) -> Story:
        return self.take(decide(alert, self.facts, self.rulebook, self.now), alert)

    def is_resolved(self, solution: str = "replaced it") -> Story:
        change = Change(facts=self.facts, rulebook=self.rulebook, now=self.now, before=self.ticket)
        person = self.facts.staff.find(LI)
        assert person is not None
        respond(change, person)
        propose_solution(change, person, solution)
        return self.take(change.decide(None))

    def waits(self, until: datetime) -> Story:
        self.now = until
        return self.take(decide_due(self.ticket, self.facts, self.rulebook, until))

    def later(self, until: datetime) -> Story:
        self.now = until
        return self

    def take(self, decision: Decision, report: Mail | Alert | None = None) -> Story:
        """Apply a decision; the ticket is always what its events add up to."""
        self.facts, self.last = apply(self.facts, report, decision), decision
        self.events += decision.events
        assert fold_all(self.events) == self.ticket
        return self


def resolved(rulebook: Rulebook) -> Story:
    return Story(rulebook).opens().later(NOW + HOUR).is_resolved().later(NOW + 2 * HOUR)


def milestones(decision: Decision) -> list[str]:
    return [event.milestone for event in decision.events if isinstance(event, Reached)]
