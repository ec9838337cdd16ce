"""What a report does not tell is asked for in its receipt; the clocks wait, and the answer is judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from immutables import Map

from rules.directory import Contact, Directory
from rules.events import Asked, Reached
from tests.rules.closing_story import Story
from tests.samples import ALICE, FACTS, HOUR, LI, NOW, rulebook_with

if TYPE_CHECKING:
    from rules.letter import Value

RULEBOOK = rulebook_with("""
[needs.device]
ask = { en = "Which device is it?" }
words = ["laptop", "printer"]
[needs.number]
ask = { en = "Your employee number" }
patterns = ["e[0-9]{4}"]
known = "number"
[[clocks]]
name = "answer"
starts = "asked"
stops = "answered"
limit = "24h"
[[escalations]]
name = "no-answer"
on = "overdue"
clock = "answer"
reminds = true
tell = ["lead"]
""")


def told_missing(story: Story, template: str = "receipt") -> Value:
    return story.letter(template).data["missing"]


def test_the_receipt_asks_for_everything_that_is_missing_in_words_of_the_requester() -> None:
    story = Story(RULEBOOK).opens()
    assert told_missing(story) == ("Which device is it?", "Your employee number")
    assert story.ticket.missing == ("device", "number")


def test_the_ticket_waits_for_the_requester_and_its_clocks_with_it() -> None:
    story = Story(RULEBOOK).opens()
    assert (story.ticket.status, story.ticket.waiting_for) == ("waiting", "requester")
    assert story.clock("resolution").paused
    assert not story.clock("response").paused


def test_somebody_is_assigned_all_the_same() -> None:
    assert Story(RULEBOOK).opens().ticket.assignee == LI


def test_the_people_file_spares_the_question() -> None:
    directory = Directory(Map({ALICE: Contact(address=ALICE, number="E1001")}))
    assert told_missing(Story(RULEBOOK, facts=replace(FACTS, directory=directory)).opens()) == ("Which device is it?",)


def test_who_tells_everything_is_asked_nothing() -> None:
    story = Story(RULEBOOK).opens(text="The VPN of my laptop is down, I am E1001.")
    assert told_missing(story) == ()
    assert story.ticket.status == "assigned"


def test_nobody_is_asked_who_gets_no_letter() -> None:
    story = Story(RULEBOOK).opens(imported=True)
    assert not any(isinstance(event, Asked) for event in story.decision.events)
    assert story.ticket.status == "assigned"


def test_the_answer_lets_the_clocks_go_on_and_is_judged() -> None:
    story = Story(RULEBOOK).opens().later(NOW + 3 * HOUR).hears("It is a laptop, E1001, and the whole company has it")
    assert (story.ticket.status, story.ticket.missing) == ("assigned", ())
    assert not story.clock("resolution").paused
    assert (story.ticket.impact, story.ticket.priority) == ("large", "P2")


def test_an_answer_never_lowers_the_level() -> None:
    story = Story(RULEBOOK).opens(text="urgent: the whole company has no VPN").hears("Only my laptop, sorry. E1001")
    assert story.ticket.priority == "P1"


def test_he_is_not_asked_again_for_what_he_did_not_tell() -> None:
    story = Story(RULEBOOK).opens().hears("It is a laptop.")
    assert story.ticket.missing == ()
    assert "asked" not in {template for _, template in story.told}


def test_somebody_elses_mail_is_no_answer() -> None:
    story = Story(RULEBOOK).opens().hears("any news?", by=LI)
    assert story.ticket.missing == ("device", "number")
    assert not any(isinstance(event, Reached) and event.milestone == "answered" for event in story.decision.events)


def test_silence_is_reminded_once_and_the_lead_is_told() -> None:
    story = Story(RULEBOOK).opens().waits(NOW + 24 * HOUR)
    assert told_missing(story, "asked") == ("Which device is it?", "Your employee number")
    assert {template for _, template in story.told} == {"asked", "escalated"}
    assert story.waits(NOW + 30 * HOUR).decision.events == ()
