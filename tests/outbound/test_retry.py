from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound.channel import Delivery, Refused, Sent, TryAgain, Unknown
from outbound.retry import Again, Breaker, Course, Done, GiveUp, retry

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = TryAgain("recipient: 451 come back later", 451)
REFUSED = Refused("recipient: 550 no such user", 550)


def _retry(
    delivery: Delivery,
    attempts: int = 1,
    age: timedelta = timedelta(0),
    jitter: float = 0.0,
    breaker: Breaker | None = None,
) -> Course:
    return retry(delivery, attempts=attempts, first_attempt_at=NOW - age, now=NOW, jitter=jitter, breaker=breaker)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 15), (5, 60), (6, 120), (7, 240), (8, 240), (99, 240)]
)
def test_each_delay_is_longer_up_to_four_hours(attempts: int, minutes: int) -> None:
    assert _retry(LATER, attempts) == Again(NOW + timedelta(minutes=minutes))


def test_jitter_adds_at_most_a_fifth() -> None:
    assert _retry(LATER, attempts=5, jitter=1.0) == Again(NOW + timedelta(minutes=72))


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 10), (3, 10), (4, 15), (7, 240)])
def test_after_an_unknown_outcome_ten_minutes_pass_or_more(attempts: int, minutes: int) -> None:
    assert _retry(Unknown("final dot: timed out"), attempts) == Again(NOW + timedelta(minutes=minutes))


def test_while_nobody_answers_every_letter_waits_for_a_quarter_of_a_minute() -> None:
    assert _retry(TryAgain("connect: refused", away=True), attempts=99) == Again(NOW + timedelta(seconds=15))


def test_while_the_server_keeps_us_out_no_letter_waits_longer_than_five_minutes() -> None:
    assert _retry(TryAgain("login: 535", 535, away=True), attempts=99) == Again(NOW + timedelta(minutes=5))


def test_a_sent_letter_is_done() -> None:
    assert _retry(Sent("250 ok")) == Done()


def test_a_refused_letter_is_given_up_at_once() -> None:
    assert _retry(REFUSED) == GiveUp("recipient: 550 no such user")


def test_after_five_days_a_letter_is_given_up_with_the_last_reason() -> None:
    assert _retry(LATER, age=timedelta(days=5)) == GiveUp(
        "not delivered in 5 days; last: recipient: 451 come back later"
    )


def test_the_last_attempt_falls_on_the_end_of_the_five_days() -> None:
    assert _retry(LATER, attempts=30, age=timedelta(days=4, hours=23)) == Again(NOW + timedelta(hours=1))


@given(
    delivery=st.sampled_from([LATER, Unknown("?")]),
    attempts=st.integers(1, 1000),
    age=st.timedeltas(timedelta(0), timedelta(days=6)),
    jitter=st.floats(0, 1),
)
def test_a_letter_is_tried_again_in_the_future_or_given_up(
    delivery: Delivery, attempts: int, age: timedelta, jitter: float
) -> None:
    match _retry(delivery, attempts, age, jitter):
        case Again(at):
            assert timedelta(minutes=1) <= at - NOW <= timedelta(hours=5)
        case GiveUp():
            assert age >= timedelta(days=5)
        case Done():
            pytest.fail("it was not sent")


@pytest.mark.parametrize(
    ("sent", "refused", "is_open"),
    [
        pytest.param(0, 9, False, id="nine letters are too few to judge"),
        pytest.param(5, 5, False, id="half is not more than half"),
        pytest.param(4, 6, True, id="six of ten"),
        pytest.param(0, 10, True, id="all of ten"),
        pytest.param(100, 20, False, id="a fifth of many"),
    ],
)
def test_the_breaker_opens_when_most_letters_are_refused(sent: int, refused: int, is_open: bool) -> None:
    breaker = Breaker().after([Sent("250")] * sent + [REFUSED] * refused, NOW)
    assert (breaker.why_open(NOW) is not None) is is_open


def test_with_an_open_breaker_a_refusal_is_a_delay() -> None:
    breaker = Breaker().after([REFUSED] * 10, NOW)
    assert breaker.why_open(NOW) == "10 of the last 10 letters were refused"
    assert _retry(REFUSED, breaker=breaker) == Again(NOW + timedelta(minutes=1))


def test_the_breaker_forgets_after_ten_minutes() -> None:
    breaker = Breaker().after([REFUSED] * 10, NOW)
    assert breaker.why_open(NOW + timedelta(minutes=9)) is not None
    assert breaker.why_open(NOW + timedelta(minutes=10)) is None


def test_the_breaker_adds_up_the_letters_of_its_ten_minutes_and_stays_small() -> None:
    breaker = Breaker()
    for minute in range(60):
        for _ in range(5):
            breaker = breaker.after([REFUSED, Sent("250")], NOW + timedelta(minutes=minute))
    assert len(breaker.minutes) == 10
    assert {row[1:] for row in breaker.minutes} == {(10, 5)}


def test_what_no_server_has_judged_does_not_count() -> None:
    assert Breaker().after([LATER, Unknown("?")] * 10, NOW) == Breaker()
