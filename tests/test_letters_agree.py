"""The decisions fill in everything that the texts of the letters name."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from outbound.keys import EVERY_LETTER, KEYS, OPTIONAL, missing_keys
from outbound.letters import render
from rules.decide import decide
from rules.deciding.decide_due import decide_due
from rules.facts import apply
from rules.rulebook import Rulebook
from rules.token import make_message_id
from tests.samples import (
    ALICE,
    BOB,
    CAROL,
    CHEN,
    DING,
    FACTS,
    HOUR,
    LI,
    NOW,
    RULEBOOK,
    RULEBOOK_TEXT,
    a_mail,
    an_alert,
    rulebook_with,
)
from tests.samples import KEYS as TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.letter import Letter
    from rules.report import Report


def reply(sender: str, text: str, n: int, ticket: int = 1) -> Report:
    token = make_message_id(TOKENS, ticket=ticket, serial=n, recipient=sender, domain="desk.example")
    return a_mail(sender, "Re: VPN", text, n=n, references=(token,), verified=True)


STORY: list[Report | int] = [
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
    an_alert(minute=20),
    1,
    an_alert(host="db2", minute=80),
]

#: Tables that make a desk write all the rest.
MORE = """
[classification.kinds.complaint]
words = {{ "complain" = 5 }}
[closing]
confirms = ["solved"]
refuses = ["not solved"]
[satisfaction]
ask = "{ask}"
steps = [{{ name = "good", names = {{ en = "good" }} }}, {{ name = "bad", names = {{ en = "bad" }}, unhappy = true }}]
[complaints]
verified_by = "lead"
decided_by = "manager"
[review]
by = "lead"
[needs.place]
ask = {{ en = "Where are you?" }}
words = ["room"]
[[owed]]
name = "analysis"
limit = "3d"
[[lines]]
name = "first"
[[lines]]
name = "second"
team = "hardware"
[[clocks]]
name = "diagnosis"
stops = "diagnosed"
limit = "4h"
warns = "1h"
[[clocks]]
name = "confirmation"
starts = "resolved"
stops = ["confirmed", "refused"]
limit = "1d"
[[escalations]]
name = "late-diagnosis"
on = "overdue"
clock = "diagnosis"
lines = 1
approval = "manager"
[[escalations]]
name = "still-missing"
on = "overdue"
clock = "response"
reminds = true
[[escalations]]
name = "silence"
on = "overdue"
clock = "confirmation"
reminds = true
[[escalations]]
name = "angry"
on = "complaint"
owes = ["analysis"]
"""

#: A number is so many hours in which nothing comes but what is due.
LONG_STORY: list[Report | int] = [
    a_mail(ALICE, n=1),
    3,
    2,
    4,
    reply(ALICE, "In room 7.", 2),
    reply(CHEN, "!approve go on", 3),
    reply(DING, "!approve go on", 4),
    reply(ALICE, "I complain about this.", 5),
    reply(CHEN, "!findings he was ill", 6),
    reply(DING, "!decide somebody else takes it", 7),
    reply(LI, "!take", 8),
    reply(LI, "!eta 4h", 9),
    reply(LI, "!resolve replaced it", 10),
    25,
    reply(ALICE, "not solved", 11),
    reply(LI, "!resolve replaced it again", 12),
    reply(ALICE, "solved", 13),
    reply(ALICE, "2", 14),
]


def letters_of(story: Sequence[Report | int], rulebook: Rulebook) -> Iterator[Letter]:
    """What is written about the reports, by the clock between them, and a day after."""
    facts, now = FACTS, NOW
    for step in (*story, 24):
        match step:
            case int(hours):
                now += hours * HOUR
                decisions = [decide_due(ticket, facts, rulebook, now) for ticket in facts.tickets.values()]
                for decision in decisions:
                    facts = apply(facts, None, decision)
                    yield from decision.letters
            case _:
                decision = decide(step, facts, rulebook, now)
                facts = apply(facts, step, decision)
                yield from decision.letters


#: A letter that does not arrive is no part of a story; the rest awaits its commands.
UNWRITTEN = {
    "undelivered",
    "unassigned",
    "findings",
    "decision",
    "approved",
    "expected",
    "notice",
    "digest",
    "joined",
    "parted",
}


def a_rulebook(*, ask: str) -> Rulebook:
    return Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT + MORE.format(ask=ask)))


STORMY = rulebook_with("[alerts.storm]\ntickets = 2\n")
STORM: list[Report | int] = [an_alert(name=f"Alert{number}") for number in range(3)]

LETTERS = [
    *letters_of(STORY, RULEBOOK),
    *letters_of(LONG_STORY, a_rulebook(ask="before_closing")),
    *letters_of(LONG_STORY, a_rulebook(ask="after_closing")),
    *letters_of(STORM, STORMY),
]


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: f"{letter.template} to {letter.to}")
def test_a_decided_letter_can_be_rendered(letter: Letter) -> None:
    assert missing_keys(letter) == ()
    assert render(letter).subject


def test_the_stories_write_nearly_every_letter() -> None:
    assert set(KEYS) - {letter.template for letter in LETTERS} <= UNWRITTEN


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: f"{letter.template} to {letter.to}")
def test_a_decided_letter_holds_what_its_texts_know_and_what_the_brakes_count_by(letter: Letter) -> None:
    assert set(letter.data) <= {*EVERY_LETTER, *KEYS[letter.template], *OPTIONAL, "verified"}


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: f"{letter.template} to {letter.to}")
def test_a_decided_letter_tells_how_many_levels_are_more_urgent(letter: Letter) -> None:
    assert letter.data["rank"] == RULEBOOK.priority.levels.index(str(letter.data["priority"]))
