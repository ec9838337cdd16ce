"""What runs in a worker process: it reads mails until the daemon closes the pipe, or is gone."""

from __future__ import annotations

import gc
import resource
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.raw_mail import RawMail, read_safely

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

    from ingest.ourselves import Ourselves
    from ingest.raw_mail import ReadOne
    from rules.report import Mail

    Answer = tuple[Mail, float]
    """The mail without its original, which the daemon has, and the seconds it took."""

#: Seconds after which what has been read is handed back, so that a mail that hangs keeps few others with it.
SHOWN_EVERY = 0.1
#: A page makes some ten thousand objects and leaves none behind.
OBJECTS_BETWEEN_COLLECTIONS = 50_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a worker may use."""

    memory: int
    """Bytes of private memory (RLIMIT_DATA): beyond it the mail in hand fails with MemoryError."""
    alarm: float
    """Seconds on one mail after which the kernel ends the worker, should nobody be left to do it."""


@dataclass(frozen=True, slots=True)
class ReadAsDesk:
    """Reads mails as those of one desk; it can be pickled."""

    ourselves: Ourselves

    def __call__(self, raw: RawMail) -> Mail:
        """The mail; of one that the server would not give, what is known without its bytes."""
        from ingest.mail.read import read_mail  # noqa: PLC0415 - the daemon imports this module and reads no mail

        if not raw.original:
            return raw.unread("the server gave neither the mail nor its header")
        return read_mail(
            raw.original, source=raw.source, key=raw.key, received_at=raw.received_at, ourselves=self.ourselves
        )


def serve(pipe: Connection, read: ReadOne, bounds: Bounds) -> None:
    """Say what bounds could not be set (`""`: none), then answer every page until the pipe is closed."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 10, 10)
    with suppress(EOFError, ConnectionError):
        pipe.send(_bound_memory(bounds.memory))
        while True:
            _read_page(pipe, pipe.recv(), read, bounds)


def _bound_memory(most: int) -> str:
    """Why the kernel refuses the limit, or nothing. A sandbox may forbid setrlimit; mails are read all the same."""
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    except (OSError, ValueError) as error:
        return f"the memory of workers is not bounded: {error}"
    return ""


def _read_page(pipe: Connection, page: Sequence[RawMail], read: ReadOne, bounds: Bounds) -> None:
    read_already: list[Answer] = []
    shown = began = time.perf_counter()
    for raw in page:
        signal.setitimer(signal.ITIMER_REAL, bounds.alarm)
        mail = replace(read_safely(read, raw), original=b"")
        ended = time.perf_counter()
        read_already.append((mail, ended - began))
        began = ended
        if ended - shown > SHOWN_EVERY:
            pipe.send(read_already)
            read_already, shown = [], ended
    signal.setitimer(signal.ITIMER_REAL, 0)
    if read_already:
        pipe.send(read_already)
