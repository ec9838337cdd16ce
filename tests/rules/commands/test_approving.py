"""`!approve`, `!reject`, `!findings`, `!decide`: those who are asked."""

from __future__ import annotations

import pytest

from rules.decide import decide
from rules.events import ApprovalGiven, Reached
from rules.facts import Facts, apply
from tests.rules.commands.scene import HE, OPENED, after, letter, results, ticket_of, told, writes
from tests.samples import ALICE, CHEN, DING, LI, NOW, a_mail, rulebook_with

ASKED = after("!escalate a new router costs 9000")


@pytest.mark.parametrize(("command", "granted"), [("!approve", True), ("!reject", False)])
class TestApproval:
    def test_it_is_recorded_and_who_works_on_it_is_told(self, command: str, granted: bool) -> None:
        decision = writes(f"{command} only this once", DING, facts=ASKED)
        (given,) = [event for event in decision.events if isinstance(event, ApprovalGiven)]
        assert (given.by, given.granted, given.text) == (DING, granted, "only this once")
        data = letter(decision, "approved", LI).data
        assert (data["granted"], data["author"], data["text"]) == (granted, "Ding Yi", "only this once")
        assert ticket_of(decision).approval is None

    def test_a_higher_role_may_answer_too(self, command: str, granted: bool) -> None:
        assert ticket_of(writes(command, HE, facts=ASKED)).approval is None

    def test_a_lower_one_may_not(self, command: str, granted: bool) -> None:
        decision = writes(command, CHEN, facts=ASKED)
        assert results(decision) == (f"not done: {command} is for manager, head",)
        assert ticket_of(decision).approval == "manager"

    def test_the_first_answer_counts(self, command: str, granted: bool) -> None:
        answered = after(command, by=DING, facts=ASKED)
        assert results(writes("!approve", DING, facts=answered)) == (
            "not done: no approval is asked for on 202611-001",
        )


def complained(facts: Facts = OPENED) -> Facts:
    rulebook = rulebook_with('[classification.kinds.complaint]\nwords = { "complaint" = 5 }')
    mail = a_mail(
        ALICE,
        "Re: VPN is down",
        "This is a complaint: nobody calls.",
        n=8,
        references=("<1@mail.example>",),
        verified=True,
    )
    return apply(facts, mail, decide(mail, facts, rulebook, NOW))


class TestComplaint:
    def test_the_findings_are_recorded_and_go_to_who_decides(self) -> None:
        decision = writes("!findings he was called twice", CHEN, facts=complained())
        (reached,) = [e for e in decision.events if isinstance(e, Reached) and e.milestone == "verified"]
        assert (reached.by, reached.text) == (CHEN, "he was called twice")
        assert (HE, "findings") in told(decision)

    def test_the_decision_is_told(self) -> None:
        decision = writes("！決定 致歉", HE, facts=after("!findings x", by=CHEN, facts=complained()))
        assert ticket_of(decision).reached("decided")
        assert (ALICE, "decision") in told(decision)

    def test_without_words_nothing_is_recorded(self) -> None:
        for text, by in (("!findings", CHEN), ("!decide", HE)):
            assert {event.kind for event in writes(text, by, facts=complained()).events} == {"reported"}

    def test_without_a_complaint_there_is_nothing_to_find_out(self) -> None:
        assert results(writes("!findings x", CHEN)) == ("not done: nobody complained on 202611-001",)
