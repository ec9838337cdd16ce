"""The SMTP server of the demo. Mail to the desk goes into its mailbox; letters become files. Nothing leaves."""

from __future__ import annotations

import asyncio
import email
import email.policy
import smtplib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AsyncExitStack
    from email.message import EmailMessage
    from pathlib import Path

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
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, loop=loop, hostname="demo", enable_SMTPUTF8=True), LOOPBACK, 0
        )
        stack.callback(server.close)
        self.port = server.sockets[0].getsockname()[1]

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail before it is acknowledged."""
        original = envelope.original_content or b""
        recipients = [recipient.lower() for recipient in envelope.rcpt_tos]
        if self._desk in recipients:
            await self._to_desk(original)
        for recipient in recipients:
            if recipient != self._desk:
                self._to_people(self._keep(recipient, original))
        return "250 2.0.0 kept"

    def _keep(self, recipient: str, original: bytes) -> Delivered:
        """Write the letter down; the name is ours and the address only a part of it, without what a path could use."""
        self._count += 1
        readable = "".join(character if character.isalnum() or character in ".-" else "_" for character in recipient)
        file = self._letters / f"{self._count:03}-{readable[:60]}.eml"
        file.write_bytes(original)
        message = email.message_from_bytes(original, policy=email.policy.default)
        return Delivered(recipient, message, file)


def send_mail(port: int, sender: str, recipient: str, original: bytes) -> None:
    """Hand a mail over as a mail program would; raises OSError (smtplib's errors are) where that fails."""
    with smtplib.SMTP(LOOPBACK, port, local_hostname="demo", timeout=10) as smtp:
        smtp.sendmail(sender, [recipient], original)
