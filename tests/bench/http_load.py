"""The sender of webhooks: a process of its own, as cheap as it can be, for it shares the cores with the daemon.

    python -m tests.bench.http_load PORT PATH TOKEN CONNECTIONS BODIES

BODIES is a file with one body in each line. Every body is posted once, over connections that are kept. Prints a JSON
object: seconds, the milliseconds of each answer, and how many answers were not 200.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(slots=True)
class Load:
    """What is left to post, and what came of the rest."""

    requests: Iterator[bytes]
    left: int
    finished: asyncio.Future[None]
    milliseconds: list[float] = field(default_factory=list)
    refused: int = 0

    def answered(self, started: float, status: bytes) -> None:
        self.milliseconds.append((time.perf_counter() - started) * 1000)
        self.refused += status != b"200"
        self.left -= 1
        if not self.left:
            self.finished.set_result(None)


class Client(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._received = bytearray()
        self._started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._post()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if _is_whole(self._received):
            self._load.answered(self._started, bytes(self._received[9:12]))
            self._received.clear()
            self._post()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._load.finished.done() and self._load.left:
            self._load.finished.set_exception(exc or ConnectionError("the daemon hung up"))

    def _post(self) -> None:
        if (request := next(self._load.requests, None)) is not None:
            self._started = time.perf_counter()
            self._transport.write(request)


def _is_whole(answer: bytearray) -> bool:
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return False
    length = answer[:head].lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return len(answer) >= head + 4 + int(length)


async def post_all(port: int, requests: Sequence[bytes], connections: int) -> dict[str, object]:
    """Post every request once, over so many connections."""
    loop = asyncio.get_running_loop()
    load = Load(iter(requests), len(requests), loop.create_future())
    started = time.perf_counter()
    for _ in range(min(connections, len(requests))):
        await loop.create_connection(lambda: Client(load), "127.0.0.1", port)
    await load.finished
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "milliseconds": load.milliseconds, "refused": load.refused}


def main(port: str, path: str, token: str, connections: str, bodies: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    requests = [
        b"%sContent-Length: %d\r\n\r\n%s" % (head.encode(), len(body), body)
        for body in Path(bodies).read_bytes().splitlines()
    ]
    print(json.dumps(asyncio.run(post_all(int(port), requests, int(connections)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
