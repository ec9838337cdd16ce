"""A desk on a database of a test, with a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.counter import Counter, Do, Receive
from daemon.desk import Desk
from daemon.store.gather import Standing
from daemon.watch import Watch
from tests.samples import KEYS, NOW, RULEBOOK, STAFF

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Engine

    from rules.decision import Decision
    from rules.report import Report
    from rules.rulebook import Rulebook

STANDING = Standing(staff=STAFF, keys=KEYS, desk_name="IT Service Desk", domain="desk.example", commands_by_mail=True)


@dataclass(slots=True)
class MovedClock:
    """A clock that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


class StandingDesk:
    """A desk whose steps the test takes itself: what lies on the counter is done when it says so."""

    def __init__(
        self,
        engine: Engine,
        clock: MovedClock | None = None,
        rulebook: Rulebook = RULEBOOK,
        *,
        standing: Standing = STANDING,
    ) -> None:
        self.clock = clock or MovedClock()
        self.counter = Counter()
        self.watch = Watch()
        self.desk = Desk(engine, self.counter, rulebook, standing, clock=self.clock, watch=self.watch)

    def receive(self, *reports: Report) -> list[Decision]:
        """Decide reports in one batch."""
        return self.desk.receive(reports)

    def receive_apart(self, *reports: Report) -> list[Receive]:
        """Lay each report on the counter as an item of its own, and do them in one step."""
        items = [Receive([report]) for report in reports]
        for item in items:
            self.counter.lay_down(item)
        self.desk.step(0)
        return items

    def tick(self) -> bool:
        """Let what is due happen; returns whether more is due."""
        item = Do(self.desk.tick)
        self.counter.lay_down(item)
        self.desk.step(0)
        return bool(item.answer.result(0))


def verdicts(decisions: Sequence[Decision]) -> list[str | None]:
    """Only the verdicts."""
    return [decision.verdict for decision in decisions]
