"""How the reading of mails goes, for the log, `/-/ready` and the metrics."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from daemon.metrics import live
from ingest.raw_mail import read_safely
from ingest.workers.pool import WorkerPool
from ingest.workers.worker import ReadAsDesk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.config.settings import Config
    from daemon.watch import Watch
    from ingest.ourselves import Ourselves
    from ingest.raw_mail import RawMail, ReadPage
    from ingest.workers.process import Ending
    from rules.report import Mail

log = structlog.get_logger()

#: How `/-/ready` names the workers.
PART = "reading"


def make_workers(config: Config, watch: Watch) -> WorkerPool:
    """The workers of a daemon; none is started before mail comes, or `warm_up`."""
    if config.mailboxes or config.listeners:
        watch.expect(PART)
    return WorkerPool(ReadAsDesk(config.desk.ourselves), ReadingObserver(watch))


@dataclass(frozen=True, slots=True)
class ReadingObserver:
    """Tells what becomes of the workers (`ingest.workers.pool.Observer`)."""

    watch: Watch

    def started(self, pid: int, complaint: str) -> None:
        """A worker is there."""
        self.watch.works(PART)
        log.info("worker.started", pid=pid)
        if complaint:
            log.warning("worker.unbounded", pid=pid, reason=complaint)

    def absent(self, reason: str) -> None:
        """No mail can be read now."""
        self.watch.fails(PART, reason)

    def read(self, seconds: float) -> None:
        """A mail has been read."""
        live.observe_reading(seconds)

    def ended(self, pid: int, ending: Ending) -> None:
        """A worker is gone."""
        live.count_worker_ending(ending)
        tell = log.warning if ending in ("slow", "died") else log.info
        tell("worker.ended", pid=pid, reason=ending)

    def gave_up(self, raw: RawMail, note: str) -> None:
        """A mail becomes a ticket unread."""
        log.error("mail.unread", source=raw.source, key=raw.key, reason=note)


@dataclass(frozen=True, slots=True)
class AwaitedReader:
    """Has mails read without keeping the loop (`daemon.intake.Reader`)."""

    read: ReadPage

    async def __call__(self, page: Sequence[RawMail]) -> Sequence[Mail]:
        """One mail for each. Raises NoWorkerError where they cannot be read now."""
        return await asyncio.to_thread(self.read, page)


def read_here(ourselves: Ourselves) -> ReadPage:
    """Reads in this process, for a command that somebody waits for."""
    read = ReadAsDesk(ourselves)
    return lambda page: [read_safely(read, raw) for raw in page]
