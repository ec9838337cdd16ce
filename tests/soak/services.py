"""Services that break and heal when told to, as Prometheus sees them."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

#: The rule by which one that is down fires at once.
RULES = """
groups:
  - name: services
    rules:
      - alert: ServiceDown
        expr: service_down == 1
        labels: {severity: critical}
        annotations: {summary: "{{ $labels.service }} is down"}
"""


class Services:
    """An exporter of what is down; use it as a context manager."""

    def __init__(self) -> None:
        self._down: dict[str, bool] = {}
        exporter = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = exporter._metrics()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing of each scrape."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="services", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def target(self) -> str:
        """Where it is scraped."""
        return f"127.0.0.1:{self._server.server_port}"

    def take_down(self, name: str) -> None:
        """Let a service be down from now on."""
        self._down[name] = True

    def bring_up(self, name: str) -> None:
        """Let it work again."""
        self._down[name] = False

    def _metrics(self) -> bytes:
        lines = (f'service_down{{service="{name}"}} {int(down)}\n' for name, down in [*self._down.items()])
        return ("# TYPE service_down gauge\n" + "".join(lines)).encode()
