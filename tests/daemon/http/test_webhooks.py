"""The webhook endpoint: 200 only after COMMIT, 503 for our own trouble, 4xx for what would never be right."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import pytest_asyncio
from sqlalchemy import select
from starlette.applications import Starlette
from structlog.testing import capture_logs

from daemon.config.secrets import SecretError
from daemon.counter import Counter, CounterClosedError, Receive
from daemon.http.webhooks import LARGEST_PART, Webhooks
from daemon.store import schema
from daemon.store.database import DatabaseError, transaction
from daemon.store.tallies import read_tallies
from tests.daemon.desks import StandingDesk
from tests.samples import NOW, an_alert
from tests.servers.desk import compose_alert, compose_notification

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy import Engine

LARGEST = 20_000
BODY = compose_notification([compose_alert("DiskFull", "db1")])
GOOD = {"Authorization": "Bearer new token"}


@dataclass(slots=True)
class Source:
    """A sender whose token is being changed: two are live."""

    name: str = "prod"
    live: tuple[str, ...] = ("old token", "new token")
    away: bool = False

    def tokens(self) -> Sequence[str]:
        if self.away:
            raise SecretError("prod.token: no such file")
        return self.live


@dataclass(slots=True)
class Endpoint:
    """The endpoint, with a desk that works only between `open_desk` and the end, or as the test steps it."""

    desk: StandingDesk
    source: Source = field(default_factory=Source)
    client: httpx2.AsyncClient = field(init=False)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        webhooks = Webhooks(
            sources=lambda: {"prod": self.source}, counter=self.desk.counter, now=lambda: NOW, largest_body=LARGEST
        )
        transport = httpx2.ASGITransport(Starlette(routes=list(webhooks.routes())))
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://desk.example")

    def open_desk(self) -> None:
        """Let the clerk work in a thread of its own."""
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    async def post(self, body: bytes = BODY, path: str = "/alertmanager/prod", **more: Any) -> httpx2.Response:
        return await self.client.post(path, content=body, headers=GOOD | more.pop("headers", {}), **more)

    async def wait_for_requests(self, count: int) -> None:
        """Give the requests their turns until each has laid down what it brings."""
        for _ in range(10_000):
            if self.desk.counter.waiting >= count:
                break
            await asyncio.sleep(0)
        else:
            raise AssertionError(f"{self.desk.counter.waiting} items lie on the counter")
        for _ in range(1_000):
            await asyncio.sleep(0)

    def _work(self) -> None:
        while not self._ended.is_set():
            self.desk.desk.step(0.02)


@pytest_asyncio.fixture
async def held(sqlite_writer: Engine) -> AsyncIterator[Endpoint]:
    """The endpoint before a desk that does nothing until it is told."""
    endpoint = Endpoint(StandingDesk(sqlite_writer))
    yield endpoint
    endpoint.close()
    await endpoint.client.aclose()


@pytest_asyncio.fixture
async def endpoint(held: Endpoint) -> Endpoint:
    """The endpoint before a desk at work."""
    held.open_desk()
    return held


def _ledger(engine: Engine) -> list[str]:
    with transaction(engine) as connection:
        return list(connection.execute(select(schema.ledger.c.verdict).order_by(schema.ledger.c.id)).scalars())


@pytest.mark.asyncio
async def test_200_comes_after_commit_and_not_before(held: Endpoint, sqlite_writer: Engine) -> None:
    asked = asyncio.create_task(held.post())
    await held.wait_for_requests(1)
    assert not asked.done()
    await asyncio.to_thread(held.desk.desk.step, 0)
    assert _ledger(sqlite_writer) == ["opened"]
    answer = await asked
    assert (answer.status_code, answer.json()) == (200, {"accepted": 1, "quarantined": 0})


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/alertmanager/prod", "/alertmanager/prod/"])
@pytest.mark.parametrize("token", ["old token", "new token"])
async def test_both_tokens_and_both_spellings_are_taken(endpoint: Endpoint, path: str, token: str) -> None:
    answer = await endpoint.post(path=path, headers={"Authorization": f"bearer {token}"})
    assert answer.status_code == 200


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param("prod", {"Authorization": "Bearer wrong"}, id="a wrong token"),
        pytest.param("prod", {"Authorization": "Bearer "}, id="an empty token"),
        pytest.param("prod", {"Authorization": ""}, id="no header"),
        pytest.param("prod", {"Authorization": "Basic bmV3IHRva2Vu"}, id="another scheme"),
        pytest.param("prod", {"Authorization": "new token"}, id="no scheme"),
        pytest.param("prod", {"Authorization": b"Bearer \xff\xfe"}, id="a token that is no text"),
        pytest.param("other", {}, id="a source that does not exist"),
    ],
)
async def test_without_its_token_a_source_gets_401(held: Endpoint, path: str, headers: dict[str, Any]) -> None:
    answer = await held.post(path=f"/alertmanager/{path}", headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert held.desk.counter.waiting == 0


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "headers", "reason"),
    [
        pytest.param("prod", {"Authorization": "Bearer wrong"}, "another one than ours", id="a wrong token"),
        pytest.param("prod", {"Authorization": ""}, "it sends no bearer token", id="no token"),
        pytest.param("prd", {}, "no source is called 'prd'", id="a slip in the address"),
    ],
)
async def test_the_log_says_what_is_wrong_and_the_answer_does_not(
    held: Endpoint, path: str, headers: dict[str, Any], reason: str
) -> None:
    with capture_logs() as lines:
        answer = await held.post(path=f"/alertmanager/{path}", headers=headers)
    assert answer.json() == {"error": "this source needs its bearer token"}
    assert [reason in line["reason"] for line in lines] == [True]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b"\x00garbage", {}, 400, id="garbage"),
        pytest.param(b"", {}, 400, id="nothing"),
        pytest.param(b"[" * 10_000, {}, 400, id="a deep nest"),
        pytest.param(b'{"version": "4"}', {}, 400, id="no alerts"),
        pytest.param(b"{" + b" " * LARGEST, {}, 413, id="a body too large"),
        pytest.param(BODY, {"Content-Encoding": "gzip"}, 415, id="a compressed body"),
    ],
)
async def test_what_would_never_be_right_is_refused(
    held: Endpoint, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await held.post(body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert held.desk.counter.waiting == 0


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/alertmanager/prod", "/alertmanager/prod/"])
async def test_a_get_is_not_allowed_and_nothing_redirects(held: Endpoint, path: str) -> None:
    assert (await held.client.get(path, headers=GOOD)).status_code == 405
    assert not (await held.post(b"", path=path)).is_redirect


@pytest.mark.asyncio
async def test_a_body_without_length_is_read_and_counted(endpoint: Endpoint) -> None:
    async def in_parts(body: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    for body, status in ((BODY, 200), (b" " * (LARGEST + 1), 413)):
        answer = await endpoint.client.post("/alertmanager/prod", content=in_parts(body), headers=GOOD)
        assert answer.status_code == status


@pytest.mark.asyncio
async def test_one_bad_alert_is_set_aside_and_the_good_ones_count(endpoint: Endpoint, sqlite_writer: Engine) -> None:
    good = compose_notification([compose_alert("DiskFull", "db1"), compose_alert("DiskFull", "db2")])
    body = good.replace(b'"alerts": [', b'"alerts": [{"labels": 7}, ')
    answer = await endpoint.post(body)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 2, "quarantined": 1})
    assert sorted(_ledger(sqlite_writer)) == ["appended", "opened", "quarantined"]
    with transaction(sqlite_writer) as connection:
        assert read_tallies(connection)["deskd_reports_total", ("alert", "quarantined")] == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param("closed", id="the desk is stopping"),
        pytest.param("full", id="too much is waiting"),
        pytest.param("token", id="the token cannot be read"),
    ],
)
async def test_our_own_trouble_is_503(held: Endpoint, trouble: str) -> None:
    match trouble:
        case "closed":
            held.desk.counter.close()
        case "full":
            full = Counter(capacity=1)
            full.lay_down(Receive([an_alert()]))
            held.desk.counter = full
            held.__post_init__()
        case "token":
            held.source.away = True
    answer = await held.post()
    assert answer.status_code == 503


@pytest.mark.asyncio
@pytest.mark.parametrize("error", [DatabaseError("no space left"), CounterClosedError()])
async def test_what_was_not_recorded_is_503(held: Endpoint, error: Exception) -> None:
    asked = asyncio.create_task(held.post())
    await held.wait_for_requests(1)
    held.desk.counter.refuse(error)
    assert (await asked).status_code == 503


@pytest.mark.asyncio
async def test_a_notification_without_alerts_is_taken(endpoint: Endpoint) -> None:
    assert (await endpoint.post(compose_notification([]))).status_code == 200


@pytest.mark.asyncio
async def test_many_senders_share_a_commit(held: Endpoint, sqlite_writer: Engine) -> None:
    bodies = [compose_notification([compose_alert("DiskFull", f"db{n}")]) for n in range(80)]
    asked = [asyncio.create_task(held.post(body)) for body in bodies]
    await held.wait_for_requests(80)
    assert await asyncio.to_thread(held.desk.desk.step, 0)
    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * 80
    assert sorted(_ledger(sqlite_writer)) == ["appended"] * 79 + ["opened"]


@pytest.mark.asyncio
async def test_a_large_notification_is_recorded_in_parts(held: Endpoint, sqlite_writer: Engine) -> None:
    webhooks = Webhooks(
        sources=lambda: {"prod": held.source}, counter=held.desk.counter, now=lambda: NOW, largest_body=10**6
    )
    transport = httpx2.ASGITransport(Starlette(routes=list(webhooks.routes())))
    body = compose_notification([compose_alert("DiskFull", f"db{n}") for n in range(2 * LARGEST_PART + 1)])
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        asked = asyncio.create_task(client.post("/alertmanager/prod", content=body, headers=GOOD))
        await held.wait_for_requests(3)
        held.open_desk()
        answer = await asked
    assert answer.json() == {"accepted": 2 * LARGEST_PART + 1, "quarantined": 0}
    assert len(_ledger(sqlite_writer)) == 2 * LARGEST_PART + 1
    with transaction(sqlite_writer) as connection:
        assert read_tallies(connection)["deskd_alert_notifications_total", ("prod", "unknown")] == 1
