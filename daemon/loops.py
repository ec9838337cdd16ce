"""What comes round again and again while the daemon runs, each loop until it is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import structlog

from daemon.asking import DESK_AWAY, ask
from daemon.housekeeping import Round
from daemon.http.admin import LATE
from daemon.metrics import live
from daemon.notify import notify_systemd
from daemon.recount import Recount
from ingest.backoff import Backoff
from outbound.smtp import SmtpSettings, greet_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from daemon.alerts.silencer import Silencer
    from daemon.clerk import Clerk
    from daemon.config.settings import Retention
    from daemon.counter import Counter
    from daemon.desk import Desk
    from daemon.outbox import DeskOutbox
    from daemon.watch import Watch
    from outbound.courier import Courier
    from rules.rulebook import Rulebook

log = structlog.get_logger()

#: Seconds between two looks at the clocks, and between two looks for letters when there were none.
TICK = 1.0
LETTERS = 0.5
#: Seconds between two looks for silences to set, extend or expire.
SILENCES = 2.0
#: Seconds between two looks at the mail server, while it works and while it does not.
GREETING, GREETING_AGAIN = 120.0, 5.0
#: The same after a refused login: the shortest wait and the longest.
REFUSED_LOGIN = (15.0, 15 * 60.0)
#: Seconds between two rounds of housekeeping.
HOUSEKEEPING = 3600.0
#: Seconds between two beats of systemd's watchdog, which waits for 60.
BEAT = 5.0


async def watch_clocks(counter: Counter, desk: Callable[[], Desk], now: Callable[[], datetime], watch: Watch) -> None:
    """Bring due clocks to the desk, once a second, and at once again while more are due."""
    while True:
        began = now()  # what comes due while the desk looks is for its next look
        try:
            more = await ask(counter, desk().tick)
            live.count_iteration("clock", at=began)
        except DESK_AWAY:
            more = False
            live.count_iteration("clock", at=now(), failed=True)
        watch.beat("clock")
        await asyncio.sleep(0 if more else TICK)


async def follow_rulebook(counter: Counter, desk: Callable[[], Desk]) -> None:
    """Count the running clocks again whenever the rulebook is another than the one they were counted by.

    The pages lie on the counter one after the other, so that reports come between them. At a start this goes on where
    the last one was broken off.
    """
    followed: Rulebook | None = None
    while True:
        with contextlib.suppress(*DESK_AWAY):
            rulebook = desk().next_rulebook
            if rulebook is not followed:
                await _recount(counter, desk(), rulebook)
                followed = rulebook
        await asyncio.sleep(TICK)


async def keep_house(counter: Counter, retention: Callable[[], Retention], now: Callable[[], datetime]) -> None:
    """Let go of bytes whose time is over, once an hour; the steps lie on the counter one after the other."""
    while True:
        with contextlib.suppress(*DESK_AWAY):
            round_ = Round(retention(), now())
            while round_.go_on(await ask(counter, round_.delete_originals)):
                pass
            while await ask(counter, round_.delete_messages):
                pass
            if round_.deleted:
                log.info("originals.deleted", count=round_.deleted, bytes=round_.size)
        await asyncio.sleep(HOUSEKEEPING)


async def carry_letters(courier: Courier, outbox: DeskOutbox, now: Callable[[], datetime], watch: Watch) -> None:
    """Let the courier work; while the database or the counter is away, letters wait where they are.

    When it ends, the letters it has claimed and not tried are free for another daemon, or for the next start.
    """
    try:
        while True:
            try:
                more = await courier.step()
                live.count_iteration("courier", at=now())
                _show_trouble(courier.trouble, watch)
            except DESK_AWAY as error:
                log.warning("courier.waits", reason=repr(error))
                live.count_iteration("courier", at=now(), failed=True)
                more = False
            await asyncio.sleep(0 if more else LETTERS)
    finally:
        with contextlib.suppress(*DESK_AWAY):
            await outbox.release()


async def keep_silences(silencer: Silencer) -> None:
    """Set, extend and expire silences as they fall due."""
    try:
        while True:
            more = False
            with contextlib.suppress(*DESK_AWAY):
                more = await silencer.step()
            await asyncio.sleep(0 if more else SILENCES)
    finally:
        with contextlib.suppress(*DESK_AWAY):
            await silencer.release()


def _show_trouble(trouble: str | None, watch: Watch) -> None:
    """Say in log, metric and readiness whether letters leave; before the first trouble there is nothing to say."""
    live.set_letters_leave(trouble)
    if trouble is not None:
        watch.fails("letters", trouble)
    elif "letters" in watch.conditions():
        watch.works("letters")


async def greet_mail_server(settings: SmtpSettings, watch: Watch, random: Callable[[], float]) -> None:
    """Look now and then whether the mail server takes us, so that trouble shows before a letter waits for it."""
    refused = Backoff(*REFUSED_LOGIN, random)
    while True:
        why = await greet_server(settings)
        if why is None:
            watch.works("smtp")
            refused.reset()
        else:
            watch.fails("smtp", why)
        await asyncio.sleep(seconds_until_greeting(why, refused))


def seconds_until_greeting(why: str | None, refused: Backoff) -> float:
    """Seconds. A refused login is tried less and less often: many servers lock an account that insists."""
    if why is None:
        return GREETING
    return refused.next() if why.startswith("login") else GREETING_AGAIN


async def show_life(watch: Watch, clerk: Clerk) -> None:
    """Beat systemd's watchdog, but only while every loop comes round.

    Raises RuntimeError where the clerk's thread has ended unasked: without it nothing can be recorded any more.
    """
    while True:
        if not clerk.is_alive():
            raise RuntimeError("the thread of the desk has ended")
        if not watch.late(LATE):
            notify_systemd("WATCHDOG=1")
        await asyncio.sleep(BEAT)


async def _recount(counter: Counter, desk: Desk, rulebook: Rulebook) -> None:
    recount = Recount(desk, rulebook)
    page = await ask(counter, recount.first_page)
    tickets, clocks = page.tickets, page.clocks
    while not page.last:
        page = await ask(counter, recount.next_page)
        tickets, clocks = tickets + page.tickets, clocks + page.clocks
    if tickets:
        log.info("clocks.counted_again", rulebook=rulebook.name, tickets=tickets, changed=clocks)
