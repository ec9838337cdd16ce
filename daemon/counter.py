"""The counter of the desk: whoever wants something of the one clerk lays it here and waits for the answer."""

from __future__ import annotations

import queue
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.metrics.tally import Amounts
    from daemon.store.database import Connection
    from rules.decision import Decision
    from rules.report import Report

#: Reports of one transaction. More would not commit cheaper, and the first would wait for the last.
LARGEST_BATCH = 600


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
    """A thread-safe queue with a limit on what is taken at once."""

    def __init__(self, *, capacity: int = 2_000) -> None:
        self._items: queue.Queue[Item] = queue.Queue(capacity)
        self._closed = False
        self._kept: Item | None = None

    def lay_down(self, item: Item) -> None:
        """Lay an item on the counter.

        Raises CounterClosedError while the desk stops, and queue.Full where too much waits already: both are
        temporary failures to whoever asked.
        """
        if self._closed:
            raise CounterClosedError
        self._items.put_nowait(item)

    def take(self, patience: float) -> list[Item]:
        """Take what lies there, at most a batch; waits so many seconds for the first item."""
        first = self._next(patience)
        if first is None:
            return []
        taken, weight = [first], _weight(first)
        while weight < LARGEST_BATCH and (item := self._next(0)):
            if weight + _weight(item) > LARGEST_BATCH:
                self._kept = item
                break
            taken.append(item)
            weight += _weight(item)
        return taken

    def close(self) -> None:
        """Take nothing more; what lies there is still done."""
        self._closed = True

    @property
    def waiting(self) -> int:
        """How many items lie there."""
        return self._items.qsize() + (self._kept is not None)

    def refuse(self, error: Exception) -> None:
        """Answer everything that lies there with an error."""
        while item := self._next(0):
            item.answer.set_exception(error)

    def _next(self, patience: float) -> Item | None:
        if self._kept is not None:
            kept, self._kept = self._kept, None
            return kept
        while True:
            try:
                item = self._items.get(timeout=patience) if patience > 0 else self._items.get_nowait()
            except queue.Empty:
                return None
            # Once taken it is done, and whoever waits cannot call it off; what was called off before is left out.
            if item.answer.set_running_or_notify_cancel():
                return item
            patience = 0


def _weight(item: Item) -> int:
    return len(item.reports) if isinstance(item, Receive) else 1
