"""The decisions fill in everything that the texts of the letters name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outbound.keys import KEYS, missing_keys
from outbound.letters import render
from rules.decide import decide
from rules.decide_due import decide_due
from rules.facts import Facts, apply
from rules.token import make_message_id
from tests.samples import ALICE, BOB, CAROL, DAY, FACTS, LI, NOW, RULEBOOK, a_mail, an_alert
from tests.samples import KEYS as TOKENS

if TYPE_CHECKING:
    from rules.letter import Letter
    from rules.report import Report


def reply(sender: str, text: str, n: int, ticket: int = 1) -> Report:
    token = make_message_id(TOKENS, ticket=ticket, serial=n, recipient=sender, domain="desk.example")
    return a_mail(sender, "Re: VPN", text, n=n, references=(token,), verified=True)


STORY: list[Report] = [
    a_mail(ALICE, n=1, text="URGENT: the whole company, VPN is down"),
    a_mail(BOB, n=2, text="URGENT: the whole company, VPN is down"),
    a_mail(CAROL, n=3, text="URGENT: the whole company, VPN is down"),
    reply(ALICE, "The light is red.", 4),
    reply(LI, "Please wait.", 5),
    reply(LI, "!nonsense", 6),
    reply(LI, "!resolve replaced it", 7),
    reply(ALICE, "It is broken.", 8),
    a_mail(ALICE, "lost", "where is room 12?", n=9),
    an_alert(),
    an_alert("resolved"),
    an_alert(minute=9),
    an_alert("resolved", minute=9),
]


def letters_of_the_story() -> list[Letter]:
    facts: Facts = FACTS
    letters: list[Letter] = []
    for report in STORY:
        decision = decide(report, facts, RULEBOOK, NOW)
        facts = apply(facts, report, decision)
        letters += decision.letters
    for ticket in facts.tickets.values():
        letters += decide_due(ticket, facts, RULEBOOK, NOW + DAY).letters
    return letters


LETTERS = letters_of_the_story()


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: f"{letter.template} to {letter.to}")
def test_a_decided_letter_can_be_rendered(letter: Letter) -> None:
    assert missing_keys(letter) == ()
    assert render(letter).subject


def test_the_story_writes_nearly_every_letter() -> None:
    assert set(KEYS) - {letter.template for letter in LETTERS} <= {"undelivered", "unassigned"}
