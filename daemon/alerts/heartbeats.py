"""Heartbeats of sources that are due: the clock's tick looks at them, and raises an alert where one is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from daemon.store.alerts.heartbeats import find_due_heartbeats, read_heartbeats, record_heartbeats
from rules.deciding.heartbeats import forgive_absence, judge_heartbeat

if TYPE_CHECKING:
    from daemon.desk import Desk
    from daemon.store.database import Connection

#: The desk looks once a second. After a longer gap it was away itself: stopped, asleep, or without its database.
AWAY = timedelta(minutes=1)


@dataclass(slots=True)
class Heartbeats:
    """Listens for heartbeats; knows of itself only when it last did."""

    listened_at: datetime | None = None

    def listen(self, connection: Connection, desk: Desk, now: datetime) -> None:
        """Raise an alert for each heartbeat that is missing, and resolve those of the ones that are back."""
        if self._was_away(now):
            record_heartbeats(
                connection, [forgive_absence(each, desk.rulebook, now) for each in read_heartbeats(connection)]
            )
        self.listened_at = now
        judged = [judge_heartbeat(each, desk.rulebook, now) for each in find_due_heartbeats(connection, now)]
        record_heartbeats(connection, [each.heartbeat for each in judged])
        for each in judged:
            if each.alert is not None:
                desk.decide_anew(connection, each.alert)

    def _was_away(self, now: datetime) -> bool:
        return self.listened_at is None or not self.listened_at <= now < self.listened_at + AWAY
