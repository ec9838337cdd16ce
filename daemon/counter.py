"""The counter of the desk: whoever wants something of the one clerk lays it here and waits for the answer.

Alerts come in thousands, and their sender repeats what is not answered; people's mails, letters and clocks come one by
one. So there are two rows: a batch takes what lies in the row of single things, and many alerts come with the next.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rules.report import Alert

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.metrics.tally import Amounts
    from daemon.store.database import Connection
    from rules.decision import Decision
    from rules.report import Report

#: Reports of one transaction. More would not commit cheaper, and the first would wait for the last.
LARGEST_BATCH = 600
#: Alerts of one transaction: so many take a part of a second, and that is how long a mail may wait behind a storm.
MOST_ALERTS = 300
#: Alerts that go along with single things without keeping them waiting.
FEW_ALERTS = 30


class CounterClosedError(Exception):
    """The desk is stopping: nothing more is taken, and what was laid down late is not done."""


@dataclass(slots=True)
class Receive:
    """Reports to decide; the answer is one decision for each, after COMMIT."""

    reports: Sequence[Report]
    counts: Amounts = field(default_factory=dict)
    """What the source tells beside its reports, to be added to the totals in the same transaction."""
    answer: Future[list[Decision]] = field(default_factory=Future)


@dataclass(slots=True)
class Do:
    """Something else to do in the clerk's transaction, such as claiming letters; the answer is what it returns."""

    what: Callable[[Connection], Any]
    answer: Future[Any] = field(default_factory=Future)


Item = Receive | Do


class Counter:
    """Two thread-safe rows with a limit on what is taken at once; `capacity` is that of each."""

    def __init__(self, *, capacity: int = 2_000) -> None:
        self._capacity = capacity
        self._singles, self._alerts = deque[Item](), deque[Item]()
        self._changed = threading.Condition()
        self._closed = False
        self._alerts_turn = False

    def lay_down(self, item: Item) -> None:
        """Lay an item on the counter.

        Raises CounterClosedError while the desk stops, and queue.Full where too much waits already: both are
        temporary failures to whoever asked.
        """
        with self._changed:
            if self._closed:
                raise CounterClosedError
            row = self._alerts if _is_of_alerts(item) else self._singles
            if len(row) >= self._capacity:
                raise queue.Full
            row.append(item)
            self._changed.notify()

    def take(self, patience: float) -> list[Item]:
        """Take what lies there, at most a batch; waits so many seconds for the first item, and not once it is closed.

        Many alerts wait until single things are committed, but not twice: neither row waits for the other to be empty.
        """
        until = time.monotonic() + patience
        with self._changed:
            while not (taken := self._take_batch()):
                left = until - time.monotonic()
                if left <= 0 or self._closed or not self._changed.wait(left):
                    return self._take_batch()
            return taken

    def close(self) -> None:
        """Take nothing more; what lies there is still done."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many items lie there."""
        return len(self._singles) + len(self._alerts)

    def refuse(self, error: Exception) -> None:
        """Answer everything that lies there with an error."""
        with self._changed:
            while item := _take_first(self._singles) or _take_first(self._alerts):
                item.answer.set_exception(error)

    def _take_batch(self) -> list[Item]:
        singles = _take_from(self._singles, LARGEST_BATCH, at_least=1)
        if singles and not self._alerts_turn:
            alerts = _take_from(self._alerts, FEW_ALERTS, at_least=0)
        else:
            alerts = _take_from(self._alerts, MOST_ALERTS, at_least=1)
        self._alerts_turn = bool(self._alerts) and not alerts
        return [*singles, *alerts]


def _take_from(row: deque[Item], most: int, *, at_least: int) -> list[Item]:
    """The first items of a row, so many of them at least, and not more than so many reports."""
    taken, weight = list[Item](), 0
    while row and (len(taken) < at_least or weight + _weight(row[0]) <= most):
        if item := _take_first(row):
            taken.append(item)
            weight += _weight(item)
    return taken


def _take_first(row: deque[Item]) -> Item | None:
    """The first item that is still wanted. Once taken it is done, and whoever waits cannot call it off."""
    while row:
        item = row.popleft()
        if item.answer.set_running_or_notify_cancel():
            return item
    return None


def _is_of_alerts(item: Item) -> bool:
    return isinstance(item, Receive) and bool(item.reports) and isinstance(item.reports[0], Alert)


def _weight(item: Item) -> int:
    return len(item.reports) if isinstance(item, Receive) else 1
