"""Where a mail server hands mail over: who may, for whom, and how many at once."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from typing import TYPE_CHECKING, Protocol

from ingest.listener.session import make_session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ingest.listener.delivery import Delivery, ListenerSettings, Outcome
    from ingest.listener.session import MailSession


class Observer(Protocol):
    """Who wants to know what comes in: the log and the metrics."""

    def connected(self, connections: int) -> None:
        """So many connections are open now."""

    def turned_away(self, peer: str, reason: str) -> None:
        """Somebody may not connect, or not now."""

    def answered(self, outcome: Outcome, reason: str, seconds: float) -> None:
        """A mail was taken, or is to come again, or was refused for good; so long after its last byte."""

    def failed(self, error: Exception) -> None:
        """A session met a mistake of ours; the mail server was asked to come again."""


class Listener:
    """Takes mail on one listening socket, in the loop that starts it."""

    def __init__(
        self, settings: ListenerSettings, take: Callable[[Delivery], Awaitable[None]], observer: Observer
    ) -> None:
        """`take` returns once the mail is recorded, and raises NotTakenError where it could not be."""
        self.settings = settings
        self.take = take
        self.observer = observer
        self._sessions: set[MailSession] = set()
        self._server: asyncio.Server | None = None

    async def start(self, opened: socket.socket) -> None:
        """Listen on a bound socket, of the Internet or of Unix."""
        loop = asyncio.get_running_loop()
        create = loop.create_unix_server if opened.family == socket.AF_UNIX else loop.create_server
        self._server = await create(lambda: make_session(self, loop), sock=opened, backlog=128)

    async def stop(self, grace: float) -> None:
        """Listen no more. Mails that lie with the desk are answered, within `grace` seconds; the rest is sent away."""
        if self._server is not None:
            self._server.close()
        for session in list(self._sessions):
            session.ask_to_leave()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await asyncio.gather(*(session.ended.wait() for session in self._sessions))
        for session in list(self._sessions):
            session.cut()

    def accepts(self, recipient: str) -> bool:
        """Whether mail for an address is ours: one of the recipients, with or without something behind a plus."""
        accepted = self.settings.recipients
        local, _, domain = recipient.lower().rpartition("@")
        base = local.partition("+")[0] or local
        return accepted is None or not accepted.isdisjoint({f"{local}@{domain}", f"{base}@{domain}", f"@{domain}"})

    def why_not(self, host: str | None) -> str | None:
        """The answer to a host that may not connect, or not now; None to one that may. A Unix socket tells no host.

        The answers pass (4xx): a mail server that is merely missing among the peers keeps its mail until it is named.
        """
        if host is not None and not self._is_peer(host):
            self.observer.turned_away(host, "it is none of the peers")
            return "421 4.7.1 this host may not hand over mail here"
        if len(self._sessions) >= self.settings.connections:
            self.observer.turned_away(host or "", f"{self.settings.connections} connections are open already")
            return "421 4.3.2 too many connections, come again"
        return None

    def enter(self, session: MailSession) -> None:
        """A session has begun."""
        self._sessions.add(session)
        self.observer.connected(len(self._sessions))

    def leave(self, session: MailSession) -> None:
        """A session is over."""
        self._sessions.discard(session)
        self.observer.connected(len(self._sessions))

    def _is_peer(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return any((mapped or address) in network for network in self.settings.peers)
