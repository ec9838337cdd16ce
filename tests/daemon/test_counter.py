"""What lies on the counter is taken in order, in batches of bounded weight, and always answered; mail before alerts."""

from __future__ import annotations

import queue
import threading

import pytest

from daemon.counter import LARGEST_BATCH, MOST_ALERTS, Counter, CounterClosedError, Do, Item, Receive
from tests.samples import a_mail, an_alert
from tests.servers.process import PATIENCE


def _do() -> Do:
    return Do(lambda _: None)


def test_what_waits_is_taken_together_and_in_order() -> None:
    counter = Counter()
    items: list[Item] = [Receive([a_mail()]), _do(), Receive([a_mail(), a_mail()])]
    for item in items:
        counter.lay_down(item)
    assert counter.waiting == 3
    assert counter.take(0) == items
    assert counter.take(0) == []


def test_mail_and_whatever_else_is_single_does_not_wait_behind_alerts() -> None:
    counter = Counter()
    storm: list[Item] = [Receive([an_alert()] * (MOST_ALERTS // 2)) for _ in range(10)]
    mail, letters = Receive([a_mail()]), _do()
    for item in (*storm, mail, letters):
        counter.lay_down(item)
    assert counter.take(0) == [mail, letters]
    assert counter.take(0) == storm[:2]
    assert counter.take(0) == storm[2:4]


def test_many_alerts_wait_for_one_batch_of_single_things_and_not_for_two() -> None:
    counter = Counter()
    storm = [Receive([an_alert()] * MOST_ALERTS) for _ in range(2)]
    mails = [Receive([a_mail()] * LARGEST_BATCH) for _ in range(3)]
    for item in (*storm, *mails):
        counter.lay_down(item)
    taken = [counter.take(0) for _ in range(4)]
    assert taken == [mails[:1], [mails[1], storm[0]], mails[2:], storm[1:]]


def test_alerts_do_not_wait_until_all_mail_is_through() -> None:
    counter = Counter()
    mails = [Receive([a_mail()] * (LARGEST_BATCH // 2)) for _ in range(10)]
    alerts = Receive([an_alert()])
    for item in (*mails, alerts):
        counter.lay_down(item)
    assert counter.take(0) == [*mails[:2], alerts]


def test_a_row_of_alerts_that_is_full_leaves_room_for_mail() -> None:
    counter = Counter(capacity=1)
    counter.lay_down(Receive([an_alert()]))
    counter.lay_down(Receive([a_mail()]))
    with pytest.raises(queue.Full):
        counter.lay_down(Receive([an_alert()]))


def test_a_batch_ends_before_it_grows_too_heavy_and_nothing_is_forgotten() -> None:
    counter = Counter()
    light, heavy, last = _do(), Receive([a_mail()] * LARGEST_BATCH), _do()
    for item in (light, heavy, last):
        counter.lay_down(item)
    assert counter.take(0) == [light]
    assert counter.waiting == 2
    assert counter.take(0) == [heavy]
    assert counter.take(0) == [last]


def test_an_item_heavier_than_a_batch_is_taken_alone() -> None:
    counter = Counter()
    heavy = Receive([a_mail()] * (2 * LARGEST_BATCH))
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
    items: list[Item] = [_do(), Receive([a_mail()] * LARGEST_BATCH), Receive([an_alert()])]
    for item in items[:2]:
        counter.lay_down(item)
    assert counter.take(0) == items[:1]  # leaves the heavy one
    counter.lay_down(items[2])
    counter.refuse(CounterClosedError())
    assert [type(item.answer.exception(0)) for item in items[1:]] == [CounterClosedError] * 2


def test_who_comes_to_an_empty_counter_waits_no_longer_than_told() -> None:
    assert Counter().take(0.001) == []


def test_who_waits_at_a_counter_that_closes_is_sent_away_at_once() -> None:
    counter = Counter()
    taken: list[list[Item]] = []
    waiting = threading.Thread(target=lambda: taken.append(counter.take(10 * PATIENCE)))
    waiting.start()
    counter.close()
    waiting.join(PATIENCE)
    assert taken == [[]]
    assert counter.take(10 * PATIENCE) == []
