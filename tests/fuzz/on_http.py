"""Webhook bodies posted to the real HTTP application, with a real desk behind it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx2
from sqlalchemy import select
from starlette.applications import Starlette

from daemon.http.webhooks import Webhooks
from daemon.store import schema
from daemon.store.database import reading
from tests.corpora.reading import shipped_rulebook
from tests.daemon.desks import MovedClock, StandingDesk
from tests.databases import open_fresh
from tests.fuzz.checks import NOW, Broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

LARGEST_BODY: Final = 5_000_000
AT_ONCE: Final = 40
#: What may answer a body: taken, no notification, too large. Anything else would lose it, or bring it for ever.
RIGHT: Final = (200, 400, 413)


@dataclass(frozen=True, slots=True)
class _Sender:
    name: str = "prod"

    def tokens(self) -> Sequence[str]:
        return ("token",)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one body."""

    status: int
    reason: str
    """Of a refusal."""
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class WebhookDesk:
    """The application, and the clerk who works in a thread of his own."""

    desk: StandingDesk
    engine: Engine

    def post_all(self, bodies: Sequence[bytes]) -> list[Answer]:
        """Post bodies, many of them at once; returns an answer for each. What the application raises is raised."""
        return asyncio.run(self._post_all(bodies))

    async def _post_all(self, bodies: Sequence[bytes]) -> list[Answer]:
        webhooks = Webhooks(
            sources=lambda: {"prod": _Sender()},
            counter=self.desk.counter,
            now=lambda: NOW,
            largest_body=LARGEST_BODY,
        )
        transport = httpx2.ASGITransport(Starlette(routes=list(webhooks.routes())))
        answers: list[Answer] = []
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example") as client:
            for start in range(0, len(bodies), AT_ONCE):
                answers += await asyncio.gather(*(_post(client, body) for body in bodies[start : start + AT_ONCE]))
        return answers

    def check_posts(self, bodies: Sequence[bytes]) -> list[Answer]:
        """The same; raises Broken where an answer is not right, says nothing, or where the clerk could not decide."""
        answers = self.post_all(bodies)
        for body, answer in zip(bodies, answers, strict=True):
            if answer.status not in RIGHT or (answer.status != 200 and not answer.reason):
                raise Broken(f"{answer} to {body[:2_000]!r}")
        if failures := self.failures():
            raise Broken(f"the desk set reports aside: {failures}")
        return answers

    def failures(self) -> list[str]:
        """Why reports that were read well could not be decided or recorded."""
        table = schema.ledger.c
        statement = select(table.reason).where(table.verdict == "quarantined", table.reason.like("%Error: %"))
        with reading(self.engine) as connection:
            return list(connection.execute(statement).scalars())


async def _post(client: httpx2.AsyncClient, body: bytes) -> Answer:
    answer = await client.post("/alertmanager/prod", content=body, headers={"Authorization": "Bearer token"})
    told = answer.json()
    return Answer(answer.status_code, told.get("error", ""), told.get("accepted", 0))


@contextmanager
def open_webhooks(folder: Path) -> Iterator[WebhookDesk]:
    """A desk without a ticket that takes webhooks, its database in that folder."""
    engine = open_fresh(folder / "webhooks.sqlite3")
    ended = threading.Event()
    try:
        desk = StandingDesk(engine, MovedClock(NOW), shipped_rulebook())
        clerk = threading.Thread(target=_work, args=(desk, ended))
        clerk.start()
        yield WebhookDesk(desk, engine)
        ended.set()
        clerk.join()
    finally:
        ended.set()
        engine.dispose()


def _work(desk: StandingDesk, ended: threading.Event) -> None:
    while not ended.is_set():
        desk.desk.step(0.02)
