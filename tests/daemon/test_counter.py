"""What lies on the counter is taken in order, in batches of bounded weight, and always answered."""

from __future__ import annotations

import queue

import pytest

from daemon.counter import LARGEST_BATCH, Counter, CounterClosedError, Do, Item, Receive
from tests.samples import an_alert


def _do() -> Do:
    return Do(lambda _: None)


def test_what_waits_is_taken_together_and_in_order() -> None:
    counter = Counter()
    items: list[Item] = [Receive([an_alert()]), _do(), Receive([an_alert(), an_alert()])]
    for item in items:
        counter.lay_down(item)
    assert counter.waiting == 3
    assert counter.take(0) == items
    assert counter.take(0) == []


def test_a_batch_ends_before_it_grows_too_heavy_and_nothing_is_forgotten() -> None:
    counter = Counter()
    light, heavy, last = _do(), Receive([an_alert()] * LARGEST_BATCH), _do()
    for item in (light, heavy, last):
        counter.lay_down(item)
    assert counter.take(0) == [light]
    assert counter.waiting == 2
    assert counter.take(0) == [heavy]
    assert counter.take(0) == [last]


def test_an_item_heavier_than_a_batch_is_taken_alone() -> None:
    counter = Counter()
    heavy = Receive([an_alert()] * (2 * LARGEST_BATCH))
    counter.lay_down(heavy)
    counter.lay_down(_do())
    assert counter.take(0) == [heavy]


def test_a_full_counter_takes_nothing_more() -> None:
    counter = Counter(capacity=2)
    counter.lay_down(_do())
    counter.lay_down(_do())
    with pytest.raises(queue.Full):
        counter.lay_down(_do())


def test_a_closed_counter_takes_nothing_and_gives_what_it_has() -> None:
    counter, item = Counter(), _do()
    counter.lay_down(item)
    counter.close()
    with pytest.raises(CounterClosedError):
        counter.lay_down(_do())
    assert counter.take(0) == [item]


def test_whatever_lies_there_can_be_refused_at_once() -> None:
    counter = Counter()
    items: list[Item] = [_do(), Receive([an_alert()] * LARGEST_BATCH), _do()]
    for item in items:
        counter.lay_down(item)
    assert counter.take(0) == items[:1]  # keeps the heavy one back
    counter.refuse(CounterClosedError())
    assert [type(item.answer.exception(0)) for item in items[1:]] == [CounterClosedError] * 2


def test_who_comes_to_an_empty_counter_waits_no_longer_than_told() -> None:
    assert Counter().take(0.001) == []
