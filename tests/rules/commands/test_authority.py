"""Who may give which command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rules.change import Change
from rules.commands.authority import refuse
from rules.commands.verbs import VERBS, Verb
from rules.people import Person, Role
from tests.rules.commands.scene import HE, OPENED, RULEBOOK, SUN, after, lines, results, writes
from tests.samples import CHEN, DING, LI, NOW, WANG, ZHAO, rulebook_with

if TYPE_CHECKING:
    from rules.ticket import Ticket

ENGINEERS_MAY = {
    "take", "resolve", "wait", "line", "category", "eta", "diagnose", "note", "escalate", "arrived", "left",
    "report", "owe", "silence", "for", "join", "split", "help",
}  # fmt: skip
EVERYBODY: tuple[Role, ...] = ("engineer", "lead", "supervisor", "manager", "head")


def change(ticket: Ticket | None = None, rules: str = "") -> Change:
    rulebook = rulebook_with(rules) if rules else RULEBOOK
    return Change(facts=OPENED, rulebook=rulebook, now=NOW, before=ticket or OPENED.tickets[1])


def may(verb: Verb, role: Role, ticket: Ticket | None = None, rules: str = "", teams: tuple[str, ...] = ()) -> bool:
    person = Person(address="somebody@desk.example", role=role, teams=teams)
    return refuse(change(ticket, rules), verb, person) is None


def those_who_may(verb: Verb, ticket: Ticket | None = None, rules: str = "") -> tuple[Role, ...]:
    return tuple(role for role in EVERYBODY if may(verb, role, ticket, rules))


def test_an_engineer_may_work_and_not_decide() -> None:
    assert {verb for verb in VERBS if may(verb, "engineer")} == ENGINEERS_MAY


@pytest.mark.parametrize("role", EVERYBODY)
def test_whoever_stands_above_may_all_that_an_engineer_may(role: Role) -> None:
    assert all(may(verb, role) for verb in VERBS if verb in ENGINEERS_MAY)


BY_DEFAULT = [
    pytest.param("priority", EVERYBODY[1:], "", id="the level is the lead's and those above"),
    pytest.param("assign", EVERYBODY[1:], "", id="so is naming the assignee"),
    pytest.param("close", EVERYBODY[1:], "", id="and closing without the requester's word"),
    pytest.param("review", EVERYBODY[1:], "", id="and a review"),
    pytest.param("review", EVERYBODY[2:], '[review]\nby = "supervisor"', id="which may be the supervisor's"),
    pytest.param("findings", EVERYBODY[2:], '[complaints]\nverified_by = "supervisor"', id="who verifies complaints"),
    pytest.param("decide", EVERYBODY[4:], '[complaints]\ndecided_by = "head"', id="who decides them"),
    pytest.param("decide", EVERYBODY[3:], "[complaints]", id="the manager where nobody is named"),
    pytest.param("take", ("lead",), '[authority]\nroles = { take = ["lead"] }', id="a rulebook may say otherwise"),
    pytest.param("priority", EVERYBODY[:1], '[authority]\nroles = { priority = ["engineer"] }', id="of each command"),
    pytest.param("note", EVERYBODY, '[authority]\nroles = { take = ["lead"] }', id="the others keep what they had"),
    pytest.param("close", (), "[authority]\nroles = { close = [] }", id="and may leave one to nobody"),
]


@pytest.mark.parametrize(("verb", "roles", "rules"), BY_DEFAULT)
def test_authority_goes_by_role(verb: Verb, roles: tuple[Role, ...], rules: str) -> None:
    assert those_who_may(verb, rules=rules) == roles


@pytest.mark.parametrize(
    ("asked", "roles"), [("lead", EVERYBODY[1:]), ("manager", EVERYBODY[3:]), ("head", EVERYBODY[4:])]
)
def test_an_approval_is_given_by_the_role_that_was_asked_or_a_higher_one(asked: str, roles: tuple[Role, ...]) -> None:
    ticket = replace(OPENED.tickets[1], approval=asked)
    assert those_who_may("approve", ticket) == those_who_may("reject", ticket) == roles


def test_engineers_of_the_desks_own_team_verify_complaints_too() -> None:
    assert may("findings", "engineer", teams=("desk",))
    assert not may("findings", "engineer", teams=("network",))


def test_the_assignee_may_hand_on_what_is_his() -> None:
    assert results(writes("!assign Wang Wei", LI)) == ("Wang Wei has it now, and is told",)
    assert results(writes("!assign Wang Wei", ZHAO)) == (
        "not done: !assign is for lead, supervisor, manager, head, the assignee",
    )


def test_whoever_is_the_assignee_may_what_an_engineer_may() -> None:
    rulebook = rulebook_with('[authority]\nroles = { resolve = ["engineer"] }')
    taken = after("!take", by=CHEN)
    assert "is resolved" in results(writes("!resolve new cable", CHEN, facts=taken, rulebook=rulebook))[0]
    assert results(writes("!resolve new cable", DING, facts=taken, rulebook=rulebook)) == (
        "not done: !resolve is for engineer",
    )


REFUSED = [
    pytest.param("!priority P1", WANG, "!priority is for lead, supervisor, manager, head", id="in English"),
    pytest.param("！决定 致歉", SUN, "未执行：!决定 仅限负责人使用", id="in Simplified Chinese"),
    pytest.param("！批准", HE, "未執行：202611-001 沒有待核准事項", id="in Traditional Chinese"),
    pytest.param("！優先級 P1", LI, "!優先級 is for lead", id="with the word as it was written"),
]


@pytest.mark.parametrize(("text", "by", "wanted"), REFUSED)
def test_a_refusal_says_who_may_in_the_readers_language(text: str, by: str, wanted: str) -> None:
    decision = writes(text, by)
    assert wanted in results(decision)[0]
    assert decision.ticket is not None
    assert {event.kind for event in decision.events} == {"reported"}


DONE_WITH = [
    pytest.param("!resolve new cable", {"take", "resolve", "assign", "wait", "line", "priority", "eta"}, id="resolved"),
    pytest.param(
        "!close by phone", {"take", "category", "diagnose", "review", "arrived", "left", "close"}, id="closed"
    ),
]


@pytest.mark.parametrize(("text", "refused"), DONE_WITH)
def test_what_makes_no_sense_on_a_ticket_that_is_done_says_so(text: str, refused: set[Verb]) -> None:
    ticket = after(text, by=CHEN).tickets[1]
    chen = Person(address=CHEN, role="head")
    reasons = {verb: refuse(change(ticket), verb, chen) for verb in VERBS}
    assert {str(reasons[verb]) for verb in refused} == {f"202611-001 is {ticket.status} already"}
    assert not any(reasons[verb] for verb in ("note", "report", "owe", "help", "for", "findings", "decide"))


HELP = [
    pytest.param(LI, "!take", "!priority Urgent", id="an engineer"),
    pytest.param(CHEN, "!priority Urgent", "!approve", id="a lead, whom nobody asked for approval"),
    pytest.param(SUN, "!优先级 紧急", "!take", id="in Simplified Chinese"),
    pytest.param(HE, "!優先順序 緊急", "!優先級 緊急", id="in Traditional Chinese"),
]


@pytest.mark.parametrize(("by", "there", "missing"), HELP)
def test_help_lists_what_somebody_may_do_here(by: str, there: str, missing: str) -> None:
    decision = writes("!help", by)
    shown = [command for command, _ in lines(decision)]
    assert there in shown
    assert missing not in shown
    assert {event.kind for event in decision.events} == {"reported"}


def test_help_offers_what_there_is_to_do_by_it() -> None:
    owed = after("!left", "!escalate stuck")
    assert "!report On-site report the text of it" in dict(lines(writes("!help", LI, facts=owed)))
    assert "!approve" in dict(lines(writes("!help", DING, facts=owed)))
