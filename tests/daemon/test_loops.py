"""What comes round again and again: how often, and that nothing which fails once ends it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from daemon.asking import ItemFailedError, ask
from daemon.counter import Counter
from daemon.desk import Desk
from daemon.loops import GREETING, GREETING_AGAIN, REFUSED_LOGIN, seconds_until_greeting, watch_clocks
from daemon.watch import Watch
from ingest.backoff import Backoff
from tests.daemon.desks import STANDING, MovedClock, StandingDesk
from tests.samples import RULEBOOK

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


class OddDesk(Desk):
    """A desk whose clocks meet something that nobody has thought of."""

    def tick(self, connection: Connection) -> bool:
        raise LookupError("as planned")


@pytest.mark.parametrize(
    ("why", "seconds"),
    [
        pytest.param(None, [GREETING] * 3, id="one that works now and then"),
        pytest.param("connect: refused", [GREETING_AGAIN] * 3, id="one that is away soon again"),
        pytest.param("login: 535 no", [15.0, 30.0, 60.0], id="one that refuses the login less and less often"),
    ],
)
def test_the_next_look_comes(why: str | None, seconds: list[float]) -> None:
    refused = Backoff(*REFUSED_LOGIN, random=lambda: 0.0)
    assert [seconds_until_greeting(why, refused) for _ in seconds] == seconds


def test_a_tick_that_fails_ends_neither_the_clocks_nor_the_daemon(sqlite_writer: Engine) -> None:
    counter, clock, watch = Counter(), MovedClock(), Watch()
    desk = OddDesk(sqlite_writer, counter, RULEBOOK, STANDING, clock=clock, watch=watch)

    async def look() -> bool:
        clocks = asyncio.create_task(watch_clocks(counter, lambda: desk, clock, watch))
        while not (watch.late(-1) or clocks.done()):  # until it has come round
            desk.step(0)
            await asyncio.sleep(0)
        ended = clocks.done()
        clocks.cancel()
        return ended

    assert not asyncio.run(look())


def test_whoever_asks_the_desk_is_told_of_a_failure_in_one_way(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer)

    def fail(_: Connection) -> None:
        raise LookupError("as planned")

    async def ask_for_it() -> None:
        asked = asyncio.create_task(ask(desk.counter, fail))
        while not asked.done():
            desk.desk.step(0)
            await asyncio.sleep(0)
        await asked

    with pytest.raises(ItemFailedError, match="LookupError: as planned"):
        asyncio.run(ask_for_it())
