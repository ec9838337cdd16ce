"""OpenSMTPD on loopback, delivering into a Dovecot's LMTP: a real mail server between the desk and a mailbox."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.servers.process import (
    Child,
    ServerAbsentError,
    ServerFailedError,
    answers,
    find_program,
    free_port,
    short_folder,
)

if TYPE_CHECKING:
    from io import BufferedWriter

    from tests.servers.dovecot import DovecotServer

CONFIGURATION = """\
listen on 127.0.0.1 port {port}
table everybody {{ "@" = nobody }}
action "mailbox" lmtp "127.0.0.1:{lmtp_port}" rcpt-to virtual <everybody>
match from any for domain "{domain}" action "mailbox"
"""
START_ATTEMPTS = 3


class OpenSmtpdServer:
    """A running OpenSMTPD that takes mail for one domain; use it as a context manager.

    It needs root, and its spool is one for the whole machine: a file lock lets one test run at a time have it.
    A recipient whom Dovecot refuses by 550 stays queued: this release takes LMTP's refusal for a temporary one.
    """

    def __init__(self, dovecot: DovecotServer, domain: str = "desk.example") -> None:
        self._program = find_program("opensmtpd", "smtpd")
        if os.geteuid() != 0:
            raise ServerAbsentError("opensmtpd", "needs root")
        self._dovecot = dovecot
        self._domain = domain
        self._lock: BufferedWriter | None = None
        self._child: Child | None = None
        self.base = short_folder("os-")
        self.port = 0

    def __enter__(self) -> Self:
        lock = Path(tempfile.gettempdir(), "deskd-tests-opensmtpd.lock").open("ab")
        fcntl.flock(lock, fcntl.LOCK_EX)
        self._lock = lock
        try:
            self._start_on_a_free_port()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.stop()
        if self._lock is not None:
            self._lock.close()
        shutil.rmtree(self.base, ignore_errors=True)

    def log(self) -> str:
        """What it has said so far."""
        return (self.base / "output").read_text(errors="replace")

    def _start_on_a_free_port(self) -> None:
        for attempt in range(1, START_ATTEMPTS + 1):
            self.port = free_port()
            try:
                self._start()
            except ServerFailedError:
                if attempt == START_ATTEMPTS:
                    raise
            else:
                return

    def _start(self) -> None:
        configuration = self.base / "smtpd.conf"
        settings = {"port": self.port, "lmtp_port": self._dovecot.lmtp_port, "domain": self._domain}
        configuration.write_text(CONFIGURATION.format(**settings))
        self._child = Child([str(self._program), "-d", "-f", str(configuration)], self.base / "output")
        self._child.wait_until(lambda: answers(self.port))
