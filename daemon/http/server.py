"""uvicorn inside the daemon's own loop: no signal handlers of its own, and a bounded stop."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp

#: Seconds that requests under way get when the daemon stops; more than a commit needs.
GRACE = 5


class EmbeddedServer(uvicorn.Server):
    """A server whose signals belong to the daemon."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGINT and SIGTERM alone; uvicorn would take them over and raise them again afterwards."""
        yield


def make_server(app: ASGIApp) -> EmbeddedServer:
    """A server for an application; `serve(sockets=[...])` runs it until `should_exit` is set."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE,
        limit_concurrency=2_000,
        backlog=2_048,
    )
    return EmbeddedServer(config)
