"""Readers that go wrong over a marked mail, for workers to run."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

from ingest.ourselves import Ourselves
from ingest.workers.worker import ReadAsDesk

if TYPE_CHECKING:
    from ingest.raw_mail import RawMail
    from rules.report import Mail

LOOP, EXIT, CRASH, DEVOUR, RAISE = b"X-Loop", b"X-Exit", b"X-Crash", b"X-Devour", b"X-Raise"
SLOW, TELL_PROCESS = b"X-Slow", b"X-Tell-Process"


def read_or_suffer(raw: RawMail) -> Mail:
    """Read a mail as the desk does, but do what its header names."""
    if LOOP in raw.original:
        while True:
            pass
    if EXIT in raw.original:
        os._exit(0)
    if CRASH in raw.original:
        os.kill(os.getpid(), signal.SIGSEGV)
    if DEVOUR in raw.original:
        bytearray(10 << 30)
    if RAISE in raw.original:
        raise ZeroDivisionError
    if SLOW in raw.original:
        time.sleep(0.2)
    return ReadAsDesk(Ourselves())(raw)
