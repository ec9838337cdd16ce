"""A desk with everything that commands work on, and its people giving them by mail.

Li and Wang of the network team, Zhao of hardware, Chen who leads them, Sun the supervisor, Ding the manager, He the
head. Alice has reported that the VPN is down; Li has the ticket. It is Monday, 23 November 2026, 10:00 in Shanghai.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from immutables import Map

from rules.decide import decide
from rules.directory import Contact, Directory
from rules.facts import apply
from rules.people import Person, Staff
from rules.token import make_message_id
from tests.samples import ALICE, BOB, FACTS, KEYS, LI, NOW, PEOPLE, a_mail, rulebook_with

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.letter import Letter
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

SUN, HE = "sun@desk.example", "he@desk.example"

TABLES = """
[categories.software]
team = "hardware"
names = { zh-CN = "软件", zh-TW = "軟體", en = "Software" }

[priority.names.P1]
zh-CN = "紧急"
zh-TW = "緊急"
en = "Urgent"
[priority.names.P2]
zh-CN = "高"
en = "High"

[[lines]]
name = "first"
names = { zh-CN = "一线", zh-TW = "一線" }
[[lines]]
name = "second"
names = { zh-CN = "二线", zh-TW = "二線", en = "Second line" }
team = "hardware"
[[lines]]
name = "vendor"
team = "hardware"
vendor = true

[[clocks]]
name = "diagnosis"
stops = "diagnosed"
limit = "4wh"
calendar = "office"
[[clocks]]
name = "arrival"
stops = "arrived"
limit = "1h"
[[clocks]]
name = "acknowledgement"
starts = "assigned"
stops = "acknowledged"
limit = "10m"

[[owed]]
name = "visit_report"
names = { zh-CN = "现场报告", zh-TW = "現場報告", en = "On-site report" }
on = "left"
limit = "1d"
[[owed]]
name = "article"
names = { zh-CN = "知识文章", zh-TW = "知識文章", en = "Article" }
limit = "3d"
[[owed]]
name = "analysis"
limit = "3d"
when = { kinds = "complaint" }

[[escalations]]
name = "help"
on = "asked"
when = { lines = ["first", "second"] }
raises = 1
tell = ["lead", "manager"]
approval = "manager"

[complaints]
verified_by = "lead"
decided_by = "head"
"""

RULEBOOK = rulebook_with(TABLES)
STAFF = Staff(
    people=Map({person.address: person for person in PEOPLE})
    .set(SUN, Person(address=SUN, name="孙丽", role="supervisor", language="zh-CN"))
    .set(HE, Person(address=HE, name="何志明", role="head", language="zh-TW")),
    known=frozenset({"@corp.example"}),
)
DIRECTORY = Directory(
    contacts=Map({BOB: Contact(address=BOB, name="Bob Brown", relation="internal", language="zh-CN")}),
    internal_domains=frozenset({"corp.example"}),
)
EMPTY = replace(FACTS, staff=STAFF, directory=DIRECTORY, commands_by_mail=True)


def open_for(rulebook: Rulebook = RULEBOOK, facts: Facts = EMPTY) -> Facts:
    """The desk once Alice has reported her problem, which makes ticket 1."""
    mail = a_mail(ALICE)
    return apply(facts, mail, decide(mail, facts, rulebook, NOW))


OPENED = open_for()


def writes(  # everything about one mail
    text: str,
    by: str = LI,
    *,
    facts: Facts = OPENED,
    rulebook: Rulebook = RULEBOOK,
    now: datetime = NOW,
) -> Decision:
    """What comes of a mail that somebody of the staff writes on ticket 1."""
    reference = make_message_id(KEYS, ticket=1, serial=5, recipient=by, domain="desk.example")
    mail = a_mail(by, "Re: [202611-001]", text, n=50, references=(reference,), verified=True)
    return decide(mail, facts, rulebook, now)


def after(*texts: str, by: str = LI, facts: Facts = OPENED, rulebook: Rulebook = RULEBOOK) -> Facts:
    """The desk once somebody has written some mails on ticket 1."""
    for text in texts:
        decision = writes(text, by, facts=facts, rulebook=rulebook)
        assert decision.ticket is not None
        facts = replace(facts, tickets=facts.tickets.set(1, decision.ticket))
    return facts


def ticket_of(decision: Decision) -> Ticket:
    """The ticket as it then is."""
    assert decision.ticket is not None
    return decision.ticket


def results(decision: Decision) -> tuple[str, ...]:
    """What the transcript says of each command, in the reader's language."""
    return tuple(result for _, result in lines(decision))


def lines(decision: Decision) -> tuple[tuple[str, str], ...]:
    """The lines of the transcript."""
    shown = letter(decision, "transcript").data["lines"]
    assert isinstance(shown, tuple)
    return tuple(pair for pair in shown if isinstance(pair, tuple))


def letter(decision: Decision, template: str, to: str | None = None) -> Letter:
    """The one letter of a template, to somebody where more get one."""
    (found,) = [each for each in decision.letters if each.template == template and to in (None, each.to)]
    return found


def told(decision: Decision) -> set[tuple[str, str]]:
    """Who gets which letter, without the transcript."""
    return {(each.to, each.template) for each in decision.letters if each.template != "transcript"}


def changed(decision: Decision) -> tuple[str, ...]:
    """The kinds of events beside the one of the mail itself."""
    return tuple(event.kind for event in decision.events if event.kind != "reported")
