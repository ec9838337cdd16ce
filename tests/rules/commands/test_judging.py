"""`!priority`, `!category`, `!diagnose`, `!review`: what a ticket is and how urgent."""

from __future__ import annotations

import pytest

from rules.events import Judged, Reached
from tests.rules.commands.scene import (
    OPENED,
    RULEBOOK,
    after,
    letter,
    open_for,
    results,
    ticket_of,
    told,
    writes,
)
from tests.samples import CHEN, LI, ZHAO, rulebook_with


def limits(decision_ticket) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {clock.name: clock.limit for clock in decision_ticket.clocks}


class TestPriority:
    LEVELS = (
        pytest.param("P1", "P1", id="by its key"),
        pytest.param("p2", "P2", id="in small letters"),
        pytest.param("Urgent", "P1", id="by its English name"),
        pytest.param("緊急", "P1", id="by its name in Taiwan"),
        pytest.param("紧急，全公司断网", "P1", id="with a reason"),
        pytest.param("紧急全公司断网", "P1", id="with a reason joined to it"),
        pytest.param("High because of the fair", "P2", id="with an English reason"),
        pytest.param("up", "P3", id="one up"),
        pytest.param("提高", "P3", id="one up in Chinese"),
    )

    @pytest.mark.parametrize(("text", "level"), LEVELS)
    def test_a_level_is_given(self, text: str, level: str) -> None:
        assert ticket_of(writes(f"!priority {text}", CHEN)).priority == level

    def test_the_clocks_follow_and_what_only_the_new_level_promises_begins(self) -> None:
        assert limits(OPENED.tickets[1])["response"] == "8h"
        ticket = ticket_of(writes("!priority P1", CHEN))
        assert (limits(ticket)["response"], limits(ticket)["resolution"]) == ("30m", "2h")
        assert limits(ticket)["progress"] == "2h"

    def test_a_person_may_lower_it(self) -> None:
        decision = writes("!priority down the fair is over", CHEN, facts=after("!priority P1", by=CHEN))
        assert (ticket_of(decision).priority, limits(ticket_of(decision))["response"]) == ("P2", "1h")

    def test_why_and_by_whom_is_kept(self) -> None:
        (judged,) = [event for event in writes("!priority P1 the fair", CHEN).events if isinstance(event, Judged)]
        assert judged.reason == "Chen Jing says so; the fair"

    def test_the_assignee_is_told(self) -> None:
        decision = writes("!priority P1", CHEN)
        assert told(decision) == {(LI, "message")}
        assert letter(decision, "message").data["text"] == "the level is Urgent, it was P4"

    REFUSED = (
        pytest.param("", "say which: Urgent, High, P3, P4", id="none"),
        pytest.param("P9", "there is Urgent", id="one that there is not"),
        pytest.param("the highest", "there is Urgent, High, P3, P4", id="no level at all"),
        pytest.param("P4", "the level is P4 already", id="the one it has"),
        pytest.param("down", "no level beyond P4", id="below the lowest"),
    )

    @pytest.mark.parametrize(("text", "wanted"), REFUSED)
    def test_otherwise_it_says_which_there_are(self, text: str, wanted: str) -> None:
        decision = writes(f"!priority {text}", CHEN)
        assert wanted in results(decision)[0]
        assert ticket_of(decision).priority == "P4"


class TestCategory:
    def test_the_ticket_goes_to_the_team_of_its_category(self) -> None:
        decision = writes("!category software it is the client")
        ticket = ticket_of(decision)
        assert (ticket.category, ticket.team, ticket.assignee) == ("software", "hardware", ZHAO)
        assert told(decision) == {(ZHAO, "assigned")}

    def test_who_works_in_both_teams_keeps_it(self) -> None:
        decision = writes("!category software", CHEN, facts=after("!take", by=CHEN))
        assert (ticket_of(decision).team, ticket_of(decision).assignee) == ("hardware", CHEN)
        assert results(decision) == (
            "the category is Software; it is with hardware now, and chen@desk.example keeps it",
        )

    def test_a_category_of_the_same_team_leaves_it_with_its_assignee(self) -> None:
        printer = after("!category hardware")
        decision = writes("!category software", ZHAO, facts=printer)
        assert (ticket_of(decision).assignee, results(decision)) == (ZHAO, ("the category is Software",))

    def test_the_clocks_follow(self) -> None:
        rulebook = rulebook_with(
            '[[clocks]]\nname = "software_only"\nstops = "resolved"\nlimit = "1h"\nwhen = { categories = "other" }'
        )
        ticket = ticket_of(writes("!category other", facts=open_for(rulebook), rulebook=rulebook))
        assert limits(ticket)["software_only"] == "1h"

    def test_on_a_solved_ticket_it_only_counts_otherwise(self) -> None:
        decision = writes("!category software", facts=after("!resolve new client"))
        ticket = ticket_of(decision)
        assert (ticket.category, ticket.status, ticket.assignee, told(decision)) == ("software", "resolved", LI, set())


