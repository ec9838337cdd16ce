"""A mail server that takes everything as fast as it comes, in a thread of its own.

Until `open` it greets and lets everybody wait for the answer to MAIL: a courier that waits is idle, its letters need no
second attempt, and the daemon is ready all the same.
"""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Self


class LetterSink:
    """Listens on a loopback port; use it as a context manager."""

    def __init__(self) -> None:
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._conversations: set[asyncio.Future[None]] = set()
        self.arrivals: list[float] = []
        """When each letter had come, on the monotonic clock."""
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(5)

    def open(self) -> None:
        """Take letters from those who wait and whoever comes."""
        self._loop.call_soon_threadsafe(self._opened.set)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._opened, self._closing = asyncio.Event(), asyncio.Event()
        server = await asyncio.start_server(self._converse, "127.0.0.1", 0, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._closing.wait()
        server.close()
        self._opened.set()
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*self._conversations)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = self._loop.create_future()
        self._writers.add(writer)
        self._conversations.add(ended)
        try:
            writer.write(b"220 sink.example ESMTP\r\n")
            while line := await reader.readline():
                writer.write(await self._answer(line[:4].upper(), reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            ended.set_result(None)

    async def _answer(self, command: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        match command:
            case b"EHLO":
                return b"250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
            case b"MAIL":
                await self._opened.wait()
                return b"250 2.1.0 ok\r\n"
            case b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.arrivals.append(time.monotonic())
                return b"250 2.0.0 taken\r\n"
            case b"QUIT":
                return b"221 bye\r\n"
            case _:
                return b"250 ok\r\n"
