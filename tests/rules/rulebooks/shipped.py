"""The shipped rulebooks as tests look at them: read once, their figures as they are written, and what they judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from immutables import Map

from daemon.config.rulebooks import find_rulebook, read_rulebook_file
from rules.directory import Contact
from rules.judging.priority import judge
from rules.people import Staff
from rules.report import Address, Mail
from rules.sections.promises import EVERY_LEVEL
from tests.rules.closing_story import Story
from tests.samples import FACTS

if TYPE_CHECKING:
    from rules.calendar.duration import Duration
    from rules.judging.priority import Judgement
    from rules.people import Person
    from rules.rulebook import Rulebook
    from rules.sections.escalation import EscalationRule

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WRITER = "wang.fang@corp.example"


@cache
def shipped(name: str) -> Rulebook:
    """The rulebook with this name, with all that it takes over."""
    return read_rulebook_file(find_rulebook(name))


def written(limit: dict[str, Duration]) -> dict[str, str] | str:
    """A limit as a rulebook writes it: by level, or one for all."""
    return str(limit[EVERY_LEVEL]) if EVERY_LEVEL in limit else {level: str(each) for level, each in limit.items()}


def promise(rulebook: Rulebook, name: str) -> tuple[str, str, dict[str, str] | str]:
    """What starts a clock, what stops it, and its limit."""
    clock = rulebook.promises[name]
    return " ".join(clock.starts), " ".join(clock.stops), written(clock.limit)


def rung(rulebook: Rulebook, name: str) -> EscalationRule:
    """The rung with this name."""
    (found,) = [rule for rule in rulebook.escalations if rule.name == name]
    return found


def judged(
    rulebook: Rulebook, subject: str, text: str, *, people: int = 1, vip: bool = False, department: str = ""
) -> Judgement:
    """What a rulebook takes a mail for; with `vip` or a department its writer is in the people file."""
    mail = Mail(
        source="support", key="1.1", received_at=NOW, sender=Address(WRITER, "王芳"), subject=subject, text=text
    )
    contact = Contact(address=WRITER, vip=vip, department=department) if vip or department else None
    return judge(mail, rulebook, people=people, contact=contact)


def begun(rulebook: Rulebook, *people: Person, subject: str, text: str) -> Story:
    """A ticket of Alice at a desk with these people, who may give commands by mail."""
    staff = Staff(people=Map({person.address: person for person in people}), known=frozenset({"@corp.example"}))
    story = Story(rulebook, replace(FACTS, staff=staff, commands_by_mail=True))
    return story.opens(subject=subject, text=text)
