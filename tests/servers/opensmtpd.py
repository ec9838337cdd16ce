"""OpenSMTPD on loopback, handing over by LMTP to a Dovecot or to the desk itself: a real mail server between."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import smtplib
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from tests.servers.process import (
    PATIENCE,
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

CONFIGURATION = """\
listen on 127.0.0.1 port {port}
table everybody {{ "@" = nobody }}
action "{name}" {action}
match from any for domain "{domain}" action "{name}"
"""
TO_DOVECOT = 'lmtp "127.0.0.1:{lmtp_port}" rcpt-to virtual <everybody>'
TO_DESK = 'relay host "lmtp://127.0.0.1:{lmtp_port}"'
TO_DESK_BY_SMTP = 'relay host "smtp+notls://127.0.0.1:{lmtp_port}"'
START_ATTEMPTS = 3


class OpenSmtpdServer:
    """A running OpenSMTPD that takes mail for one domain; use it as a context manager.

    It needs root, and its spool is one for the whole machine: a file lock lets one test run at a time have it.
    A recipient whom Dovecot refuses by 550 stays queued: this release takes LMTP's refusal for a temporary one.
    """

    def __init__(self, lmtp_port: int, *, action: str = TO_DOVECOT, domain: str = "desk.example") -> None:
        self._program = find_program("opensmtpd", "smtpd")
        if os.geteuid() != 0:
            raise ServerAbsentError("opensmtpd", "needs root")
        self._name = "mailbox" if action == TO_DOVECOT else "desk"
        self._action = action.format(lmtp_port=lmtp_port)
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
            if self._child.running():
                self._empty_queue()
            self._child.stop()
        if self._lock is not None:
            self._lock.close()
        shutil.rmtree(self.base, ignore_errors=True)

    def log(self) -> str:
        """What it has said so far."""
        return (self.base / "output").read_text(errors="replace")

    def queued(self) -> list[str]:
        """A line for each mail and recipient that waits."""
        return self._control("show", "queue").splitlines()

    def hurry(self) -> None:
        """Try again now what waits, and those whom it could not reach, and not after the minutes it would wait for."""
        for route in re.findall(r"^ *(\d+)\. ", self._control("show", "routes"), re.MULTILINE):
            self._control("resume", "route", route)
        self._control("schedule", "all")

    def send(self, sender: str, recipients: str | list[str], original: bytes) -> None:
        """Hand a mail over to it."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE) as client:
            client.sendmail(sender, recipients, original)

    def wait_for_answer(self, *results: Literal["Ok", "TempFail", "PermFail"]) -> None:
        """Wait until whom it hands over to has given these answers, one a recipient, in any order."""
        assert self._child is not None
        self._child.wait_until(lambda: not Counter(results) - Counter(re.findall(r'result="(\w+)"', self.log())))

    def _empty_queue(self) -> None:
        """Take out what this server accepted: the next one would go on with it."""
        ours = set(re.findall(r"msgid=([0-9a-f]{8})", self.log()))
        for envelope in {line[:16] for line in self.queued() if line[:8] in ours}:
            self._control("remove", envelope)

    def _control(self, *words: str) -> str:
        done = subprocess.run(
            [find_program("opensmtpd", "smtpctl"), *words], capture_output=True, text=True, check=True
        )
        return done.stdout

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
        settings = {"port": self.port, "name": self._name, "action": self._action, "domain": self._domain}
        configuration.write_text(CONFIGURATION.format(**settings))
        self._child = Child([str(self._program), "-d", "-f", str(configuration)], self.base / "output")
        self._child.wait_until(lambda: answers(self.port))
