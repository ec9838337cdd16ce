"""The servers of the demo on loopback, in a temporary folder, and the real daemon between them."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from daemon.demo.child import DaemonChild
from daemon.demo.configuration import ALERTMANAGER, MAILBOX, Ends, write_configuration
from daemon.demo.imap_server import ImapServer
from daemon.demo.people import DESK
from daemon.demo.smtp_server import Delivered, SmtpServer, send_mail
from daemon.demo.webhooks import post

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

#: The database, in the folder of the stage.
DATABASE = Path("state") / "deskd.sqlite3"
#: Seconds in which the daemon must have its database, its listener and its mailbox.
START_WITHIN = 30.0


class StartError(Exception):
    """The stage could not be set; the text is for the visitor."""


class Audience(Protocol):
    """Who is told what happens on the stage, always in the loop's own thread."""

    def mail_arrives(self, original: bytes) -> None:
        """A mail to the desk lies in its mailbox."""

    def daemon_says(self, said: Mapping[str, Any]) -> None:
        """The daemon logged a line."""

    def letter_arrives(self, letter: Delivered) -> None:
        """A letter of the desk reached its recipient."""


class Stage:
    """Made within a running loop; `stop` belongs to every `start`, whatever came of it.

    `keep` leaves the folder where it is.
    """

    def __init__(self, folder: Path, audience: Audience, *, keep: bool) -> None:
        self._audience = audience
        self._keep = keep
        self._stack = AsyncExitStack()
        self._token = secrets.token_urlsafe(18)
        self._listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._mailbox_works = asyncio.Event()
        self.folder = folder
        self.letters = self.folder / "letters"
        self.configuration = self.folder / "deskd.toml"
        self.log = self.folder / "deskd.log"
        password = secrets.token_urlsafe(18)
        self._password = password
        self._imap = ImapServer(password)
        self._smtp = SmtpServer(DESK, self.letters, to_desk=self._deliver, to_people=self._audience.letter_arrives)
        self._daemon = DaemonChild(self.configuration, self.log, self._hear)

    @property
    def smtp_port(self) -> int:
        """Where mail to anybody is taken."""
        return self._smtp.port

    @property
    def address(self) -> str:
        """Host and port of the daemon's webhooks and metrics."""
        return self._listening.result()

    async def start(self) -> None:
        """Start everything; returns when the daemon takes mail and webhooks.

        Raises StartError where that takes too long, DaemonEndedError where the daemon gives up.
        """
        self.letters.mkdir()
        await self._imap.start(self._stack)
        await self._smtp.start(self._stack)
        ends = Ends(imap_port=self._imap.port, smtp_port=self._smtp.port, password=self._password, token=self._token)
        write_configuration(self.configuration, ends)
        await self._daemon.start()
        try:
            async with asyncio.timeout(START_WITHIN):
                await self.while_it_runs(self._until_it_works())
        except TimeoutError as error:
            raise StartError(f"the daemon does not work after {START_WITHIN:.0f} s; its log: {self.log}") from error

    async def stop(self) -> None:
        """Stop everything, in the order in which it was needed, and remove the folder unless it is kept."""
        await self._daemon.stop()
        await self._stack.aclose()
        if not self._keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def while_it_runs(self, work: Coroutine[None, None, None]) -> None:
        """Do something on the stage; raises DaemonEndedError where the daemon ends before it is done."""
        working, ended = asyncio.create_task(work), asyncio.create_task(self._daemon.wait())
        try:
            await asyncio.wait({working, ended}, return_when=asyncio.FIRST_COMPLETED)
            (working if working.done() else ended).result()
        finally:
            working.cancel()
            ended.cancel()

    async def send(self, sender: str, original: bytes) -> None:
        """Send a mail to the desk by SMTP."""
        await asyncio.to_thread(send_mail, self._smtp.port, sender, DESK, original)

    async def notify(self, body: bytes) -> None:
        """Post a notification as Alertmanager does."""
        await asyncio.to_thread(post, self.address, f"/alertmanager/{ALERTMANAGER}", self._token, body)

    async def until_the_daemon_ends(self) -> None:
        """Wait for what should not happen; raises DaemonEndedError when it does."""
        await self._daemon.wait()

    async def _until_it_works(self) -> None:
        """Wait for the listener and the mailbox. Mail that came before would be older than the desk, and left alone."""
        await self._listening
        await self._mailbox_works.wait()

    async def _deliver(self, original: bytes) -> None:
        self._audience.mail_arrives(original)
        await self._imap.deliver(original, datetime.now(UTC))

    def _hear(self, said: Mapping[str, Any]) -> None:
        match said:
            case {"event": "daemon.started", "listening": [str(address), *_]} if not self._listening.done():
                self._listening.set_result(address)
            case {"event": "part.works", "part": str(part)} if part == f"mailbox {MAILBOX}":
                self._mailbox_works.set()
        self._audience.daemon_says(said)
