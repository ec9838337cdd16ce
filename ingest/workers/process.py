"""A worker process as the daemon sees it: started, given pages, watched, ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import contextmanager
from multiprocessing import resource_tracker
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Final, Literal

from ingest.raw_mail import NoWorkerError, RawMail
from ingest.workers.worker import Bounds, serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.raw_mail import ReadOne
    from ingest.workers.worker import Answer

#: Why a worker ended: too long on one mail; by itself or by a signal; it had worked enough; the desk stops.
Ending = Literal["slow", "died", "worn", "stopped"]

#: Seconds in which a new worker has to say that it is there: at the first start its libraries are imported.
STARTS_WITHIN = 30.0

# Never a fork of the daemon: its threads hold locks that no child could release. The server of forks has one thread,
# and has imported what workers need, so that a new one starts in milliseconds and shares that memory.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["ingest.workers.worker", "ingest.mail.read"])
_SAFE_PATH: Final = "PYTHONSAFEPATH"
_ENVIRONMENT: Final = threading.Lock()


class WorkerProcess:
    """One worker; one thread at a time may use it."""

    def __init__(self, read: ReadOne, bounds: Bounds) -> None:
        """Start it; raises NoWorkerError where that cannot be done."""
        try:
            self._start(read, bounds)
        except EOFError as error:
            raise NoWorkerError("no worker can be started: a new one ended at once") from error
        except OSError as error:
            raise NoWorkerError(f"no worker can be started: {error}") from error
        self.mails = 0
        """How many mails it has been given."""

    def _start(self, read: ReadOne, bounds: Bounds) -> None:
        self._pipe, theirs = _CONTEXT.Pipe()
        with theirs:
            self._process = _CONTEXT.Process(target=serve, args=(theirs, read, bounds), name="mail reader", daemon=True)
            with _from_safe_folders(), _deaf_to_interrupts():
                self._process.start()
        if not self._pipe.poll(STARTS_WITHIN):
            self.kill()
            raise TimeoutError(f"a new one said nothing within {STARTS_WITHIN:g} seconds")
        self.complaint: str = self._pipe.recv()
        """What of its bounds could not be set, or nothing."""

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def read(self, page: Sequence[RawMail], patience: float) -> tuple[list[Answer], Ending | None]:
        """The answers to a page, in order; fewer, and why, where the worker is of no use any more.

        `patience` is how many seconds it may say nothing.
        """
        answers: list[Answer] = []
        self.mails += len(page)
        try:
            self._pipe.send(page)
            while len(answers) < len(page):
                if not self._pipe.poll(patience):
                    return answers, "slow"
                answers += self._pipe.recv()
        except (EOFError, OSError, UnpicklingError):
            return answers, "died"
        return answers, None

    def resident(self) -> int:
        """Bytes in memory, 0 where it is gone."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        except OSError:
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        """End it whatever it does."""
        self._pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


@contextmanager
def _from_safe_folders() -> Iterator[None]:
    """The server of forks never imports from the folder that somebody calls us in: an `html.py` there is not ours.

    multiprocessing starts it with `python -c`, which looks there first, and in Python 3.11 it takes no notice of our
    own path. What reaches it is an environment variable, set by one thread at a time.
    """
    with _ENVIRONMENT:
        before = os.environ.get(_SAFE_PATH)
        os.environ[_SAFE_PATH] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_SAFE_PATH]
            else:
                os.environ[_SAFE_PATH] = before


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Who is started meanwhile never hears of Ctrl-C, which a terminal sends to us all: the daemon ends its workers."""
    # It would lift the mask again, were it not started before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
