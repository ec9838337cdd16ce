"""A throw-away PostgreSQL cluster on loopback, with fresh databases."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Self

import psycopg

from tests.servers.process import Child, ServerAbsentError, ServerFailedError, find_program, free_port, short_folder

SYSTEM_USER = "postgres"
ROLE = "deskd"
START_ATTEMPTS = 3
#: Without fsync a test database is made in milliseconds; durability tests ask for it.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def find_binaries() -> Path:
    """The folder of initdb and postgres, the newest release first; raises ServerAbsentError."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_release, reverse=True)
    for folder in debian:
        if (folder / "initdb").exists():
            return folder
    return find_program("postgresql", "initdb").parent


def _release(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


class PostgresServer:
    """A running cluster whose superuser `deskd` needs no password; use it as a context manager."""

    def __init__(self, *, fsync: bool = False) -> None:
        self._binaries = find_binaries()
        self._fsync = fsync
        self._child: Child | None = None
        self._database_numbers = itertools.count(1)
        self.base = short_folder("pg-")
        self.port = 0

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            owner = _system_user()
            os.chown(self.base, owner.pw_uid, owner.pw_gid)
        self._initialise()
        self._start_on_a_free_port()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """The `postgresql://` URL of a database on this server."""
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"desk{next(self._database_numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database made here, cutting whoever is still connected to it."""
        self._execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def start(self) -> None:
        """Start it on the port it has; for coming back after stop() or kill()."""
        options = ["-D", str(self._data), "-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.base)]
        for setting in ("shared_buffers=32MB", "max_connections=200", *(() if self._fsync else FAST)):
            options += ["-c", setting]
        self._child = Child([*self._as_owner(), str(self._binaries / "postgres"), *options], self.base / "output")
        self._child.wait_until(self._ready)

    def stop(self) -> None:
        """Stop it the fast way: open transactions are rolled back."""
        if self._child is not None:
            self._child.stop(signal.SIGINT)

    def kill(self) -> None:
        """End it at once, as a power cut would; start() recovers from the log."""
        if self._child is not None:
            self._child.kill()

    @property
    def _data(self) -> Path:
        return self.base / "data"

    def _initialise(self) -> None:
        flags = ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"]
        command = [str(self._binaries / "initdb"), "-D", str(self._data), "-U", ROLE, *flags]
        made = subprocess.run([*self._as_owner(), *command], check=False, capture_output=True, text=True, cwd="/")
        if made.returncode:
            raise ServerFailedError(made.stderr)

    def _start_on_a_free_port(self) -> None:
        for attempt in range(1, START_ATTEMPTS + 1):
            self.port = free_port()
            try:
                self.start()
            except ServerFailedError:
                # Another test run may have taken the port between the choice and the bind.
                if attempt == START_ATTEMPTS:
                    raise
            else:
                return

    def _ready(self) -> bool:
        command = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    @staticmethod
    def _as_owner() -> list[str]:
        """PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return []
        setpriv = find_program("setpriv", "setpriv")
        return [str(setpriv), f"--reuid={SYSTEM_USER}", f"--regid={SYSTEM_USER}", "--clear-groups"]


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise ServerAbsentError("postgresql") from None
