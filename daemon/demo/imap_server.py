"""The IMAP server of the demo: pymap with its mailboxes in memory. It is real IMAP, and it keeps nothing."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, DictBackend, Login
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata

if TYPE_CHECKING:
    from contextlib import AsyncExitStack
    from datetime import datetime

    from proxyprotocol.sock import SocketInfo

LOOPBACK = "127.0.0.1"
USER = "support"


class _Config(Config):
    @property
    def greeting(self) -> bytes:
        """pymap would ask the resolver for the name of this machine, and the whole demo would wait for it."""
        return b"The mailbox of the demo"


class ImapServer:
    """One mailbox behind IMAP on loopback. Its INBOX begins empty: pymap's own demo mails are not loaded."""

    def __init__(self, password: str) -> None:
        words = Namespace(passlib_cfg=None, proxy_protocol=None)
        self._config = _Config(
            words, host=LOOPBACK, port=0, tls_enabled=False, demo_data=False, demo_user=USER, demo_password=password
        )
        self._login = Login(self._config)
        self._backend = DictBackend(self._login, self._config)
        self._serve = IMAPServer(self._login, self._config)
        self._sessions: set[asyncio.Task[Any] | None] = set()
        self.port = 0

    async def start(self, stack: AsyncExitStack) -> None:
        """Listen until the stack is left."""
        password = await Passwords(self._config).hash_password(self._config.demo_password)
        await self._login.demo_user_identity.set(UserMetadata(self._config, USER, password=password))
        self._config.apply_context()
        connected = ProxyProtocolReader(self._config.proxy_protocol).get_callback(self._take)
        server = await asyncio.start_server(connected, LOOPBACK, 0)
        stack.push_async_callback(self._end_sessions)
        stack.callback(server.close)
        self.port = server.sockets[0].getsockname()[1]

    async def deliver(self, original: bytes, at: datetime) -> None:
        """Put a mail into INBOX; whoever is in IDLE hears of it at once."""
        async with self._login.demo_user_identity.new_session() as session:
            await session.append_messages("INBOX", [AppendMessage(original, at)])

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: SocketInfo) -> None:
        session = asyncio.current_task()
        self._sessions.add(session)  # nobody else holds the task, and Python may forget one that waits in IDLE
        try:
            await self._serve(reader, writer, peer)
        finally:
            self._sessions.discard(session)

    async def _end_sessions(self) -> None:
        sessions = [session for session in self._sessions if session is not None]
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