class TestDiagnose:
    def test_the_diagnosis_is_a_milestone_and_stops_its_clock(self) -> None:
        decision = writes("!diagnose the cable is broken\nbehind the rack")
        (reached,) = [e for e in decision.events if isinstance(e, Reached) and e.milestone == "diagnosed"]
        clock = ticket_of(decision).clock("diagnosis")
        assert (reached.by, reached.text) == (LI, "the cable is broken\nbehind the rack")
        assert clock is not None
        assert (clock.outcome, ticket_of(decision).status) == ("met", "in_progress")

    CATEGORIES = (
        pytest.param("software: a bug", "software", "a bug", id="before a colon"),
        pytest.param("软件：缺陷", "software", "缺陷", id="before a full-width colon"),
        pytest.param("軟體\n缺陷", "software", "缺陷", id="on a line of its own"),
        pytest.param("software", "software", "software", id="alone"),
        pytest.param("network: a cable", "network", "a cable", id="the one it has"),
        pytest.param("software and hardware are fine", "network", "software and hardware are fine", id="in a sentence"),
        pytest.param("DNS: time-outs", "network", "DNS: time-outs", id="something else before a colon"),
    )

    @pytest.mark.parametrize(("text", "category", "diagnosis"), CATEGORIES)
    def test_it_may_set_the_category(self, text: str, category: str, diagnosis: str) -> None:
        decision = writes(f"!diagnose {text}")
        (reached,) = [e for e in decision.events if isinstance(e, Reached) and e.milestone == "diagnosed"]
        assert (ticket_of(decision).category, reached.text) == (category, diagnosis)

    def test_where_the_diagnosis_sets_the_category_it_is_asked_for(self) -> None:
        classification = RULEBOOK.classification.model_copy(update={"after_diagnosis": True})
        rulebook = RULEBOOK.model_copy(update={"classification": classification})
        other = after("!category other", rulebook=rulebook)
        decision = writes("!diagnose it is unplugged", CHEN, facts=other, rulebook=rulebook)
        assert results(decision) == ("the diagnosis is recorded; the category is still to be set, with !category",)
        named = writes("!diagnose software client too old", CHEN, facts=other, rulebook=rulebook)
        assert (ticket_of(named).category, "Software" in results(named)[0]) == ("software", True)

    def test_a_category_that_nobody_knows_is_pointed_out(self) -> None:
        classification = RULEBOOK.classification.model_copy(update={"after_diagnosis": True})
        rulebook = RULEBOOK.model_copy(update={"classification": classification})
        decision = writes("!diagnose cheese: mouldy", rulebook=rulebook)
        (line,) = results(decision)
        assert line.startswith("the diagnosis is recorded; cheese is not known; there is ")

    def test_a_category_without_a_colon_is_pointed_out(self) -> None:
        decision = writes("!diagnose software client too old")
        assert results(decision) == (
            "the diagnosis is recorded; with a colon behind it, Software would have set the category too",
        )


class TestReview:
    def test_it_may_leave_all_as_it_is(self) -> None:
        for text in ("!review", "!review ok", "!review I agree with it"):
            decision = writes(text, CHEN)
            assert ticket_of(decision).reached("reviewed")
            assert results(decision) == ("the review is recorded; level and category stay as they are",)
            assert told(decision) == set()

    GIVEN = (
        pytest.param("P2", "P2", "network", id="a level"),
        pytest.param("software", "P4", "software", id="a category"),
        pytest.param("P2 software", "P2", "software", id="both"),
        pytest.param("软件，紧急，影响很大", "P1", "software", id="both the other way round, and words"),
    )

    @pytest.mark.parametrize(("text", "level", "category"), GIVEN)
    def test_it_sets_what_is_given(self, text: str, level: str, category: str) -> None:
        ticket = ticket_of(writes(f"!review {text}", CHEN))
        assert (ticket.priority, ticket.category, ticket.reached("reviewed")) == (level, category, True)

    def test_the_words_are_kept(self) -> None:
        decision = writes("!review P2: the fair begins", CHEN)
        assert [e.text for e in decision.events if isinstance(e, Reached) and e.milestone == "reviewed"] == [
            "the fair begins"
        ]

    def test_a_level_that_there_is_not_is_no_review(self) -> None:
        assert not ticket_of(writes("!review P9", CHEN)).reached("reviewed")
