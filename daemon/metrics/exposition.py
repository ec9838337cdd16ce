"""`/metrics`: what the database and this process say, in the format that the scraper asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder

from daemon.metrics import live

if TYPE_CHECKING:
    from prometheus_client.registry import Collector


class Exposition:
    """The whole answer of `/metrics`. Rendering reads the database: call it in a thread, not in the event loop."""

    def __init__(self, *collectors: Collector) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        for collector in (*live.METRICS, *collectors):
            self._registry.register(collector)

    def render(self, accept: str = "") -> tuple[str, bytes]:
        """The content type and the body, by the request's Accept header: OpenMetrics or the text format 0.0.4."""
        encode, content_type = choose_encoder(accept)
        return content_type, encode(self._registry)
