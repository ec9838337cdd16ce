from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from daemon.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class FakeDaemon(HTTPServer):
    """Answers /-/healthy with the status it was told."""

    status = 200


class _Answer(BaseHTTPRequestHandler):
    server: FakeDaemon

    def do_GET(self) -> None:
        self.send_response(self.server.status if self.path == "/-/healthy" else 404)
        self.end_headers()
        self.wfile.write(b"the clerk works\n")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def running() -> Iterator[FakeDaemon]:
    with FakeDaemon(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def config(folder: Path, http: str) -> str:
    path = folder / "deskd.toml"
    path.write_text(f"[desk]\nwhatever = 1\n[http]\n{http}\n")
    return str(path)


@pytest.mark.parametrize(("status", "exit_status"), [(200, 0), (503, 1)], ids=["healthy", "not healthy"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_answer_is_the_exit_status(
    status: int, exit_status: int, host: str, running: FakeDaemon, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running.status = status
    path = config(tmp_path, f'webhooks = "127.0.0.1:9"\nadmin = "{host}:{running.server_port}"')
    assert main(["healthcheck", "-c", path]) == exit_status
    told = capsys.readouterr()
    assert "the clerk works" in told.out + told.err


def test_webhooks_and_health_share_a_listener_by_default(running: FakeDaemon, tmp_path: Path) -> None:
    assert main(["healthcheck", "-c", config(tmp_path, f'webhooks = "127.0.0.1:{running.server_port}"')]) == 0


def test_nobody_there_is_not_healthy(running: FakeDaemon, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running.shutdown()
    running.server_close()
    path = config(tmp_path, f'webhooks = "127.0.0.1:{running.server_port}"')
    assert main(["healthcheck", "-c", path]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"not healthy: no answer from 127.0.0.1:{running.server_port}: ")
    assert "refused" in said


@pytest.mark.parametrize("http", ['admin = "nonsense"', "admin = [", "admin = 7"])
def test_a_listener_that_cannot_be_read_is_not_healthy(http: str, tmp_path: Path) -> None:
    assert main(["healthcheck", "-c", config(tmp_path, http)]) == 1
