"""How urgent a report is."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.decide import decide
from rules.directory import Contact
from rules.judging.priority import higher, judge, judge_again, judge_answer, raise_level
from rules.rulebook import Rulebook
from rules.ticket import IMPACTS, URGENCIES, Participant
from tests.samples import ALICE, FACTS, NOW, RULEBOOK, RULEBOOK_TEXT, a_mail, an_alert

if TYPE_CHECKING:
    from rules.ticket import Impact, Ticket, Urgency

LEVELS = RULEBOOK.priority.levels


@pytest.mark.parametrize(
    ("text", "people", "impact", "urgency", "priority"),
    [
        pytest.param("VPN", 1, "small", "medium", "P4", id="nothing told: the rulebook's defaults"),
        pytest.param("urgent: VPN", 1, "small", "high", "P3", id="words tell urgency"),
        pytest.param("the whole company has no VPN", 1, "large", "medium", "P2", id="words tell impact"),
        pytest.param("VPN", 4, "medium", "medium", "P3", id="four people are a medium impact"),
        pytest.param("the whole company has no VPN", 4, "large", "medium", "P2", id="the wider of both"),
        pytest.param("urgent: VPN", 10, "large", "high", "P1", id="ten people and urgent"),
    ],
)
def test_words_and_people_give_the_level(text: str, people: int, impact: str, urgency: str, priority: str) -> None:
    judgement = judge(a_mail(text=text), RULEBOOK, people=people)
    assert (judgement.impact, judgement.urgency, judgement.priority) == (impact, urgency, priority)
    assert judgement.reasons[-1] == f"{priority}: {impact} impact, {urgency} urgency"


def test_an_alert_is_an_incident_whatever_its_words() -> None:
    alert = an_alert(name="PleaseInstall")
    assert judge(alert, RULEBOOK, people=0).kind == "incident"


def test_more_people_widen_the_impact_and_fewer_never_narrow_it() -> None:
    ticket = decide(a_mail(ALICE, text="the whole company has no VPN"), FACTS, RULEBOOK, NOW).ticket
    assert ticket is not None
    assert judge_again(ticket, 4, RULEBOOK) is None


SIGNALS = """
[requesters]
external_team = "hardware"
[zones.city]
words = { 1 = ["downtown"] }
[zones.suburbs]
words = { 1 = ["suburb"] }
[classification.kinds.question]
words = { 3 = ["how do i"] }
[priority.urgency.low]
words = { 1 = ["no rush"] }
departments = ["Archive"]
"""
VIPS = RULEBOOK_TEXT.replace(
    "high = { words = { urgent = 1 } }",
    'high = { words = { urgent = 1 }, vip = true, departments = ["Executive Office", "总裁办"], '
    "patterns = ['[2-9][0-9] ?(楼|floor)'] }",
).replace("[repeats]", SIGNALS + "[repeats]", 1)
WITH_VIPS = Rulebook.model_validate(tomllib.loads(VIPS))


@pytest.mark.parametrize(
    ("text", "contact", "urgency", "reason"),
    [
        pytest.param("VPN", {"vip": True}, "high", "urgency high: a VIP", id="a VIP"),
        pytest.param("VPN, no rush", {"vip": True}, "high", "urgency high: a VIP", id="a VIP who has time"),
        pytest.param(
            "VPN",
            {"department": "executive office "},
            "high",
            "urgency high: department Executive Office",
            id="a department, in any case",
        ),
        pytest.param("VPN", {"department": "總裁辦"}, "high", "urgency high: department 总裁办", id="in either script"),
        pytest.param("VPN", {"department": "Executive"}, "medium", None, id="a part of its name is another"),
        pytest.param("VPN", {"department": "archive"}, "low", "urgency low: department Archive", id="a quiet one"),
        pytest.param(
            "urgent VPN", {"department": "archive"}, "high", "urgency high: urgent", id="the highest of several wins"
        ),
        pytest.param("VPN", {}, "medium", None, id="nobody in particular"),
        pytest.param(
            "VPN on the 23 floor", {}, "high", "urgency high: 23 floor (by [2-9][0-9] ?(楼|floor))", id="a pattern"
        ),
    ],
)
def test_the_highest_signal_gives_the_urgency(
    text: str, contact: dict[str, Any], urgency: str, reason: str | None
) -> None:
    person = Contact(address=ALICE, **contact)
    judgement = judge(a_mail(ALICE, subject="", text=text), WITH_VIPS, people=1, contact=person)
    assert judgement.urgency == urgency
    assert [each for each in judgement.reasons if each.startswith("urgency high")] == (
        [reason] if reason and urgency == "high" else []
    )
    assert reason is None or reason in judgement.reasons


def test_a_vip_of_an_alert_is_nobody() -> None:
    person = Contact(address=ALICE, vip=True)
    assert judge(an_alert(), WITH_VIPS, people=0, contact=person).urgency == "medium"


@pytest.mark.parametrize(
    ("text", "zone", "told"),
    [
        pytest.param("downtown", "suburbs", "suburbs", id="the people file knows best"),
        pytest.param("downtown", "moon", "city", id="not a zone of this rulebook"),
        pytest.param("downtown", "", "city", id="words tell it"),
        pytest.param("VPN", "", None, id="nothing tells it"),
    ],
)
def test_the_place_is_told_by_the_people_file_or_by_words(text: str, zone: str, told: str | None) -> None:
    person = Contact(address=ALICE, zone=zone)
    assert judge(a_mail(text=text), WITH_VIPS, people=1, contact=person).zone == told


def test_what_customers_report_has_a_team_of_its_own() -> None:
    assert judge(a_mail(), WITH_VIPS, people=1).team == "network"
    assert judge(a_mail(), WITH_VIPS, people=1, relation="external").team == "hardware"
    assert judge(a_mail(), RULEBOOK, people=1, relation="external").team == "network"


def a_ticket(text: str, subject: str = "help", **changes: Any) -> Ticket:
    ticket = decide(a_mail(ALICE, subject=subject, text=text), FACTS, WITH_VIPS, NOW).ticket
    assert ticket is not None
    return replace(ticket, **changes)


def test_an_answer_that_tells_nothing_new_changes_nothing() -> None:
    assert judge_answer(a_ticket("VPN"), "VPN, number 7", WITH_VIPS, None) is None


def test_an_answer_raises_the_urgency_the_impact_and_the_level() -> None:
    again = judge_answer(a_ticket("VPN"), "VPN. urgent, the whole company", WITH_VIPS, None)
    assert again is not None
    assert (again.impact, again.urgency, again.priority) == ("large", "high", "P1")
    assert {"urgency high: urgent", "impact large: the whole company"} <= set(again.reasons)
    assert again.reasons[-1] == "P1: large impact, high urgency"


def test_an_answer_tells_a_category_that_nobody_could_tell() -> None:
    ticket = a_ticket("it does not work")
    again = judge_answer(ticket, "it does not work, the printer", WITH_VIPS, None)
    assert ticket.category == "other"
    assert again is not None
    assert (again.category, again.team, again.priority) == ("hardware", "hardware", ticket.priority)
    assert "category hardware: printer (3)" in again.reasons


def test_a_category_that_was_told_stays() -> None:
    assert judge_answer(a_ticket("VPN"), "VPN printer printer 打印机", WITH_VIPS, None) is None


def test_an_answer_tells_the_kind_where_it_was_the_default() -> None:
    again = judge_answer(a_ticket("VPN"), "how do I start the VPN", WITH_VIPS, None)
    assert again is not None
    assert again.kind == "question"
    assert judge_answer(a_ticket("VPN", kind="request"), "how do I start the VPN", WITH_VIPS, None) is None


def test_a_kind_that_always_has_one_level_says_so() -> None:
    rulebook = Rulebook.model_validate(tomllib.loads(VIPS + '[priority.by_kind]\nquestion = "P1"\n'))
    again = judge_answer(a_ticket("VPN"), "how do I start the VPN", rulebook, None)
    assert again is not None
    assert (again.priority, again.reasons[-1]) == ("P1", "P1: every question")
    assert judge(a_mail(text="how do I start it"), rulebook, people=1).reasons[-1] == "P1: every question"


def test_what_would_lower_the_level_is_only_said() -> None:
    ticket = a_ticket("urgent: VPN")
    again = judge_answer(ticket, "VPN, no rush", WITH_VIPS, None)
    assert again is not None
    assert (again.urgency, again.priority) == (ticket.urgency, ticket.priority) == ("high", "P3")
    assert again.reasons == ("would be P4 now; only a person lowers it",)


def test_a_level_that_rungs_raised_is_no_reason_to_lower_it() -> None:
    assert judge_answer(a_ticket("VPN", priority="P1", raised=3), "VPN, no news", WITH_VIPS, None) is None


def test_an_answer_counts_everybody_who_reported() -> None:
    people = tuple(Participant(address=f"p{n}@corp.example", counted=True) for n in range(4))
    again = judge_answer(a_ticket("VPN", participants=people), "VPN", WITH_VIPS, None)
    assert again is not None
    assert (again.impact, again.priority) == ("medium", "P3")
    assert "impact medium: 4 people report it" in again.reasons


@given(st.text(max_size=40), st.sampled_from(LEVELS), st.sampled_from(IMPACTS), st.sampled_from(URGENCIES))
def test_an_answer_never_lowers_anything(text: str, level: str, impact: Impact, urgency: Urgency) -> None:
    ticket = replace(VPN_TICKET, priority=level, impact=impact, urgency=urgency)
    again = judge_answer(ticket, text.encode(errors="replace").decode(), WITH_VIPS, None)
    if again is not None:
        assert not higher(level, again.priority, WITH_VIPS)
        assert IMPACTS.index(again.impact) <= IMPACTS.index(ticket.impact)
        assert URGENCIES.index(again.urgency) <= URGENCIES.index(ticket.urgency)


VPN_TICKET = a_ticket("VPN")


@given(st.sampled_from(LEVELS), st.integers(0, 9))
def test_raising_never_lowers_and_ends_at_the_top(level: str, steps: int) -> None:
    raised = raise_level(level, steps, RULEBOOK)
    assert raised in LEVELS
    assert not higher(level, raised, RULEBOOK)
