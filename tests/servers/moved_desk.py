"""The real daemon under a clock that a test moves, with any rulebook and any people.

`python -m tests.servers.moved_desk CONFIG CLOCK` is the daemon's process: the time is what the file CLOCK says.
"""

from __future__ import annotations

import os
import shutil
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from daemon.store.database import reading
from tests.databases import make_database
from tests.servers.desk import ADDRESS, TOKEN, ask
from tests.servers.process import PATIENCE, Child, free_port, short_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.servers.dovecot import ServedMailbox


class ClockFile:
    """A clock that stands still at what its file says, and is read anew when the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = -1
        self._now = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        stamp = self._path.stat().st_mtime_ns
        if stamp != self._stamp:
            self._now = datetime.fromisoformat(self._path.read_text())
            self._stamp = stamp
        return self._now

    @staticmethod
    def set(path: Path, at: datetime) -> None:
        """Write a time for the daemon to find, all of it or nothing."""
        fresh = path.with_suffix(".new")
        fresh.write_text(at.astimezone(UTC).isoformat())
        fresh.replace(path)


class MovedDesk:
    """The daemon with one mailbox, one source of alerts and SMTP; use it as a context manager.

    `start` lies before the real time: the mail server dates mails by that, and older mail than the desk is not its own.
    `trust` is the line of the configuration that says who proves senders.
    """

    def __init__(
        self,
        mailbox: ServedMailbox,
        *,
        smtp_port: int,
        rulebook: str,
        people: str,
        start: datetime,
        contacts: str = "",
        trust: str = "senders_are_checked = true",
    ) -> None:
        self.base = short_folder("dk-")
        self.mailbox = mailbox
        self.port = free_port()
        self.config = self.base / "deskd.toml"
        self.config.touch(0o600)
        (self.base / "people.csv").write_text(contacts or "address\n")
        self.config.write_text(_CONFIG.format(
            rulebook=rulebook, port=self.port, imap=mailbox.server.imap_port, user=mailbox.user,
            password=mailbox.password, smtp=smtp_port, people=people, trust=trust, address=ADDRESS, token=TOKEN,
        ))  # fmt: skip
        self.clock = self.base / "clock"
        ClockFile.set(self.clock, start)
        self._child: Child | None = None
        state = self.base / "state"
        state.mkdir(mode=0o700)
        self._database = make_database(state / "deskd.sqlite3")

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.servers.moved_desk", str(self.config), str(self.clock)]
        self._child = Child(command, self.base / "log")
        self.wait_until(lambda: self.get("/-/ready")[0] == 200)
        self._reader = self._database.open_reader()
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.stop()
        self._reader.dispose()
        shutil.rmtree(self.base, ignore_errors=True)

    def wait_until(self, ready: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is so; fails with the log where the daemon ends before that."""
        assert self._child is not None
        self._child.wait_until(ready, seconds)

    def move_clock(self, at: datetime) -> None:
        """Let it be another time, and wait until the daemon has done what is due then."""
        ClockFile.set(self.clock, at)
        self.wait_until(lambda: self._last_look_at_clocks() >= at.timestamp())
        self.wait_until(lambda: self.rows("SELECT count(*) FROM letters WHERE state = 'queued'") == [(0,)])

    def receive(self, original: bytes) -> None:
        """Put a mail into the mailbox, and wait until it is decided and what was written of it is sent."""
        before = self._decided()
        self.mailbox.deliver(original)
        self._settle(before)

    def post_alerts(self, body: bytes) -> None:
        """Post a notification, and wait until what was written of it is sent."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/alertmanager/prod", data=body, method="POST")
        request.add_header("Authorization", f"Bearer {TOKEN}")
        status, said = ask(request)
        assert status == 200, said
        self._settle(-1)

    def reload(self, *, refused: bool = False) -> str:
        """Have configuration and rulebook read again; returns what the daemon said."""
        status, said = ask(urllib.request.Request(f"http://127.0.0.1:{self.port}/-/reload", method="POST"))
        assert (status == 200) != refused, said
        return said

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a GET; 0 where nobody answers."""
        return ask(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}"))

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What its database answers, over a connection that only reads."""
        with reading(self._reader) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement, values)]

    def _decided(self) -> int:
        return int(self.rows("SELECT count(*) FROM ledger")[0][0])

    def _settle(self, before: int) -> None:
        self.wait_until(lambda: self._decided() > before)
        self.wait_until(lambda: self.rows("SELECT count(*) FROM letters WHERE state = 'queued'") == [(0,)])

    def _last_look_at_clocks(self) -> float:
        name = 'deskd_worker_last_success_timestamp_seconds{worker="clock"}'
        lines = self.get("/metrics")[1].splitlines()
        return next((float(line.split()[-1]) for line in lines if line.startswith(name)), 0.0)


_CONFIG = """
[desk]
name = "IT Service Desk"
address = "{address}"
rulebook = "{rulebook}"
state = "state"
{trust}
[http]
webhooks = "127.0.0.1:{port}"
[[alertmanagers]]
name = "prod"
token = "{token}"
[staff]
known = ["@corp.example"]
[requesters]
file = "people.csv"
[log]
format = "json"
[[mailboxes]]
name = "support"
host = "127.0.0.1"
port = {imap}
security = "plain"
user = "{user}"
password = "{password}"
poll = "1s"
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "plain"
{people}
"""


def main(arguments: Sequence[str]) -> int:
    """Run the daemon as `deskd run` does, but for its clock."""
    import uvloop

    from daemon.config.read import read_config
    from daemon.logs import set_up_logging
    from daemon.service import Service

    config = read_config(Path(arguments[0]))
    set_up_logging(config.log.format, config.log.level)
    return uvloop.run(Service(config, ClockFile(Path(arguments[1]))).run())


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
