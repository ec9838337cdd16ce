"""What works and what does not, for `/-/ready`, the log and the watchdog."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Condition:
    """How one part of the daemon is."""

    working: bool
    reason: str
    since: float
    """time.monotonic()."""


@dataclass(slots=True)
class Watch:
    """The conditions of all parts. A change is logged once, however often it is told."""

    _conditions: dict[str, Condition] = field(default_factory=dict)
    _beats: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, part: str) -> None:
        """Name a part that has to work before the daemon is ready."""
        with self._lock:
            self._conditions.setdefault(part, Condition(working=False, reason="starting", since=time.monotonic()))

    def works(self, part: str) -> None:
        """Say that a part works."""
        self._set(part, working=True, reason="")

    def fails(self, part: str, reason: str) -> None:
        """Say that a part does not work, and why."""
        self._set(part, working=False, reason=reason)

    def conditions(self) -> dict[str, Condition]:
        """All conditions by part."""
        with self._lock:
            return dict(self._conditions)

    def beat(self, loop: str) -> None:
        """Say that a loop has come round."""
        self._beats[loop] = time.monotonic()

    def late(self, allowed: float) -> list[str]:
        """The loops that have not come round for so many seconds."""
        now = time.monotonic()
        return sorted(loop for loop, at in self._beats.items() if now - at > allowed)

    def _set(self, part: str, *, working: bool, reason: str) -> None:
        with self._lock:
            before = self._conditions.get(part)
            if before is not None and (before.working, before.reason) == (working, reason):
                return
            self._conditions[part] = Condition(working, reason, time.monotonic())
        if working:
            log.info("part.works", part=part)
        else:
            log.error("part.fails", part=part, reason=reason)
