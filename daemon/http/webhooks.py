"""`POST /alertmanager/{source}`: one notification in, and 200 only after COMMIT.

Alertmanager tries again after 5xx and never after 4xx, nor 429 (notify/util.go, `Retrier.Check`). So whatever is our
own trouble is 503, and 4xx is for what would never be right: a wrong token, a body that is no notification.
"""

from __future__ import annotations

import asyncio
import hmac
import queue
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from daemon.config.secrets import SecretError
from daemon.counter import Counter, CounterClosedError, Do, Receive
from daemon.metrics.live import count_webhook
from daemon.metrics.tally import tally_notification
from daemon.store.database import DatabaseError
from daemon.store.reports.quarantine import set_aside_alerts
from ingest.alertmanager.notification import NotificationError, read_notification
from rules.report import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from rules.report import Notification

log = structlog.get_logger()

#: Seconds. Alertmanager gives up after group_interval, at least 10 s, and its twin steps in after 15.
ANSWER_WITHIN = 9.0
READ_WITHIN = 30.0
#: Alerts of one item on the counter.
LARGEST_PART = 200


class AlertSource(Protocol):
    """A configured sender of webhooks."""

    @property
    def name(self) -> str: ...

    def tokens(self) -> Sequence[str]:
        """The live tokens. Raises SecretError where one cannot be read."""


class RefusalError(Exception):
    """The request is answered with a status other than 200, and one line that says why.

    `logged` is what our own log says of it, where that is more than whoever asked may know.
    """

    def __init__(self, status: int, reason: str, *, logged: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.logged = logged or reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """The endpoint."""

    sources: Callable[[], Mapping[str, AlertSource]]
    """Asked for each request, so that a reload takes effect at once."""
    counter: Counter
    now: Callable[[], datetime]
    largest_body: int
    heard: Callable[[Notification], None] = lambda _: None
    """Told of each notification that is recorded."""

    def routes(self) -> Sequence[Route]:
        """The routes with and without the trailing slash: a redirect would turn the POST into a GET."""
        return [
            Route(path, self.answer, methods=["POST"]) for path in ("/alertmanager/{source}", "/alertmanager/{source}/")
        ]

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        started, name = time.perf_counter(), request.path_params["source"]
        try:
            source = self._admit(request, name)
            notification = read_notification(await self._read_body(request), source=source.name, received_at=self.now())
            await self._receive(notification)
        except RefusalError as error:
            return self._refuse(name, error, started)
        except NotificationError as error:
            return self._refuse(name, RefusalError(400, error.reason), started)
        self.heard(notification)
        count_webhook(self._label(name), 200, time.perf_counter() - started)
        return JSONResponse({"accepted": len(notification.alerts), "quarantined": len(notification.refused)})

    def _admit(self, request: Request, name: str) -> AlertSource:
        """Check the token before the body is read; a source that does not exist looks like a wrong token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        source = self.sources().get(name)
        if source is None or scheme.lower() != "bearer" or not _is_live(token.strip(), source):
            raise RefusalError(
                401, "this source needs its bearer token", logged=_why_not_admitted(name, source, scheme)
            )
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise RefusalError(415, "the body must not be compressed")
        return source

    async def _read_body(self, request: Request) -> bytes:
        announced = request.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > self.largest_body:
            raise RefusalError(413, f"the body is larger than {self.largest_body} bytes")
        parts, size = [], 0
        try:
            async with asyncio.timeout(READ_WITHIN):
                async for part in request.stream():
                    size += len(part)
                    if size > self.largest_body:
                        raise RefusalError(413, f"the body is larger than {self.largest_body} bytes")
                    parts.append(part)
        except TimeoutError as error:
            raise RefusalError(503, "the body did not come in time, send it again") from error
        except ClientDisconnect as error:
            raise RefusalError(400, "the sender hung up") from error
        return b"".join(parts)

    async def _receive(self, notification: Notification) -> None:
        """Lay the alerts on the counter and wait for COMMIT. The work goes on even if the sender hangs up."""
        items: list[Receive | Do] = list(_parts(notification))
        if notification.refused:
            items.append(Do(lambda connection: set_aside_alerts(connection, notification, now=self.now())))
        try:
            for item in items:
                self.counter.lay_down(item)
            async with asyncio.timeout(ANSWER_WITHIN):
                await asyncio.gather(*(asyncio.shield(asyncio.wrap_future(item.answer)) for item in items))
        except (DatabaseError, CounterClosedError, queue.Full, TimeoutError) as error:
            raise RefusalError(503, f"not recorded, send it again: {_reason(error)}") from error

    def _refuse(self, name: str, error: RefusalError, started: float) -> Response:
        count_webhook(self._label(name), error.status, time.perf_counter() - started)
        log.warning("webhook.refused", source=self._label(name), status=error.status, reason=error.logged)
        headers = {"www-authenticate": "Bearer"} if error.status == 401 else {}
        return JSONResponse({"error": error.reason}, status_code=error.status, headers=headers)

    def _label(self, name: str) -> str:
        return name if name in self.sources() else "other"


def _why_not_admitted(name: str, source: AlertSource | None, scheme: str) -> str:
    if source is None:
        return f"no source is called {name[:LONGEST_NAME]!r}: see [[alertmanagers]]"
    return "its bearer token is another one than ours" if scheme.lower() == "bearer" else "it sends no bearer token"


def _parts(notification: Notification) -> Iterator[Receive]:
    """The alerts in parts of bounded size, so that nobody waits for all of a large one; the last brings its counts.

    A sender who is told of a failure repeats the whole, and what was recorded of it is known by its keys.
    """
    alerts = notification.alerts
    starts = range(0, len(alerts), LARGEST_PART) or range(1)
    for start in starts:
        counts = tally_notification(notification) if start == starts[-1] else {}
        yield Receive(alerts[start : start + LARGEST_PART], counts)


def _is_live(token: str, source: AlertSource) -> bool:
    """Compare with every live token in constant time, so that the clock tells nothing of them."""
    try:
        tokens = source.tokens()
    except SecretError as error:
        raise RefusalError(503, f"the token of this source cannot be checked: {error}") from error
    return any([hmac.compare_digest(token.encode(), live.encode()) for live in tokens])  # noqa: C419 - every one is compared


def _reason(error: Exception) -> str:
    match error:
        case DatabaseError():
            return error.reason
        case CounterClosedError():
            return "the desk is stopping"
        case queue.Full():
            return "too much is waiting"
        case _:
            return "the database took too long"
