"""`!wait`, `!eta`, `!note`, `!escalate`: how the work goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.decide import decide
from rules.facts import apply
from tests.rules.commands.scene import OPENED, RULEBOOK, letter, open_for, results, ticket_of, told, writes
from tests.samples import ALICE, BOB, CHEN, DING, HOUR, LI, NOW, a_mail, rulebook_with
from tests.samples import RULEBOOK as SMALL


class TestWait:
    WHOM = (
        pytest.param("", "requester", id="nobody named is the requester"),
        pytest.param("requester", "requester", id="the requester"),
        pytest.param("用户提供截图", "requester", id="with a reason joined to it"),
        pytest.param("vendor: a new part", "vendor", id="the vendor"),
        pytest.param("the building office", "the building office", id="somebody else"),
        pytest.param("x" * 300, "x" * 80, id="a name without end"),
    )

    @pytest.mark.parametrize(("text", "whom"), WHOM)
    def test_it_waits_for_whom_is_named(self, text: str, whom: str) -> None:
        decision = writes(f"!wait {text}")
        ticket = ticket_of(decision)
        assert (ticket.status, ticket.waiting_for) == ("waiting", whom)
        assert {clock.name for clock in ticket.clocks if clock.paused} == {"resolution"}
        assert told(decision) == ({(ALICE, "progress")} if whom == "requester" else set())

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("!wait requester\nWhich printer is it?", id="on the lines below"),
            pytest.param("!等待用户\n\nWhich printer is it?", id="below a blank line"),
            pytest.param("!wait\nWhich printer is it?", id="below a command alone"),
            pytest.param("!wait Which printer is it?", id="a question where a name should stand"),
        ],
    )
    def test_a_question_goes_to_the_requester(self, text: str) -> None:
        decision = writes(text)
        assert letter(decision, "answer", ALICE).data["text"] == "Which printer is it?"
        assert (ticket_of(decision).waiting_for, told(decision)) == ("requester", {(ALICE, "answer")})
        clock = ticket_of(decision).clock("response")
        assert clock is not None
        assert clock.outcome == "met"

    def test_the_reason_is_kept_and_stays_inside(self) -> None:
        decision = writes("!wait requester who is on leave")
        assert [e.reason for e in decision.events if e.kind == "moved"] == [
            "waiting for the requester: who is on leave"
        ]
        assert "leave" not in str(dict(letter(decision, "progress").data))


class TestEta:
    def test_the_requester_is_told_when(self) -> None:
        decision = writes("!eta 15:30 I bring a new router")
        data = letter(decision, "expected", ALICE).data
        assert (data["expected_by"], data["text"], data["assignee_name"]) == (
            "2026-11-23 15:30",
            "I bring a new router",
            "Li Na",
        )
        assert ticket_of(decision).expected_at == NOW + timedelta(hours=5, minutes=30)

    def test_it_is_an_answer_to_him(self) -> None:
        clock = ticket_of(writes("!eta 2h")).clock("response")
        assert clock is not None
        assert clock.outcome == "met"

    def test_who_joined_by_likeness_gets_the_time_and_no_human_words(self) -> None:
        mail = a_mail(BOB, n=2)
        facts = apply(OPENED, mail, decide(mail, OPENED, RULEBOOK, NOW))
        data = letter(writes("!eta 2h Alice, I am coming", facts=facts), "expected", BOB).data
        assert (data["expected_by"], data["text"]) == ("2026-11-23 12:00", "")

    def test_working_time_is_of_the_desks_calendar(self) -> None:
        assert "2026-11-24 10:00" in results(writes("!eta 9wh"))[0]

    def test_without_a_calendar_working_time_is_not_understood(self) -> None:
        rulebook = SMALL.model_copy(update={"calendars": {}, "clocks": ()})
        facts = open_for(rulebook)
        assert "no calendar tells" in results(writes("!eta 4wh", facts=facts, rulebook=rulebook))[0]

    REFUSED = (
        pytest.param("soon", "no time is told; write it like !eta tomorrow 15:30", id="no time"),
        pytest.param("today 8:00", "that time is past", id="past"),
        pytest.param("2031-01-01 8:00", "more than a year away", id="far away"),
    )

    @pytest.mark.parametrize(("text", "wanted"), REFUSED)
    def test_what_tells_no_time_to_come_is_refused(self, text: str, wanted: str) -> None:
        decision = writes(f"!eta {text}")
        assert wanted in results(decision)[0]
        assert ticket_of(decision).expected_at is None

    def test_a_ticket_without_requesters_tells_nobody(self) -> None:
        nobody = replace(OPENED.tickets[1], participants=())
        decision = writes("!eta 2h", facts=replace(OPENED, tickets=OPENED.tickets.set(1, nobody)))
        assert results(decision) == ("expected by 2026-11-23 12:00",)


class TestNote:
    def test_it_stays_inside(self) -> None:
        decision = writes("!note call him back\nat noon")
        (note,) = [event for event in decision.events if event.kind == "noted"]
        assert (note.text, note.inside, told(decision)) == ("call him back\nat noon", True, set())

    def test_it_is_no_second_look_at_what_the_requester_refused(self) -> None:
        solved = ticket_of(writes("!resolve a new cable"))
        facts = replace(OPENED, tickets=OPENED.tickets.set(1, solved))
        mail = a_mail(
            ALICE,
            "Re: VPN is down",
            "It is not solved, it is down again",
            n=7,
            references=("<1@mail.example>",),
            verified=True,
        )
        refused = apply(facts, mail, decide(mail, facts, RULEBOOK, NOW))
        assert refused.tickets[1].reached("refused")
        assert not ticket_of(writes("!note hm", facts=refused)).reached("reassessed")
        assert ticket_of(writes("!diagnose the router", facts=refused)).reached("reassessed")


class TestEscalate:
    def test_the_rungs_for_asking_are_taken(self) -> None:
        decision = writes("!escalate the router is too old")
        ticket = ticket_of(decision)
        assert (ticket.priority, ticket.approval) == ("P3", "manager")
        assert told(decision) == {(CHEN, "escalated"), (DING, "escalated"), (DING, "approval")}
        assert "the router is too old" in str(letter(decision, "escalated", CHEN).data["reason"])

    def test_it_may_be_asked_again(self) -> None:
        once = ticket_of(writes("!escalate"))
        again = ticket_of(writes("!escalate", facts=replace(OPENED, tickets=OPENED.tickets.set(1, once))))
        assert again.priority == "P2"

    def test_a_rulebook_without_such_rungs_says_so(self) -> None:
        rulebook = rulebook_with("")
        decision = writes("!escalate", LI, facts=open_for(rulebook), rulebook=rulebook, now=NOW + HOUR)
        assert results(decision)[0].startswith("not done: nothing happens at this desk when somebody asks for it")
        assert {event.kind for event in decision.events} == {"reported"}
