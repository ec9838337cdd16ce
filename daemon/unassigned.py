"""Tickets that nobody has, because nobody was free: when they are looked at again, and which of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from daemon.store.gather import find_unassigned
from rules.work.dispatch import decide_assignment

if TYPE_CHECKING:
    from daemon.desk import Desk
    from daemon.store.database import Connection

LOOK_EVERY = timedelta(seconds=30)
#: So many are looked at in one tick.
AT_ONCE = 100


@dataclass(slots=True)
class Unassigned:
    """Gives out what waits, the highest priority first and among equals the oldest."""

    looked_at: datetime | None = None
    passed_over: int = 0
    """So many stand before the next ones, and nobody could take them: the others must not wait for that."""

    def give_out(self, connection: Connection, desk: Desk, now: datetime) -> None:
        """Give tickets to whoever is free by now, where it is the desk that names the assignee."""
        if desk.rulebook.assignment.by != "desk" or not self._is_time(now):
            return
        self.looked_at = now
        levels = desk.rulebook.priority.levels
        ids = find_unassigned(connection, levels, limit=AT_ONCE, passing=self.passed_over)
        given = desk.decide_each(connection, ids, decide_assignment) if ids else []
        self.passed_over = self.passed_over + len(ids) - len(given) if len(ids) == AT_ONCE else 0

    def _is_time(self, now: datetime) -> bool:
        """Tell whether to look: the desk's clock may also have been set back."""
        return self.looked_at is None or not self.looked_at <= now < self.looked_at + LOOK_EVERY
