"""The alert heals: its people are asked, and the ticket ends when all of them have said that it is over."""

from __future__ import annotations

import pytest

from rules.deciding.decide_due import decide_due
from tests.rules.joining.shop import TABLES, Shop, latency, told
from tests.samples import ALICE, BOB, CAROL, DAY, rulebook_with

SLOW, SLOW_ZH = "Payment is very slow", "支付很慢，一直转圈"
RULEBOOK = rulebook_with(
    TABLES
    + """
[closing]
confirms = ["solved", "已解决"]
refuses = ["not solved", "未解决"]
[[clocks]]
name = "confirmation"
starts = "resolved"
stops = ["confirmed", "refused", "closed"]
when = { people = true }
limit = "2d"
[[escalations]]
name = "silence"
on = "overdue"
clock = "confirmation"
reminds = true
[satisfaction]
ask = "after_closing"
steps = [{ name = "good", names = { en = "good" } }, { name = "bad", names = { en = "bad" }, unhappy = true }]
"""
)


@pytest.fixture
def healed() -> Shop:
    shop = Shop(RULEBOOK)
    shop.fires()
    shop.hears(ALICE, SLOW)
    shop.hears(BOB, "支付慢", SLOW_ZH, language="zh-Hans")
    shop.answers("!join")
    shop.later()
    decision = shop.fires(latency("resolved"))
    assert {(ALICE, "over"), (BOB, "over")} <= told(decision)
    return shop


def test_the_recovery_closes_on_nobody(healed: Shop) -> None:
    assert healed.ticket().status == "resolved"


def test_one_yes_leaves_it_to_the_others(healed: Shop) -> None:
    healed.answers("Solved, thanks", ALICE)
    assert healed.ticket().status == "resolved"
    assert [person.confirmed for person in healed.ticket().participants] == [True, False]


def test_the_last_yes_closes_it_and_is_asked_how_satisfied_he_is(healed: Shop) -> None:
    healed.answers("Solved, thanks", ALICE)
    decision = healed.answers("已解决", BOB)
    assert (healed.ticket().status, healed.ticket().requester) == ("closed", BOB)
    assert (BOB, "closed") in told(decision)


def test_a_no_opens_it_again_and_all_are_asked_anew(healed: Shop) -> None:
    healed.answers("Solved", ALICE)
    healed.answers("未解决，还是慢", BOB)
    assert healed.ticket().open
    assert not any(person.confirmed for person in healed.ticket().participants)


def test_who_does_not_count_is_not_waited_for() -> None:
    shop = Shop(RULEBOOK)
    shop.fires()
    shop.hears(ALICE, SLOW)
    shop.hears("someone@else.example", SLOW, verified=False)
    shop.fires(latency("resolved"))
    shop.answers("Solved", ALICE)
    assert shop.ticket().status == "closed"


def test_impact_counts_people_and_not_mails() -> None:
    shop = Shop(rulebook_with(TABLES + "[alerts.severities.info]\nimpact = 'small'\nurgency = 'low'\n"))
    shop.fires(latency(severity="info"))
    for sender in (ALICE, ALICE, BOB, BOB, CAROL):
        shop.hears(sender, SLOW)
    assert shop.ticket().impact == "small"
    shop.hears("dave@corp.example", SLOW)
    assert shop.ticket().impact == "medium"


def test_who_has_not_answered_is_reminded(healed: Shop) -> None:
    healed.answers("Solved", ALICE)
    healed.later(3 * DAY)
    decision = decide_due(healed.ticket(), healed.facts, healed.rulebook, healed.now)
    assert {letter.to for letter in decision.letters if letter.template == "reminder"} == {BOB}


def test_an_alert_without_people_waits_for_nobodys_word() -> None:
    shop = Shop(RULEBOOK)
    shop.fires()
    shop.fires(latency("resolved"))
    assert shop.ticket().clock("confirmation") is None
