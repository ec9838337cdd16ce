"""Letting go of bytes whose time is over, in short steps between the desk's other work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.metrics import catalogue
from daemon.store.retention import USUAL, Step, StepSize, delete_messages, delete_originals
from daemon.store.tallies import add_tallies

if TYPE_CHECKING:
    from datetime import datetime

    from daemon.config.settings import Retention
    from daemon.store.database import Connection
    from daemon.store.retention import Place


@dataclass(slots=True)
class Round:
    """One way through what is old. Each step is one transaction; the next round finds what this one left."""

    retention: Retention
    now: datetime
    most: StepSize = USUAL
    """What one step does."""
    deleted: int = 0
    size: int = 0
    _after: Place | None = None

    def delete_originals(self, connection: Connection) -> Step:
        """Take the next step through originals; the one after it is the next once `go_on` was told."""
        if self.retention.originals is None:
            return Step(last=None)
        before = self.now - self.retention.originals
        step = delete_originals(connection, before=before, after=self._after, most=self.most)
        if step.deleted:
            add_tallies(connection, _amounts(step))
        return step

    def go_on(self, step: Step) -> bool:
        """Count what was deleted, once it is committed; returns whether more may be left."""
        self.deleted, self.size, self._after = self.deleted + step.deleted, self.size + step.size, step.last
        return step.last is not None

    def delete_messages(self, connection: Connection) -> bool:
        """Take the next step through letters; returns whether more may be left."""
        if self.retention.letters is None:
            return False
        return delete_messages(connection, before=self.now - self.retention.letters, most=self.most)


def _amounts(step: Step) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (catalogue.ORIGINALS.name, ("deleted",)): step.deleted,
        (catalogue.ORIGINAL_BYTES.name, ("deleted",)): step.size,
    }
