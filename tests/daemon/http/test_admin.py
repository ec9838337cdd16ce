"""What operators ask of the daemon."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx2
import pytest
from starlette.applications import Starlette

from daemon.http.admin import LATE, Admin
from daemon.watch import Watch


@dataclass(slots=True)
class Metrics:
    """An exposition that says what it was asked."""

    def render(self, accept: str) -> tuple[str, bytes]:
        return "text/plain; version=1.0.0", f"# for {accept}\n".encode()


@dataclass(slots=True)
class Operators:
    """The admin listener and who asks it."""

    watch: Watch = field(default_factory=Watch)
    trouble: str | None = None
    reloads: int = 0

    def reload(self) -> str | None:
        self.reloads += 1
        return self.trouble

    async def ask(self, path: str, method: str = "GET") -> httpx2.Response:
        routes = Admin(watch=self.watch, exposition=Metrics(), reload=self.reload).routes()
        transport = httpx2.ASGITransport(Starlette(routes=list(routes)))
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example") as client:
            return await client.request(method, path, headers={"Accept": "text/plain"})


@pytest.mark.asyncio
async def test_it_is_ready_when_every_part_works() -> None:
    operators = Operators()
    operators.watch.expect("database")
    answer = await operators.ask("/-/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "parts": {"database": "starting"}})
    operators.watch.works("database")
    answer = await operators.ask("/-/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "parts": {"database": "works"}})
    operators.watch.fails("mailbox support", "the server refuses the login")
    assert (await operators.ask("/-/ready")).json()["parts"]["mailbox support"] == "the server refuses the login"


@pytest.mark.asyncio
async def test_it_is_healthy_while_its_loops_come_round_whatever_its_peers_do() -> None:
    operators = Operators()
    operators.watch.beat("desk")
    operators.watch.fails("database", "away")
    assert (await operators.ask("/-/healthy")).status_code == 200
    assert operators.watch.late(LATE) == []
    assert operators.watch.late(-1) == ["desk"]


@pytest.mark.asyncio
async def test_metrics_come_in_the_form_that_was_asked_for() -> None:
    answer = await Operators().ask("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=1.0.0"
    assert answer.text == "# for text/plain\n"


@pytest.mark.asyncio
async def test_a_reload_says_whether_it_was_one() -> None:
    operators = Operators()
    assert ((await operators.ask("/-/reload", "POST")).status_code, operators.reloads) == (200, 1)
    operators.trouble = "deskd.toml:3: desk.name: missing"
    answer = await operators.ask("/-/reload", "POST")
    assert (answer.status_code, answer.text) == (500, "deskd.toml:3: desk.name: missing\n")


@pytest.mark.asyncio
async def test_a_get_reloads_nothing() -> None:
    operators = Operators()
    assert ((await operators.ask("/-/reload")).status_code, operators.reloads) == (405, 0)
