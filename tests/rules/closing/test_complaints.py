"""A complaint is verified, reported, decided and told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rules.change import Change
from rules.closing.complaints import complain, decide_complaint, has_open_complaint, record_findings
from rules.people import Person, Staff
from rules.sections.closing import ComplaintRules
from tests.rules.closing_story import Story, a_rulebook, milestones, resolved
from tests.samples import ALICE, BOB, CHEN, FACTS, HOUR, NOW

if TYPE_CHECKING:
    from rules.facts import Facts
    from rules.rulebook import Rulebook

WORDS = """
[classification.kinds.complaint]
words = { complaint = 8, "投诉" = 8 }
[[escalations]]
name = "complained"
on = "complaint"
raises = "top"
tell = ["manager"]
"""
NOBODY = a_rulebook(more=WORDS)
RULEBOOK = NOBODY.model_copy(update={"complaints": ComplaintRules(verified_by="supervisor", decided_by="head")})

SUN, HE = "sun@desk.example", "he@desk.example"
SUPERVISOR = Person(address=SUN, name="Sun Mei", role="supervisor")
HEAD = Person(address=HE, name="He Ping", role="head")


def with_people(*people: Person) -> Facts:
    more = FACTS.staff.people.update({person.address: person for person in people})
    return replace(FACTS, staff=replace(FACTS.staff, people=more))


def story(rulebook: Rulebook = RULEBOOK) -> Story:
    return Story(rulebook, facts=with_people(SUPERVISOR, HEAD)).opens()


def change_of(told: Story) -> Change:
    return Change(facts=told.facts, rulebook=told.rulebook, now=told.now + HOUR, before=told.ticket)


def complained(rulebook: Rulebook = RULEBOOK) -> Story:
    return story(rulebook).hears("This is a complaint: three days and nobody came.")


def letters(change: Change) -> set[tuple[str, str]]:
    return {(letter.to, letter.template) for letter in change.letters}


class TestComplaining:
    def test_a_reply_may_complain_and_goes_to_the_top_at_once(self) -> None:
        told = complained()
        assert (told.ticket.priority, milestones(told.decision)) == ("P1", ["complained"])
        assert told.decision.verdict == "appended"

    def test_who_complains_on_his_ticket_hears_that_it_has_come(self) -> None:
        assert complained().letter("complained").data["decides"] is True
        assert complained(NOBODY).letter("complained").data["decides"] is False

    def test_a_complaint_that_opens_a_ticket_has_the_receipt_for_its_answer(self) -> None:
        told = Story(RULEBOOK).opens(text="投诉：没人来修")
        assert "complained" in milestones(told.decision)
        assert "complained" not in {template for _, template in told.told}

    def test_who_verifies_gets_its_words(self) -> None:
        data = complained().letter("complaint").data
        assert (data["verify"], data["author"]) == (True, f"Alice <{ALICE}>")
        assert "nobody came" in str(data["text"])
        assert (SUN, "complaint") in complained().told

    def test_where_nobody_is_to_verify_it_the_lead_hears_of_it(self) -> None:
        told = complained(NOBODY)
        assert (CHEN, "complaint") in told.told
        assert told.letter("complaint").data["verify"] is False

    def test_where_nobody_has_that_role_the_lead_does_it(self) -> None:
        change = change_of(Story(RULEBOOK).opens())
        complain(change, ALICE, "nobody came")
        assert (CHEN, "complaint") in letters(change)

    def test_the_lead_may_be_the_one_who_verifies(self) -> None:
        by_lead = RULEBOOK.model_copy(update={"complaints": ComplaintRules(verified_by="lead")})
        told = complained(by_lead)
        assert (CHEN, "complaint") in told.told
        assert told.letter("complaint").data["verify"] is True

    def test_a_second_one_before_the_decision_is_appended_and_no_more(self) -> None:
        told = complained().hears("投诉！还没人来")
        assert (milestones(told.decision), has_open_complaint(told.ticket)) == ([], True)
        assert "complaint" not in {template for _, template in told.told}

    def test_after_the_decision_a_complaint_is_a_new_one(self) -> None:
        told = complained()
        change = change_of(told)
        decide_complaint(change, HEAD, "we are sorry")
        told.take(change.decide(None))
        told.later(NOW + 2 * HOUR).hears("投诉")
        assert "complained" in milestones(told.decision)

    def test_a_complaint_about_a_solution_is_no_yes(self) -> None:
        told = resolved(RULEBOOK).hears("投诉")
        assert (told.ticket.status, milestones(told.decision)) == ("in_progress", ["refused", "complained"])

    @pytest.mark.parametrize("text", ["No complaints, thanks!", "The light is red."])
    def test_other_words_are_none(self, text: str) -> None:
        assert "complained" not in milestones(story().hears(text).decision)

    def test_the_subject_of_a_reply_is_not_its_own(self) -> None:
        told = Story(RULEBOOK).opens(subject="complaint about the VPN")
        told.hears("The light is red.", subject="Re: complaint about the VPN")
        assert "complained" not in milestones(told.decision)

    def test_somebody_else_may_complain_too(self) -> None:
        told = story().hears("Here too.", by=BOB).hears("投诉", by=BOB)
        assert told.letter("complaint").data["author"] == f"Bob <{BOB}>"

    def test_nothing_else_waits_for_the_decision(self) -> None:
        told = complained().is_resolved().hears("solved")
        assert told.ticket.status == "closed"
        assert not has_open_complaint(told.ticket)


class TestFindings:
    def test_they_go_to_who_decides(self) -> None:
        change = change_of(complained())
        said = record_findings(change, SUPERVISOR, "The engineer was ill, and nobody stood in.")
        assert (said, letters(change)) == ("recorded, the head has the findings", {(HE, "findings")})
        assert change.ticket.reached("verified")
        (letter,) = change.letters
        assert letter.data["findings"] == "The engineer was ill, and nobody stood in."

    def test_where_nobody_decides_they_are_kept(self) -> None:
        change = change_of(complained(NOBODY))
        assert record_findings(change, SUPERVISOR, "true") == "recorded; nobody is named to decide"
        assert change.letters == []

    @pytest.mark.parametrize(
        ("text", "answer"),
        [
            pytest.param("  ", "not recorded: write the findings behind it", id="nothing written"),
            pytest.param("", "not recorded: write the findings behind it", id="nothing at all"),
        ],
    )
    def test_nothing_found_is_not_recorded(self, text: str, answer: str) -> None:
        change = change_of(complained())
        assert (record_findings(change, SUPERVISOR, text), change.events) == (answer, [])

    def test_without_a_complaint_there_is_nothing_to_find(self) -> None:
        change = change_of(story())
        assert record_findings(change, SUPERVISOR, "all is well") == "nobody complained on 202611-001"
        assert change.events == []


class TestDecision:
    def test_the_requesters_are_told_what_was_decided(self) -> None:
        change = change_of(complained())
        record_findings(change, SUPERVISOR, "true")
        said = decide_complaint(change, HEAD, "We apologize, and Li Na comes today.")
        assert (said, (ALICE, "decision") in letters(change)) == ("decided, the requesters are told", True)
        assert change.letters[-1].data["text"] == "We apologize, and Li Na comes today."

    def test_who_was_joined_by_likeness_is_not(self) -> None:
        told = complained()
        (alice,) = told.ticket.participants
        both = replace(told.ticket, participants=(alice, replace(alice, address=BOB, by_similarity=True)))
        change = Change(facts=told.facts, rulebook=RULEBOOK, now=NOW, before=both)
        decide_complaint(change, HEAD, "We apologize.")
        assert letters(change) == {(ALICE, "decision")}

    def test_before_it_is_verified_it_is_allowed_and_said(self) -> None:
        change = change_of(complained())
        said = decide_complaint(change, HEAD, "We apologize.")
        assert said == "decided before anybody verified it; the requesters are told"
        assert not has_open_complaint(change.ticket)

    def test_nothing_written_decides_nothing(self) -> None:
        change = change_of(complained())
        assert decide_complaint(change, HEAD, "") == "not decided: write the decision behind it"
        assert change.events == []

    def test_without_a_complaint_there_is_nothing_to_decide(self) -> None:
        change = change_of(story())
        assert decide_complaint(change, HEAD, "no") == "nobody complained on 202611-001"


def test_a_report_that_is_a_complaint_goes_the_same_way() -> None:
    told = Story(RULEBOOK, facts=with_people(SUPERVISOR)).opens(subject="complaint", text="nobody came")
    assert (told.ticket.kind, told.ticket.priority) == ("complaint", "P1")
    assert {to for to, template in told.told if template == "complaint"} == {SUN}


def test_a_desk_without_anybody_loses_no_complaint() -> None:
    change = change_of(Story(RULEBOOK, facts=replace(FACTS, staff=Staff())).opens())
    complain(change, ALICE, "nobody came")
    assert change.ticket.reached("complained")
