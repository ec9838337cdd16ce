"""`!arrived`, `!left`, `!report`, `!owe`: visits, and what is written."""

from __future__ import annotations

import pytest

from rules.events import Reached, Written
from tests.rules.commands.scene import HE, OPENED, SUN, after, results, ticket_of, told, writes
from tests.samples import CHEN, LI, RULEBOOK

OWED = after("!arrived\n!left two cables")
BOTH = after("!owe article", facts=OWED)


class TestVisit:
    def test_an_arrival_stops_its_clock_and_starts_work(self) -> None:
        decision = writes("!arrived building 3")
        ticket = ticket_of(decision)
        clock = ticket.clock("arrival")
        assert clock is not None
        assert (clock.outcome, ticket.status) == ("met", "in_progress")
        assert [e.text for e in decision.events if isinstance(e, Reached) and e.milestone == "arrived"] == [
            "building 3"
        ]

    def test_who_is_there_cannot_arrive_again(self) -> None:
        there = after("!arrived")
        assert results(writes("!arrived", facts=there)) == ("not done: somebody has been there since 2026-11-23 10:00",)

    def test_who_left_may_arrive_again(self) -> None:
        assert results(writes("!arrived", facts=OWED)) == ("your arrival is recorded",)

    def test_leaving_keeps_the_parts_and_tells_what_is_owed_of_it(self) -> None:
        decision = writes("!left two cables", facts=after("!arrived"))
        assert [e.text for e in decision.events if isinstance(e, Reached) and e.milestone == "left"] == ["two cables"]
        assert results(decision) == ("recorded that you left; On-site report is owed now",)
        assert told(decision) == {(LI, "owed")}

    def test_leaving_without_an_arrival_is_recorded_and_said(self) -> None:
        decision = writes("!left")
        assert ticket_of(decision).reached("left")
        assert "no arrival was recorded before" in results(decision)[0]

    def test_one_may_leave_after_the_solution(self) -> None:
        decision = writes("!resolve a new cable\n!left", facts=after("!arrived"))
        assert (ticket_of(decision).reached("left"), ticket_of(decision).status) == (True, "resolved")

    def test_who_is_there_may_tell_that_he_left_when_the_ticket_is_closed_already(self) -> None:
        closed = after("!close by phone", by=CHEN, facts=after("!arrived"))
        assert "recorded that you left" in results(writes("!left", facts=closed))[0]
        assert results(writes("!left", facts=after("!close by phone", by=CHEN))) == (
            "not done: 202611-001 is closed already",
        )


class TestReport:
    TEXTS = (
        pytest.param("visit_report changed the cable", id="by its name"),
        pytest.param("visit-report: changed the cable", id="with a hyphen"),
        pytest.param("Visit report changed the cable", id="with a blank"),
        pytest.param("On-site report: changed the cable", id="by its name in a language"),
        pytest.param("现场报告\nchanged the cable", id="in Chinese"),
        pytest.param("現場報告 changed the cable", id="in Traditional Chinese"),
        pytest.param("changed the cable", id="without a name where only one is owed"),
    )

    @pytest.mark.parametrize("text", TEXTS)
    def test_what_is_owed_is_written_and_its_clock_stops(self, text: str) -> None:
        decision = writes(f"!report {text}", facts=OWED)
        (written,) = [event for event in decision.events if isinstance(event, Written)]
        clock = ticket_of(decision).clock("visit_report")
        assert clock is not None
        assert (written.name, written.text, clock.outcome) == ("visit_report", "changed the cable", "met")
        assert results(decision) == ("On-site report is written",)

    def test_it_may_be_written_after_the_ticket_is_closed(self) -> None:
        closed = after("!close by phone", by=CHEN, facts=OWED)
        assert results(writes("!report changed the cable", facts=closed)) == ("On-site report is written",)

    REFUSED = (
        pytest.param(OPENED, "x", "nothing is owed on 202611-001", id="nothing owed"),
        pytest.param(OWED, "", "write the text of On-site report behind it", id="no text"),
        pytest.param(OWED, "现场报告", "write the text of On-site report behind it", id="only its name"),
        pytest.param(OWED, "article x", "Article is not owed; owed is On-site report", id="what is not owed"),
        pytest.param(BOTH, "x", "say which: On-site report, Article", id="two owed, and none named"),
    )

    @pytest.mark.parametrize(("facts", "text", "wanted"), REFUSED)
    def test_otherwise_it_says_what_is_wrong(self, facts, text: str, wanted: str) -> None:  # type: ignore[no-untyped-def]
        decision = writes(f"!report {text}", facts=facts)
        assert wanted in results(decision)[0]
        assert {event.kind for event in decision.events} == {"reported"}


class TestOwe:
    def test_who_has_the_ticket_owes_it_by_its_clock(self) -> None:
        decision = writes("!owe article: a new kind of fault", CHEN)
        clock = ticket_of(decision).clock("article")
        assert clock is not None
        assert (clock.running, clock.limit) == (True, "3d")
        assert told(decision) == {(LI, "owed")}
        assert results(decision) == ("Article is owed by Li Na, who is told",)

    REFUSED = (
        pytest.param(
            "", SUN, "未执行：请写明是哪一个：现场报告、知识文章、analysis；写法如：!待写 现场报告", id="none"
        ),
        pytest.param("visit_report", HE, "未執行：現場報告已在待寫之列", id="what is owed already"),
        pytest.param("analysis", LI, "not done: analysis is not for a ticket like this", id="what is of other tickets"),
        pytest.param("artcle", LI, "not done: artcle is not known; did you mean Article?", id="a slip of the pen"),
        pytest.param("poem", LI, "there is On-site report, Article, analysis", id="none of them"),
    )

    @pytest.mark.parametrize(("text", "by", "wanted"), REFUSED)
    def test_otherwise_it_says_which_there_are(self, text: str, by: str, wanted: str) -> None:
        assert wanted in results(writes(f"!owe {text}", by, facts=OWED))[0]

    def test_a_desk_where_nothing_is_owed_says_so(self) -> None:
        assert "nothing that may be owed" in results(writes("!owe article", rulebook=RULEBOOK))[0]
