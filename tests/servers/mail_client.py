"""A mail server's side of LMTP or SMTP, word for word: what is said and what is answered."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self


class MailClient:
    """One connection to a loopback port, greeted; every `say` waits for the answer."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.greeting = ""

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self.greeting = await self.answer()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()

    async def answer(self) -> str:
        """The next answer, all its lines; empty at the end of the connection."""
        lines = []
        while line := await self._reader.readline():
            lines.append(line.decode().rstrip("\r\n"))
            if line[3:4] != b"-":
                break
        return "\n".join(lines)

    async def say(self, line: str) -> str:
        """Say one line and return the answer."""
        self.send(line.encode() + b"\r\n")
        return await self.answer()

    def send(self, content: bytes) -> None:
        """Say something without waiting."""
        self._writer.write(content)

    async def hand_over(
        self, content: bytes, *recipients: str, sender: str = "wang@corp.example", cut_at: int = 0
    ) -> list[str]:
        """Hand over one mail whose bytes end in CRLF, dots stuffed already; the answers of LMTP, one a recipient.

        It is sent in two packets, of which the first has `cut_at` bytes.
        """
        assert (await self.say(f"MAIL FROM:<{sender}>")).startswith("250")
        for recipient in recipients:
            assert (await self.say(f"RCPT TO:<{recipient}>")).startswith("250")
        assert (await self.say("DATA")).startswith("354")
        self.send(content[:cut_at])
        await self._writer.drain()
        self.send(content[cut_at:] + b".\r\n")
        return [await self.answer() for _ in recipients]

    async def hang_up(self) -> None:
        """Leave without a word."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
