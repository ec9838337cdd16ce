"""A real desk on SQLite, to which batches of what was read are given."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.corpora.reading import shipped_rulebook
from tests.daemon.desks import MovedClock, StandingDesk
from tests.databases import open_fresh
from tests.faults.accounts import check_books
from tests.fuzz.checks import NOW, Broken, check_decision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from rules.report import Report


@dataclass(frozen=True, slots=True)
class RecordingDesk:
    """The desk and its database; its clock moves with every batch."""

    engine: Engine
    desk: StandingDesk

    def check_batch(self, reports: Sequence[Report]) -> None:
        """Record a batch, let the clock go on, and check what was decided and that the books balance.

        Raises Broken, or AssertionError where they do not.
        """
        for decision in self.desk.receive(*reports):
            if decision.verdict == "quarantined":
                raise Broken(f"the desk set a report aside: {decision.why}")
            if not decision.seen_before:
                check_decision(decision)
        self.desk.clock.move(timedelta(minutes=7))
        self.desk.tick()
        check_books(self.engine)


@contextmanager
def open_desk(folder: Path) -> Iterator[RecordingDesk]:
    """A desk without a ticket, its database in that folder."""
    engine = open_fresh(folder / "desk.sqlite3")
    try:
        yield RecordingDesk(engine, StandingDesk(engine, MovedClock(NOW), shipped_rulebook()))
    finally:
        engine.dispose()
