"""The demo from start to end: stage, play, reckoning, and a look around until Ctrl-C."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.demo.child import DaemonEndedError
from daemon.demo.director import Director
from daemon.demo.play import ESCALATIONS, PLAY
from daemon.demo.reckoning import Reckoning, reckon
from daemon.demo.records import Records
from daemon.demo.screen import Screen, make_console, places
from daemon.demo.stage import DATABASE, Stage, StartError

if TYPE_CHECKING:
    from collections.abc import Coroutine

#: Seconds between two steps at speed 1, so that a person can follow.
PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the demo is wanted."""

    once: bool
    as_json: bool
    speed: float
    """How many times faster than a person reads; 0 makes no pauses."""


def run_demo(wishes: Wishes) -> int:
    """Play the day; returns 0 where everything came out as it should, otherwise 1.

    Ctrl-C ends it: 0 after the day, 1 within it.
    """
    screen = Screen(make_console(quiet=wishes.as_json))
    try:
        return asyncio.run(_Demo(wishes, screen).run())
    except (DaemonEndedError, StartError, OSError) as error:
        sys.stderr.write(f"the demo cannot go on: {error}\n")
        return 1


class _Demo:
    def __init__(self, wishes: Wishes, screen: Screen) -> None:
        self._wishes = wishes
        self._screen = screen
        self._leaving = asyncio.Event()
        self._reckoning: Reckoning | None = None

    async def run(self) -> int:
        """Until it is over or somebody leaves; the stage stops in order either way."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._leaving.set)
        folder = Path(tempfile.mkdtemp(prefix="deskd-demo-"))
        pause = PAUSE / self._wishes.speed if self._wishes.speed else 0.0
        director = Director(self._screen, Records(folder / DATABASE), pause=pause)
        stage = Stage(folder, director, keep=not self._wishes.once)
        try:
            self._screen.begin(folder)
            await self._unless_left(self._perform(director, stage))
        finally:
            await stage.stop()
        self._screen.note("stopped" if self._wishes.once else f"stopped; everything is left in {folder}")
        return 0 if self._reckoning is not None and not self._reckoning.missed else 1

    async def _unless_left(self, performance: Coroutine[None, None, None]) -> None:
        performing = asyncio.create_task(performance)
        leaving = asyncio.create_task(self._leaving.wait())
        await asyncio.wait({performing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if performing.done():
            performing.result()
        else:
            performing.cancel()
            await asyncio.wait({performing})

    async def _perform(self, director: Director, stage: Stage) -> None:
        started = time.monotonic()
        await stage.start()
        await stage.while_it_runs(director.play(PLAY, stage))
        seconds = time.monotonic() - started
        self._reckoning = reckon(PLAY, director.found, escalations=ESCALATIONS)
        self._screen.end(self._reckoning, seconds)
        if self._wishes.as_json:
            summary = {**self._reckoning.as_json(), "seconds": round(seconds, 1)}
            sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        if not self._wishes.once:
            self._screen.where_to_look(places(stage))
            await stage.until_the_daemon_ends()
