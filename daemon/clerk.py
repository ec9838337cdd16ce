"""The desk's own thread: opens the database, waits for it when it is away, and works the counter."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from daemon.store.alerts.silences import end_claims
from daemon.store.database import Database, DatabaseError, Engine, transaction
from daemon.store.letters.letters import end_leases
from daemon.store.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.counter import Counter
    from daemon.desk import Desk
    from daemon.watch import Watch
    from ingest.backoff import Backoff

#: Seconds that a step waits for something on the counter: also how often the loop shows that it lives.
PATIENCE = 0.5


class Clerk(threading.Thread):
    """One thread that owns the writing connection."""

    def __init__(
        self, database: Database, counter: Counter, make_desk: Callable[[Engine], Desk], watch: Watch, backoff: Backoff
    ) -> None:
        super().__init__(name="desk", daemon=True)
        self._database = database
        self._counter = counter
        self._make_desk = make_desk
        self._watch = watch
        self._backoff = backoff
        self._desk: Desk | None = None
        self._stopping = threading.Event()
        self.ready = threading.Event()
        """Set once the schema is up to date and the desk can record."""
        self.failure: DatabaseError | None = None
        """Why the thread ended unasked: a database that this daemon must not write to."""

    def run(self) -> None:
        """Work until `stop`; what lies on the counter by then is still done."""
        try:
            with self._database.lock():
                engine = self._open()
                if engine is not None:
                    self._work(engine)
        except DatabaseError as error:
            self.failure = error
            self._watch.fails("database", error.reason)
        finally:
            self._counter.close()
            self._counter.refuse(DatabaseError("the desk has stopped"))

    def desk(self) -> Desk:
        """The desk; raises DatabaseError before the database is open."""
        if self._desk is None:
            raise DatabaseError("the database is not open yet")
        return self._desk

    def stop(self) -> None:
        """Take nothing more, finish what lies on the counter, and end."""
        self._counter.close()
        self._stopping.set()

    def _open(self) -> Engine | None:
        """Open the database and bring its schema up to date; None where the daemon stops before that works."""
        while not self._stopping.is_set():
            engine = self._database.open_writer()
            try:
                self._prepare(engine)
            except DatabaseError as error:
                engine.dispose()
                if error.lasting:
                    raise
                self._watch.fails("database", error.reason)
                self._wait(error)
            else:
                self._watch.works("database")
                return engine
        return None

    def _prepare(self, engine: Engine) -> None:
        """Bring the schema up to date. Who holds a SQLite file's lock is alone: leases there are a dead daemon's."""
        migrate(engine)
        if self._database.is_sqlite:
            with transaction(engine) as connection:
                end_leases(connection)
                end_claims(connection)

    def _wait(self, error: DatabaseError) -> None:
        """Wait for the database; whoever comes meanwhile is told at once to come again."""
        left = self._backoff.next()
        while left > 0 and not self._stopping.wait(PATIENCE):
            self._watch.beat("desk")
            self._counter.refuse(error)
            left -= PATIENCE

    def _work(self, engine: Engine) -> None:
        desk = self._desk = self._make_desk(engine)
        self.ready.set()
        while desk.step(PATIENCE) or not self._stopping.is_set():
            self._watch.beat("desk")
        engine.dispose()
