"""`!take`, `!assign`, `!line`: whose work a ticket is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.events import HandedOver
from rules.people import Away, Staff
from tests.rules.commands.scene import OPENED, STAFF, after, letter, results, ticket_of, told, writes
from tests.samples import ALICE, CHEN, HOUR, LI, NOW, RULEBOOK, WANG, ZHAO


class TestTake:
    def test_the_ticket_is_ones_own_and_in_progress(self) -> None:
        ticket = ticket_of(writes("!take", WANG))
        assert (ticket.assignee, ticket.status, ticket.reached("acknowledged", since="assigned")) == (
            WANG,
            "in_progress",
            True,
        )

    def test_who_had_it_is_told_who_has_it(self) -> None:
        decision = writes("!take", WANG)
        data = letter(decision, "message", LI).data
        assert (data["author"], data["text"]) == ("Wang Wei", "Wang Wei takes it")
        assert told(decision) == {(LI, "message")}

    def test_taking_ones_own_says_so(self) -> None:
        decision = writes("!take", LI)
        assert results(decision) == ("202611-001 is yours already; it is in progress",)
        assert (ticket_of(decision).status, told(decision)) == ("in_progress", set())

    def test_words_behind_it_are_kept_inside(self) -> None:
        notes = [event for event in writes("!take I know that router", WANG).events if event.kind == "noted"]
        assert [(note.text, note.inside) for note in notes] == [("I know that router", True)]


class TestAssign:
    NAMES = (
        pytest.param("wang@desk.example", id="by address"),
        pytest.param("Wang Wei <wang@desk.example>", id="as a mail program writes it"),
        pytest.param("Wang Wei", id="by name"),
        pytest.param("wang", id="by a part of it"),
        pytest.param("@wang", id="with an at"),
        pytest.param("WEI", id="in capitals"),
        pytest.param("Wang Wei, he knows the routers", id="with a reason behind a comma"),
        pytest.param("wang he knows the routers", id="with a reason behind a blank"),
    )

    @pytest.mark.parametrize("name", NAMES)
    def test_a_colleague_is_found(self, name: str) -> None:
        decision = writes(f"!assign {name}", CHEN)
        assert ticket_of(decision).assignee == WANG
        assert told(decision) == {(WANG, "assigned"), (LI, "message")}

    def test_the_reason_is_kept(self) -> None:
        decision = writes("!assign wang: he knows the routers", CHEN)
        assert [event.reason for event in decision.events if event.kind == "assigned"] == ["he knows the routers"]

    NOBODY = (
        pytest.param("", "name a colleague", id="nobody named"),
        pytest.param("Müller", "nobody here is called Müller", id="nobody known"),
        pytest.param("wnag", "did you mean wang@desk.example?", id="a slip of the pen"),
        pytest.param("li@desk.example.org", "not known", id="an address that only begins like one"),
        pytest.param("Li Na", "Li Na has it already", id="who has it"),
    )

    @pytest.mark.parametrize(("name", "wanted"), NOBODY)
    def test_nobody_else_is(self, name: str, wanted: str) -> None:
        decision = writes(f"!assign {name}", CHEN)
        assert wanted in results(decision)[0]
        assert ticket_of(decision).assignee == LI

    def test_a_name_of_two_people_is_asked_for(self) -> None:
        two = Staff(people=STAFF.people.set("wl@desk.example", replace(STAFF.people[WANG], address="wl@desk.example")))
        decision = writes("!assign Wang", CHEN, facts=replace(OPENED, staff=two))
        assert "wang@desk.example, wl@desk.example" in results(decision)[0]
        assert ticket_of(decision).assignee == LI

    def test_traditional_and_simplified_names_are_the_same(self) -> None:
        named = Staff(people=STAFF.people.set(WANG, replace(STAFF.people[WANG], name="王伟")))
        assert ticket_of(writes("！轉給 王偉，他熟悉", CHEN, facts=replace(OPENED, staff=named))).assignee == WANG

    def test_it_says_that_somebody_is_away(self) -> None:
        wang = replace(STAFF.people[WANG], away=(Away(NOW - HOUR, NOW + HOUR),))
        staff = Staff(people=STAFF.people.set(WANG, wang))
        assert "away at present" in results(writes("!assign wang", CHEN, facts=replace(OPENED, staff=staff)))[0]

    @pytest.mark.parametrize(("name", "team"), [("wang", "network"), ("zhao", "hardware")])
    def test_the_team_is_one_of_his(self, name: str, team: str) -> None:
        assert ticket_of(writes(f"!assign {name}", CHEN)).team == team

    def test_the_new_assignee_acknowledges_anew(self) -> None:
        clock = ticket_of(writes("!assign wang", CHEN)).clock("acknowledgement")
        assert clock is not None
        assert (clock.cycle, clock.running) == (2, True)

    def test_one_may_give_it_to_oneself_and_gets_no_letter_of_it(self) -> None:
        decision = writes("!assign Chen Jing", CHEN)
        assert (ticket_of(decision).assignee, told(decision)) == (CHEN, {(LI, "message")})


class TestLine:
    UP = (
        pytest.param("second", id="by its name"),
        pytest.param("Second line: too hard", id="by its name in a language"),
        pytest.param("2", id="by its number"),
        pytest.param("up", id="the next one"),
        pytest.param("二线太难", id="with Chinese words joined to it"),
    )

    @pytest.mark.parametrize("name", UP)
    def test_the_ticket_goes_to_somebody_of_the_line_and_the_requester_is_told(self, name: str) -> None:
        decision = writes(f"!line {name}")
        ticket = ticket_of(decision)
        assert (ticket.line, ticket.team, ticket.assignee) == ("second", "hardware", ZHAO)
        assert told(decision) == {(ZHAO, "assigned"), (ALICE, "handed_over")}

    def test_by_whom_and_why_is_kept_and_the_requester_reads_no_words_of_it(self) -> None:
        decision = writes("!line second he is a pain")
        (over,) = [event for event in decision.events if isinstance(event, HandedOver)]
        assert (over.by, over.reason) == (LI, "he is a pain")
        assert "pain" not in str(dict(letter(decision, "handed_over").data))

    def test_the_vendor_is_waited_for(self) -> None:
        decision = writes("!line vendor")
        assert (ticket_of(decision).status, ticket_of(decision).waiting_for) == ("waiting", "vendor")
        assert results(decision) == ("handed over to vendor; the requesters are told",)

    def test_who_had_it_hears_of_it_where_somebody_else_hands_it_over(self) -> None:
        assert (LI, "message") in told(writes("!line second", CHEN))

    REFUSED = (
        pytest.param("first", "一线 has it already", id="the line it is on"),
        pytest.param("secnd", "did you mean Second line?", id="a slip of the pen"),
        pytest.param("upstairs", "there is 一线, Second line, vendor", id="none of them"),
        pytest.param("second-hand", "not known", id="a word that only begins like one"),
    )

    @pytest.mark.parametrize(("name", "wanted"), REFUSED)
    def test_otherwise_it_says_which_there_are(self, name: str, wanted: str) -> None:
        decision = writes(f"!line {name}")
        assert wanted in results(decision)[0]
        assert ticket_of(decision).line == "first"

    def test_above_the_last_line_there_is_none(self) -> None:
        assert "vendor is the last line" in results(writes("!line up", facts=after("!line vendor")))[0]

    def test_a_desk_without_lines_says_so(self) -> None:
        assert results(writes("!line second", rulebook=RULEBOOK)) == ("not done: this desk has no lines",)
