"""How urgent a report is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.decide import decide
from rules.priority import higher, judge, judge_again, raise_level
from tests.samples import ALICE, FACTS, NOW, RULEBOOK, a_mail, an_alert

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


@given(st.sampled_from(LEVELS), st.integers(0, 9))
def test_raising_never_lowers_and_ends_at_the_top(level: str, steps: int) -> None:
    raised = raise_level(level, steps, RULEBOOK)
    assert raised in LEVELS
    assert not higher(level, raised, RULEBOOK)
