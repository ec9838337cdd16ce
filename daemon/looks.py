"""What the desk looks after with every tick beside its clocks, and what it remembers of that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from daemon.alerts.heartbeats import Heartbeats
from daemon.alerts.staleness import Staleness
from daemon.unassigned import Unassigned

if TYPE_CHECKING:
    from datetime import datetime

    from daemon.desk import Desk
    from daemon.store.database import Connection


@dataclass(slots=True)
class Looks:
    """Each remembers in memory when it was last taken; a look that was rolled back is to be forgotten."""

    unassigned: Unassigned = field(default_factory=Unassigned)
    heartbeats: Heartbeats = field(default_factory=Heartbeats)
    staleness: Staleness = field(default_factory=Staleness)

    def take(self, connection: Connection, desk: Desk, now: datetime) -> None:
        """Take those whose time has come, within the clerk's transaction."""
        self.unassigned.give_out(connection, desk, now)
        self.heartbeats.listen(connection, desk, now)
        self.staleness.look(connection, desk, now)

    def as_they_are(self) -> Looks:
        """A copy, which later looks do not change."""
        return Looks(replace(self.unassigned), replace(self.heartbeats), replace(self.staleness))
