from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.backoff import Backoff


def test_waits_double_up_to_the_ceiling() -> None:
    backoff = Backoff(1.0, 10.0, random=lambda: 0.0)
    assert [backoff.next() for _ in range(6)] == [1, 2, 4, 8, 10, 10]


def test_a_success_starts_again_from_the_shortest_wait() -> None:
    backoff = Backoff(1.0, 300.0, random=lambda: 0.0)
    for _ in range(5):
        backoff.next()
    backoff.reset()
    assert backoff.next() == 1.0


def test_a_server_away_for_months_overflows_nothing() -> None:
    backoff = Backoff(1.0, 300.0, random=lambda: 0.0)
    assert [backoff.next() for _ in range(2000)][-1] == 300.0


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20))
def test_a_wait_is_between_half_and_the_whole(numbers: list[float]) -> None:
    luck = iter(numbers)
    backoff = Backoff(1.0, 300.0, random=lambda: next(luck))
    for attempt in range(len(numbers)):
        whole = min(300.0, 2.0**attempt)
        assert whole / 2 <= backoff.next() <= whole
