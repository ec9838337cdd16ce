"""An address from which letters come back rests, and wakes when something proves that somebody reads there."""

from __future__ import annotations

import pytest

from rules.letters.resting import Reach, awake, count_failure, is_dead_address, is_resting, why_resting
from rules.sections.desk import LetterRules
from tests.samples import ALICE, DAY, NOW

RULES = LetterRules()


def after(*days: int) -> Reach:
    reach = Reach()
    for day in days:
        reach = count_failure(reach, RULES, NOW + day * DAY)
    return reach


def test_three_hard_bounces_within_a_month_let_an_address_rest() -> None:
    assert not is_resting(after(0, 1), RULES, NOW + DAY)
    assert is_resting(after(0, 1, 2), RULES, NOW + 2 * DAY)
    assert "rests since 2026-11-25" in str(why_resting(ALICE, after(0, 1, 2), RULES, NOW + 3 * DAY))


def test_bounces_far_apart_are_no_reason_to_rest() -> None:
    assert not is_resting(after(0, 31, 62), RULES, NOW + 62 * DAY)


def test_a_rest_ends_after_its_time_and_begins_again_only_after_three_more() -> None:
    reach, later = after(0, 1, 2), NOW + 33 * DAY
    assert why_resting(ALICE, reach, RULES, later) is None
    assert not is_resting(count_failure(reach, RULES, later), RULES, later)


def test_one_more_bounce_does_not_prolong_a_rest() -> None:
    assert after(0, 1, 2, 3).resting_since == after(0, 1, 2).resting_since


def test_an_address_that_woke_has_no_failures() -> None:
    assert awake(after(0, 1, 2)) == Reach()


@pytest.mark.parametrize(
    ("reply", "dead"),
    [
        pytest.param("550 5.1.1 user unknown", True, id="no such mailbox"),
        pytest.param("550 5.1.10 recipient not found", True, id="as Exchange says it"),
        pytest.param("550 5.7.1 blocked by policy", False, id="a policy tells of us"),
        pytest.param("552 5.3.4 message too big", False, id="the size tells of the letter"),
        pytest.param("550 mailbox 15.1.1.7 refused", False, id="an address of the network is no code"),
    ],
)
def test_only_a_missing_mailbox_counts_as_a_hard_bounce(reply: str, dead: bool) -> None:
    assert is_dead_address(reply) is dead
