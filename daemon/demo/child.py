"""The real daemon, in a process of its own, and what it says in its log."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

#: Characters of one log line; the daemon cuts its own values long before.
_LONGEST_LINE = 1 << 20
#: A daemon that takes longer than its own limit is ended.
_STOP_WITHIN = 12.0


class DaemonEndedError(Exception):
    """The daemon ended by itself; the text holds the last it said."""


class DaemonChild:
    """`deskd run` as an operator starts it. `hear` is called for every line of its log, in their order."""

    def __init__(self, configuration: Path, log: Path, hear: Callable[[Mapping[str, Any]], None]) -> None:
        self._configuration = configuration
        self._log = log
        self._hear = hear
        self._last_lines = deque[str](maxlen=12)
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it; a session of its own keeps Ctrl-C from it, so that the demo can stop things in order."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "daemon", "run", "-c", str(self._configuration)),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
            limit=_LONGEST_LINE,
            start_new_session=True,
        )
        if self._process.stderr is not None:
            self._reading = asyncio.create_task(self._read(self._process.stderr))

    async def wait(self) -> None:
        """Wait until the daemon ends by itself; always raises DaemonEndedError."""
        if self._process is None or self._reading is None:
            raise DaemonEndedError("the daemon was not started")
        await asyncio.shield(self._reading)
        status = await self._process.wait()
        said = "\n".join(self._last_lines)
        raise DaemonEndedError(f"the daemon ended with status {status}; it said last:\n{said}")

    async def stop(self) -> int | None:
        """Ask it to stop, and end it where it does not; returns its exit status, or None where it never started."""
        if self._process is None or self._reading is None:
            return None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), _STOP_WITHIN)
        except TimeoutError:
            self._process.kill()
        await asyncio.wait({self._reading}, timeout=1)
        return await self._process.wait()

    async def _read(self, said: asyncio.StreamReader) -> None:
        with self._log.open("ab") as log:
            async for line in said:
                log.write(line)
                log.flush()
                self._tell(line.decode("utf-8", "replace").rstrip())

    def _tell(self, line: str) -> None:
        self._last_lines.append(line)
        try:
            said = json.loads(line)
        except ValueError:
            return  # a warning or a traceback: it stands in the log file
        if isinstance(said, dict):
            self._hear(said)
