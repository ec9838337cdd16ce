"""Mails are read in processes of their own: one that hangs, crashes or devours memory takes nothing with it."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ingest.raw_mail import NoWorkerError, RawMail
from ingest.workers.process import WorkerProcess
from ingest.workers.worker import Bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.raw_mail import ReadOne
    from ingest.workers.process import Ending
    from rules.report import Mail


class Observer(Protocol):
    """Who wants to know how reading goes: the log, `/-/ready`, the metrics."""

    def started(self, pid: int, complaint: str) -> None:
        """A worker has been started; the complaint says what of its bounds could not be set."""

    def absent(self, reason: str) -> None:
        """No worker can be started; mails wait where they are."""

    def read(self, seconds: float) -> None:
        """A mail has been read."""

    def ended(self, pid: int, ending: Ending) -> None:
        """A worker is gone."""

    def gave_up(self, raw: RawMail, note: str) -> None:
        """A mail ended two workers, the second one alone with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """How many workers there are and how much each may take."""

    workers: int = 2
    """At the most; another is started only while all others are busy."""
    patience: float = 5.0
    """Seconds for one mail. The heaviest of 25 MiB takes two."""
    memory: int = 768 << 20
    """Bytes; reading the heaviest mail of 25 MiB takes half of it."""
    most_mails: int = 10_000
    """After so many a worker is replaced, and what it has leaked is gone."""
    most_resident: int = 192 << 20
    """Bytes that a worker between two pages may hold before it is replaced."""


class WorkerPool:
    """Workers that read pages of mails, for any number of threads."""

    def __init__(self, read: ReadOne, observer: Observer, settings: PoolSettings | None = None) -> None:
        self._read = read
        self._observer = observer
        self._settings = settings or PoolSettings()
        self._bounds = Bounds(self._settings.memory, alarm=2 * self._settings.patience)
        self._free = threading.BoundedSemaphore(self._settings.workers)
        self._idle: list[WorkerProcess] = []
        self._lock = threading.Lock()
        """For the idle ones, and for starting and ending: `multiprocessing` keeps its list of children without one."""
        self._closed = False

    def warm_up(self) -> None:
        """Start one worker, so that the first mail need not wait for it. What goes wrong is told the observer."""
        with suppress(NoWorkerError), self._free:
            self._put_back(self._take(), None)

    def read(self, page: Sequence[RawMail]) -> list[Mail]:
        """One mail for each, in order. Raises NoWorkerError where no worker can be started.

        Where a worker ends over a page, what it has not answered is read one by one. The mail that ends a worker alone
        becomes a mail with its bytes and a note.
        """
        mails, ending = self._try(page)
        if ending is not None:
            mails += [self._read_alone(raw) for raw in page[len(mails) :]]
        return mails

    def close(self) -> None:
        """End all workers: idle ones now, those that read after their page."""
        self._closed = True
        while worker := self._take_idle():
            self._end(worker, "stopped")

    def _read_alone(self, raw: RawMail) -> Mail:
        mails, ending = self._try([raw])
        if mails:
            return mails[0]
        note = f"The mail was not read: {self._why(ending)}."
        self._observer.gave_up(raw, note)
        return raw.unread(note)

    def _why(self, ending: Ending | None) -> str:
        if ending == "slow":
            return f"it took more than {self._settings.patience:g} seconds"
        return "the process that tried to ended over it"

    def _try(self, page: Sequence[RawMail]) -> tuple[list[Mail], Ending | None]:
        """Have one worker read a page; fewer mails, and why, where it ended over it."""
        with self._free:
            worker = self._take()
            answers, ending = worker.read(page, self._settings.patience)
            self._put_back(worker, ending)
        for _, seconds in answers:
            self._observer.read(seconds)
        return [_whole(mail, raw) for (mail, _), raw in zip(answers, page, strict=False)], ending

    def _take(self) -> WorkerProcess:
        return self._take_idle() or self._start()

    def _take_idle(self) -> WorkerProcess | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _start(self) -> WorkerProcess:
        if self._closed:
            raise NoWorkerError("the desk is stopping")
        try:
            with self._lock:
                worker = WorkerProcess(self._read, self._bounds)
        except NoWorkerError as error:
            self._observer.absent(str(error))
            raise
        self._observer.started(worker.pid, worker.complaint)
        return worker

    def _put_back(self, worker: WorkerProcess, ending: Ending | None) -> None:
        ending = ending or self._why_to_end(worker)
        if ending is not None:
            self._end(worker, ending)
            return
        with self._lock:
            self._idle.append(worker)

    def _why_to_end(self, worker: WorkerProcess) -> Ending | None:
        if self._closed:
            return "stopped"
        worn = worker.mails >= self._settings.most_mails or worker.resident() > self._settings.most_resident
        return "worn" if worn else None

    def _end(self, worker: WorkerProcess, ending: Ending) -> None:
        pid = worker.pid
        with self._lock:
            worker.kill()
        self._observer.ended(pid, ending)


def _whole(mail: Mail, raw: RawMail) -> Mail:
    """The mail with its bytes, which did not travel back."""
    return replace(mail, original=raw.original)
