"""Asking the desk from the event loop: what is laid on its counter, and the one kind of answer that is none."""

from __future__ import annotations

import asyncio
import queue
from typing import TYPE_CHECKING, Final, TypeVar

from daemon.counter import Counter, CounterClosedError, Do, Receive
from daemon.store.database import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from daemon.store.database import Connection
    from rules.decision import Decision
    from rules.report import Report

_Answer = TypeVar("_Answer")


class ItemFailedError(Exception):
    """The desk met something in an item that nobody had thought of; its log has it whole (`desk.item_failed`)."""


#: The desk cannot do it now, and it is asked again later.
DESK_AWAY: Final = (DatabaseError, CounterClosedError, queue.Full, ItemFailedError)


async def ask(counter: Counter, what: Callable[[Connection], _Answer]) -> _Answer:
    """Have something done in the clerk's transaction; returns its answer after COMMIT. Raises what DESK_AWAY names."""
    item = Do(what)
    counter.lay_down(item)
    answer: _Answer = await _answer_of(item.answer)
    return answer


async def report(counter: Counter, reports: Sequence[Report]) -> list[Decision]:
    """Have reports decided; returns the decisions after COMMIT. Raises what DESK_AWAY names."""
    item = Receive(reports)
    counter.lay_down(item)
    return await _answer_of(item.answer)


async def _answer_of(future: Future[_Answer]) -> _Answer:
    try:
        return await asyncio.wrap_future(future)
    except (DatabaseError, CounterClosedError):
        raise
    except Exception as error:
        # One item that fails must not end the loop that asked, and the whole daemon with it.
        raise ItemFailedError(f"{type(error).__name__}: {error}") from error
