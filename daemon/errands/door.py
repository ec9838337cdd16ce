"""The local socket in the state folder: the command line brings an errand, and the daemon does it.

One connection, one errand: JSON until the sender has said all, JSON back. Only the user of the daemon and root can
connect (mode 0600), so that nobody else is asked who he is.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Final

from daemon.errands.errand import Errand, ErrandError, Outcome, read_answer, read_errand, write_answer, write_errand
from daemon.sockets import listen_at, reach

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

NAME: Final = "deskd.sock"
#: Seconds: for connecting; for hearing an errand; and for the answer to one, which may hold many large mails.
CONNECT_WITHIN, READ_WITHIN, ANSWER_WITHIN = 5.0, 60.0, 300.0


class NobodyThereError(Exception):
    """No daemon listens on the socket."""


class Door:
    """The daemon's side."""

    def __init__(self, run: Callable[[Errand], Awaitable[list[Outcome]]]) -> None:
        self._run = run
        self._server: asyncio.Server | None = None

    async def open(self, state: Path) -> None:
        """Listen; raises OSError where the socket cannot be made, or another daemon has it."""
        self._server = await asyncio.start_unix_server(self._answer, sock=listen_at(state / NAME, mode=0o600))

    def close(self) -> None:
        """Take no further errand."""
        if self._server is not None:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, TimeoutError):  # whoever asked has gone
            async with asyncio.timeout(READ_WITHIN):
                written = await reader.read(-1)
            if written:
                writer.write(write_answer(await self._do(written)))
                await writer.drain()
        writer.close()

    async def _do(self, written: bytes) -> list[Outcome] | ErrandError:
        try:
            return await self._run(read_errand(written))
        except ErrandError as error:
            return error


def ask_daemon(state: Path, errand: Errand) -> list[Outcome]:
    """Bring an errand to the daemon that works with this state folder, and wait for its end.

    Raises NobodyThereError where none runs, ErrandError where it was not done.
    """
    try:
        connection = reach(state / NAME, CONNECT_WITHIN)
    except (ConnectionRefusedError, FileNotFoundError) as error:
        raise NobodyThereError from error
    except OSError as error:
        raise ErrandError(f"{state / NAME} cannot be used: {error.strerror or error}") from error
    with connection:
        connection.settimeout(ANSWER_WITHIN)
        try:
            connection.sendall(write_errand(errand))
            connection.shutdown(socket.SHUT_WR)
            return read_answer(_read_all(connection))
        except OSError as error:
            raise ErrandError(f"the daemon did not answer: {error.strerror or error}") from error


def _read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)
