"""Opening the database: one connection that writes, and short read-only ones beside it.

SQLite before 3.51.3 (but for 3.50.7 and 3.44.6) can lose committed data when two connections write and checkpoint at
one instant (https://sqlite.org/wal.html, "the WAL-reset bug"). So exactly one connection anywhere writes and
checkpoints: a lock file beside the database says whose.
"""

from __future__ import annotations

import fcntl
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, NullPool, StaticPool, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Connection", "Database", "DatabaseError", "Engine"]  # the rest of the daemon names a transaction by these

#: SQLite waits so long for another's lock before it gives up, in milliseconds.
_PATIENCE = 10_000

#: The class of what PostgreSQL refuses however often it is tried, such as a row too long for an index.
_BEYOND_LIMITS = "54"


class DatabaseError(Exception):
    """The database cannot be used now. `lasting` tells that waiting will not help."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class Database:
    """Where the desk keeps its state."""

    url: URL

    @classmethod
    def at(cls, url: str) -> Database:
        """Read a database URL: `sqlite:////path` or `postgresql://user@host/name`.

        Raises DatabaseError for a URL of any other kind.
        """
        try:
            parsed = make_url(url)
        except SQLAlchemyError as error:
            raise DatabaseError(f"this is no database URL: {error}", lasting=True) from error
        kind = parsed.get_backend_name()
        if kind not in ("sqlite", "postgresql"):
            raise DatabaseError(f"{kind} is not supported: use sqlite or postgresql", lasting=True)
        return cls(parsed.set(drivername="postgresql+psycopg") if kind == "postgresql" else parsed)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        return Path(self.url.database or "") if self.is_sqlite else None

    def open_writer(self) -> Engine:
        """Open the connection that writes; on SQLite there is one in the process, used by one thread at a time."""
        if not self.is_sqlite:
            engine = create_engine(self.url, pool_size=1, max_overflow=1, pool_pre_ping=True)
            event.listen(engine, "connect", _plan_anew)
            return engine
        engine = create_engine(self.url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare_writer)
        event.listen(engine, "begin", _begin_immediate)
        return engine

    def open_reader(self) -> Engine:
        """Open short read-only connections, each closed after its use so that none holds back a checkpoint."""
        if not self.is_sqlite:
            engine = create_engine(self.url, pool_size=2, max_overflow=2, pool_pre_ping=True)
            event.listen(engine, "connect", _plan_anew)
            event.listen(engine, "connect", _only_read)
            return engine
        read_only = f"file:{self.url.database}?mode=ro"
        return create_engine(
            "sqlite://",
            poolclass=NullPool,
            creator=lambda: sqlite3.connect(read_only, uri=True, timeout=_PATIENCE / 1000, check_same_thread=False),
        )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to write to a SQLite file; PostgreSQL locks rows instead.

        Raises DatabaseError where another process holds it.
        """
        path = self.path
        if path is None:
            yield
            return
        with _open_lock(path.with_name(path.name + ".lock")) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise DatabaseError(f"{path} is in use by another deskd", lasting=True) from error
            yield


def _open_lock(path: Path) -> IO[bytes]:
    try:
        return path.open("ab")
    except OSError as error:
        raise DatabaseError(f"cannot write to {path.parent}: {error.strerror}", lasting=True) from error


def _prepare_writer(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below; the driver's would be deferred
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_PATIENCE}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _plan_anew(connection: Any, _record: object) -> None:
    """A plan that is kept was made for tables as they were: one of the first minute reads a grown ledger whole."""
    connection.execute("SET plan_cache_mode = force_custom_plan")
    connection.commit()


def _only_read(connection: Any, _record: object) -> None:
    connection.read_only = True


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Run one writing transaction: the desk row is locked, so that there is one clerk across all daemons.

    Raises DatabaseError where the database failed; nothing of the transaction stands then, except that an
    error at COMMIT leaves open whether it does.
    """
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT id FROM desk WHERE id = 1 FOR UPDATE"))
            yield connection
    except DBAPIError as error:
        raise as_database_error(error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Run one reading transaction; raises DatabaseError where the database failed."""
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise as_database_error(error) from error
    except PoolTimeoutError as error:
        raise DatabaseError("no connection to the database came free") from error


def as_database_error(error: DBAPIError) -> DatabaseError:
    """Say in one line what the driver said, without the statement and its values."""
    reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
    beyond = str(getattr(error.orig, "sqlstate", "")).startswith(_BEYOND_LIMITS)
    return DatabaseError(reason, lasting=beyond or not isinstance(error, OperationalError))


def sqlite_can_lose_commits(version: str) -> bool:
    """Tell whether this SQLite has the WAL-reset bug when more than one connection writes."""
    number = tuple(int(part) for part in version.split("."))
    return number < (3, 51, 3) and number[:2] + number[2:3] not in ((3, 50, 7), (3, 44, 6))
