"""`!resolve`, `!close`: the end of a ticket."""

from __future__ import annotations

from rules.decide import decide
from rules.events import Closed
from rules.facts import apply
from tests.rules.commands.scene import OPENED, RULEBOOK, after, letter, results, ticket_of, told, writes
from tests.samples import ALICE, BOB, CHEN, LI, NOW, a_mail


class TestResolve:
    def test_the_solution_is_written_down_and_the_requester_asked(self) -> None:
        decision = writes("!resolve\nreplaced the router\nand tested it")
        assert (ticket_of(decision).status, ticket_of(decision).solution) == (
            "resolved",
            "replaced the router\nand tested it",
        )
        assert told(decision) == {(ALICE, "resolved")}
        assert results(decision) == ("202611-001 is resolved; the requesters are asked whether it is solved",)

    def test_without_a_solution_nothing_is_resolved(self) -> None:
        decision = writes("！解决")
        assert "write the solution behind it; write it like !resolve" in results(decision)[0]
        assert ticket_of(decision).open

    def test_what_is_resolved_is_not_resolved_again(self) -> None:
        assert results(writes("!resolve again", facts=after("!resolve x"))) == (
            "not done: 202611-001 is resolved already",
        )


class TestClose:
    def test_a_lead_closes_with_a_reason_which_everybody_hears(self) -> None:
        decision = writes("!close confirmed by phone", CHEN)
        (closed,) = [event for event in decision.events if isinstance(event, Closed)]
        assert (closed.how, closed.reason) == ("assignee", "confirmed by phone")
        assert told(decision) == {(ALICE, "closed"), (LI, "message")}
        assert letter(decision, "closed").data["reason"] == "confirmed by phone"

    def test_no_clock_runs_any_longer_but_for_what_is_owed(self) -> None:
        ticket = ticket_of(writes("!close by phone", CHEN, facts=after("!left")))
        assert {clock.name for clock in ticket.clocks if clock.running} == {"visit_report"}

    def test_a_solved_ticket_may_be_closed(self) -> None:
        assert ticket_of(writes("!close by phone", CHEN, facts=after("!resolve x"))).status == "closed"

    def test_who_joined_by_likeness_hears_of_it_without_human_words(self) -> None:
        mail = a_mail(BOB, n=2)
        facts = apply(OPENED, mail, decide(mail, OPENED, RULEBOOK, NOW))
        assert letter(writes("!close Alice said so", CHEN, facts=facts), "closed", BOB).data["reason"] == ""

    def test_it_needs_a_reason(self) -> None:
        decision = writes("!close", CHEN)
        assert "write the reason behind it" in results(decision)[0]
        assert ticket_of(decision).open

    def test_an_engineer_may_not(self) -> None:
        assert ticket_of(writes("!close by phone", LI)).open
