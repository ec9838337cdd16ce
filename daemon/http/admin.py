"""What operators and their machines ask of the daemon: metrics, whether it lives, whether it works, and to reload."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from daemon.watch import Watch

#: Seconds after which a loop that has not come round counts as dead.
LATE = 30.0


class Exposition(Protocol):
    """What `/metrics` shows."""

    def render(self, accept: str) -> tuple[str, bytes]:
        """The content type that suits an Accept header, and the metrics in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """The endpoints. None of the GETs changes anything."""

    watch: Watch
    exposition: Exposition
    reload: Callable[[], str | None]
    """Reads the configuration again; returns why not, or None."""

    def routes(self) -> Sequence[Route]:
        """The routes of the admin listener."""
        return [
            Route("/metrics", self.show_metrics, methods=["GET"]),
            Route("/-/healthy", self.tell_health, methods=["GET"]),
            Route("/-/ready", self.tell_readiness, methods=["GET"]),
            Route("/-/reload", self.do_reload, methods=["POST"]),
        ]

    async def show_metrics(self, request: Request) -> Response:
        """Answer a scrape. The database is read in a thread, so that webhooks do not wait for it."""
        accept = request.headers.get("accept", "")
        content_type, body = await asyncio.to_thread(self.exposition.render, accept)
        return Response(body, headers={"content-type": content_type})

    async def tell_health(self, _request: Request) -> Response:
        """200 while every loop comes round: no peer is asked, so that a broken peer never restarts the daemon."""
        late = self.watch.late(LATE)
        return PlainTextResponse(
            f"late: {', '.join(late)}\n" if late else "healthy\n", status_code=503 if late else 200
        )

    async def tell_readiness(self, _request: Request) -> Response:
        """200 while reports can be recorded and every configured part works; 503 with the reasons otherwise."""
        conditions = self.watch.conditions()
        parts = {part: "works" if one.working else one.reason for part, one in sorted(conditions.items())}
        ready = all(one.working for one in conditions.values())
        return JSONResponse({"ready": ready, "parts": parts}, status_code=200 if ready else 503)

    async def do_reload(self, _request: Request) -> Response:
        """Read configuration and rulebook again; a bad file keeps the old ones."""
        reason = await asyncio.to_thread(self.reload)
        return PlainTextResponse(f"{reason}\n" if reason else "reloaded\n", status_code=500 if reason else 200)
