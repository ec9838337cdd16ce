"""A desk on a bad day, for a Prometheus to scrape: whatever a panel or an alert asks for has happened."""

from __future__ import annotations

import itertools
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from daemon.metrics import live
from daemon.metrics.catalogue import CLOSED, DURATIONS, SENDERS, TOTALS
from daemon.metrics.scope import LabelSpace, Scope, fit
from daemon.store.database import transaction
from daemon.store.letters.reach import record_reach
from daemon.store.tallies import add_tallies
from rules.letters.resting import Reach
from tests.servers.process import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from daemon.metrics.exposition import Exposition
    from daemon.store.tallies import Key

#: Added to every total at each scrape, more than any threshold asks for.
MUCH = 1_000.0


class BusyDesk:
    """Renders an exposition; before each scrape everything has happened many times more."""

    def __init__(self, writer: Engine, scope: Scope, exposition: Exposition) -> None:
        self._writer = writer
        self._space = fit(scope)
        self._exposition = exposition
        self._scraped = threading.Condition()
        self._scrapes = 0
        self._numbers = itertools.count()
        self._prepare()

    def render(self, accept: str) -> tuple[str, bytes]:
        """What a scrape gets."""
        self._happen()
        answer = self._exposition.render(accept)
        with self._scraped:
            self._scrapes += 1
            self._scraped.notify_all()
        return answer

    def wait_for_scrape(self, count: int = 1) -> None:
        """Return after so many more scrapes."""
        with self._scraped:
            wanted = self._scrapes + count
            if not self._scraped.wait_for(lambda: self._scrapes >= wanted, timeout=PATIENCE):
                raise TimeoutError("nobody scrapes")

    def _prepare(self) -> None:
        live.declare(self._space)
        live.set_reload(at=datetime.now(UTC), failed=True)
        live.set_letters_leave("the mail server is away")
        for mailbox in self._mailboxes():
            live.set_poll_interval(mailbox, 30)
            live.set_backlog(mailbox, 7)

    def _more_resting_addresses(self) -> dict[str, Reach]:
        now = datetime.now(UTC)
        return {f"gone-{next(self._numbers)}@partner.example": Reach((now,), now) for _ in range(10)}

    def _mailboxes(self) -> list[str]:
        """Those that are polled."""
        return [name for name in self._space.values("mailbox") if name not in self._space.values("listener")]

    def _happen(self) -> None:
        with transaction(self._writer) as connection:
            add_tallies(connection, everything(self._space))
            record_reach(connection, self._more_resting_addresses())
        long_ago = datetime.now(UTC) - timedelta(hours=1)
        for source in self._space.values("source"):
            for code in live.CODES:
                live.count_webhook(source, code, 0.02)
            live.count_reconciliation(source, at=long_ago)
            live.count_reconciliation(source, at=long_ago, failed=True)
        for listener in self._space.values("listener"):
            live.count_delivery(listener, "try_again", 0.1)
            live.count_turned_away(listener)
            live.set_connections(listener, 3)
        for mailbox in self._mailboxes():
            live.count_poll(mailbox, at=long_ago)
            live.observe_ingest_delay(mailbox, 3.0)
        live.observe_reading(0.004)
        for reason in live.WORKER_ENDINGS:
            live.count_worker_ending(reason)
        for answer in live.TOKEN_ANSWERS:
            live.count_token(answer)
        for worker in live.WORKERS:
            live.count_iteration(worker, at=long_ago)


def everything(space: LabelSpace) -> dict[Key, float]:
    """Much of every total and of every duration; but few tickets are closed, and nobody is proven."""
    amounts: dict[Key, float] = {}
    for total in TOTALS:
        much = 1.0 if total is CLOSED else MUCH
        amounts |= {(total.name, labels): much for labels in space.known(total.labels)}
    amounts[SENDERS.name, ("verified",)] = 0.0
    for durations in DURATIONS:
        for labels in space.known(durations.labels):
            amounts[durations.bucket, (*labels, "3600.0")] = MUCH
            amounts[durations.sum, labels] = MUCH * 3_000
    return amounts


@contextmanager
def serving(render: Callable[[str], tuple[str, bytes]]) -> Iterator[int]:
    """Answer every GET on a loopback port with what `render` gives for its Accept header; gives the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content_type, body = render(self.headers.get("Accept", ""))
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name for it
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()
