"""A real desk on SQLite, to which batches of what was read are given."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from daemon.store.database import Database
from daemon.store.migrate import migrate
from tests.corpora.reading import shipped_rulebook
from tests.daemon.desks import MovedClock, StandingDesk
from tests.fuzz.checks import NOW, Broken, check_decision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rules.report import Report


@contextmanager
def open_desk(folder: Path) -> Iterator[StandingDesk]:
    """The desk in a folder; its clock moves with every batch."""
    engine = Database.at(f"sqlite:///{folder / 'desk.sqlite3'}").open_writer()
    try:
        migrate(engine)
        yield StandingDesk(engine, MovedClock(NOW), shipped_rulebook())
    finally:
        engine.dispose()


def check_batch(desk: StandingDesk, reports: Sequence[Report]) -> None:
    """Record a batch, let the clock go on, and check everything that was decided; raises Broken."""
    for decision in desk.receive(*reports):
        if decision.verdict == "quarantined":
            raise Broken(f"the desk set a report aside: {decision.why}")
        if not decision.seen_before:
            check_decision(decision)
    desk.clock.move(timedelta(minutes=7))
    desk.tick()
