"""The SMTP server of the demo. Mail to the desk goes into its mailbox; letters become files. Nothing leaves."""

from __future__ import annotations

import email
import email.policy
import smtplib
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING

from daemon.sockets import listen
from ingest.listener.delivery import ListenerSettings
from ingest.listener.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AsyncExitStack
    from email.message import EmailMessage
    from pathlib import Path

    from ingest.listener.delivery import Delivery, Outcome

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A letter that arrived at its recipient."""

    recipient: str
    message: EmailMessage = field(repr=False)
    file: Path


class SmtpServer:
    """Takes every mail that is handed to it, for anybody."""

    def __init__(
        self,
        desk: str,
        letters: Path,
        *,
        to_desk: Callable[[bytes], Awaitable[None]],
        to_people: Callable[[Delivered], None],
    ) -> None:
        self._desk = desk
        self._letters = letters
        self._to_desk = to_desk
        self._to_people = to_people
        self._count = 0
        self.port = 0

    async def start(self, stack: AsyncExitStack) -> None:
        """Listen until the stack is left."""
        opened = listen(LOOPBACK, 0)
        self.port = opened.getsockname()[1]
        everybody = ListenerSettings(
            name="demo", protocol="smtp", host_name="demo", recipients=None, peers=(ip_network(f"{LOOPBACK}/32"),)
        )
        listener = Listener(everybody, self._take, _Nobody())
        await listener.start(opened)
        stack.push_async_callback(listener.stop, 1.0)

    async def _take(self, delivery: Delivery) -> None:
        """Keep the mail before it is acknowledged."""
        recipients = [recipient.lower() for recipient in delivery.recipients]
        if self._desk in recipients:
            await self._to_desk(delivery.content)
        for recipient in recipients:
            if recipient != self._desk:
                self._to_people(self._keep(recipient, delivery.content))

    def _keep(self, recipient: str, original: bytes) -> Delivered:
        """Write the letter down; the name is ours and the address only a part of it, without what a path could use."""
        self._count += 1
        readable = "".join(character if character.isalnum() or character in ".-" else "_" for character in recipient)
        file = self._letters / f"{self._count:03}-{readable[:60]}.eml"
        file.write_bytes(original)
        message = email.message_from_bytes(original, policy=email.policy.default)
        return Delivered(recipient, message, file)


class _Nobody:
    """Who does not want to know how mails come in."""

    def connected(self, connections: int) -> None: ...
    def turned_away(self, peer: str, reason: str) -> None: ...
    def answered(self, outcome: Outcome, reason: str, seconds: float) -> None: ...
    def failed(self, error: Exception) -> None: ...


def send_mail(port: int, sender: str, recipient: str, original: bytes) -> None:
    """Hand a mail over as a mail program would; raises OSError (smtplib's errors are) where that fails."""
    with smtplib.SMTP(LOOPBACK, port, local_hostname="demo", timeout=10) as smtp:
        smtp.sendmail(sender, [recipient], original)
