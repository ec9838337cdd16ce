"""The desk without its daemon: where none runs, a command takes the lock, does its errands and lets go."""

from __future__ import annotations

import asyncio
import random
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from daemon.clerk import Clerk
from daemon.config.secrets import SecretError
from daemon.counter import Counter
from daemon.desk import Desk
from daemon.errands.door import NobodyThereError, ask_daemon
from daemon.errands.errand import ErrandError
from daemon.errands.runner import Runner
from daemon.keys import KeysError, load_keys
from daemon.reading import AwaitedReader, read_here
from daemon.standing import standing_of
from daemon.store.database import Database, DatabaseError
from daemon.watch import Watch
from ingest.backoff import Backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from daemon.config.settings import Config
    from daemon.errands.errand import Errand, Outcome
    from daemon.store.database import Engine

    Ask = Callable[[Errand], list[Outcome]]

#: Seconds in which the database must be open.
OPEN_WITHIN = 15.0


@contextmanager
def asking(config: Config, now: Callable[[], datetime]) -> Iterator[Ask]:
    """How to have errands done: by the daemon, or in this process where none runs when the first is asked.

    What is yielded raises ErrandError where an errand was not done.
    """
    alone: _Alone | None = None

    def ask(errand: Errand) -> list[Outcome]:
        nonlocal alone
        if alone is None:
            try:
                return ask_daemon(config.desk.state, errand)
            except NobodyThereError:
                alone = _Alone(config, now)
        return alone.ask(errand)

    try:
        yield ask
    finally:
        if alone is not None:
            alone.close()


class _Alone:
    """A clerk of this process, who holds the lock."""

    def __init__(self, config: Config, now: Callable[[], datetime]) -> None:
        state, counter, watch = config.desk.state, Counter(), Watch()
        watch.expect("database")
        try:
            state.mkdir(parents=True, exist_ok=True, mode=0o750)
            standing = standing_of(config, load_keys(state))
            database = Database.at(config.database.url.reveal())
        except (OSError, KeysError, DatabaseError, SecretError) as error:
            raise ErrandError(str(error)) from error

        def make_desk(engine: Engine) -> Desk:
            return Desk(engine, counter, config.rulebook, standing, clock=now, watch=watch)

        self._clerk = Clerk(database, counter, make_desk, watch, Backoff(0.5, 5.0, random.random))
        reader = AwaitedReader(read_here(config.desk.ourselves))
        self._runner = Runner(counter=counter, desk=self._clerk.desk, read=reader, now=now)
        self._clerk.start()
        if not self._opens():
            self.close()
            failure = self._clerk.failure
            raise ErrandError(failure.reason if failure else watch.conditions()["database"].reason)

    def _opens(self) -> bool:
        """Wait until the database is open, or cannot be."""
        deadline = monotonic() + OPEN_WITHIN
        while not self._clerk.ready.wait(0.05):
            if not self._clerk.is_alive() or monotonic() > deadline:
                return False
        return True

    def ask(self, errand: Errand) -> list[Outcome]:
        return asyncio.run(self._runner.run(errand))

    def close(self) -> None:
        self._clerk.stop()
        self._clerk.join()
