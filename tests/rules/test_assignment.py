"""Who takes a ticket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from rules.assignment import assign
from rules.people import Person, Shift, Staff
from tests.samples import DAY, LI, NOW, STAFF, WANG, ZHAO


@pytest.mark.parametrize(
    ("team", "skill", "load", "assignee", "reason"),
    [
        pytest.param("network", None, {}, LI, "on duty in network; 0 open, fewest of 2", id="equals by address"),
        pytest.param("network", None, {LI: 2, WANG: 1}, WANG, "on duty in network; 1 open, fewest of 2", id="load"),
        pytest.param("hardware", "printers", {ZHAO: 9}, ZHAO, "skill printers; 9 open, the only one", id="skill"),
        pytest.param(
            "network", "routers", {}, LI, "on duty in network; 0 open, fewest of 2", id="nobody has the skill"
        ),
        pytest.param("desk", None, {}, None, "desk has no engineers", id="a team of nobody"),
    ],
)
def test_the_choice_and_its_reason(
    team: str, skill: str | None, load: dict[str, int], assignee: str | None, reason: str
) -> None:
    chosen = assign(team, skill, load, STAFF, NOW)
    assert (chosen.assignee, chosen.reason) == (assignee, reason)


def test_who_has_as_many_as_he_may_hold_gets_no_more() -> None:
    full = Person(address=LI, teams=("network",), limit=2)
    chosen = assign("network", None, {LI: 2}, Staff(people=Map({LI: full})), NOW)
    assert (chosen.assignee, "as many" in chosen.reason) == (None, True)


@given(days=st.integers(0, 364), load=st.dictionaries(st.sampled_from([LI, WANG]), st.integers(0, 9)))
def test_nobody_off_duty_is_ever_chosen(days: int, load: dict[str, int]) -> None:
    shift = Shift(team="network", people=(LI,), days=frozenset({"wed"}))
    now = NOW + days * DAY
    chosen = assign("network", None, load, Staff(people=STAFF.people, roster=(shift,)), now)
    assert chosen.assignee == (LI if now.weekday() == 2 else None)
