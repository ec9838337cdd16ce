"""Deliver letters over SMTP, a few connections at once, each used again while it works.

The only file that imports aiosmtplib. A connection on which anything at all went wrong is thrown away: after a
timeout the answer to one letter could otherwise be taken for the answer to the next.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeVar

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from outbound.addresses import why_unusable
from outbound.channel import Delivery, Outgoing, Refused, Sent, TryAgain
from outbound.replies import judge, phrase
from outbound.token_error import LoginTokenError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from outbound.replies import Step

Security = Literal["tls", "starttls", "plain"]
Result = TypeVar("Result")

#: Servers commonly close a connection after 100 mails or some idle minutes; we leave before they do.
LETTERS_PER_CONNECTION = 100
IDLE_SECONDS = 60.0
#: At most this many steps, each with its own timeout, come before the final dot.
STEPS = 11
#: The login is refused (RFC 4954, 6).
BAD_CREDENTIALS = 535


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """Where letters are handed over. Raises ValueError for plain SMTP to anywhere but this machine."""

    host: str
    port: int
    security: Security = "starttls"
    user: str | None = None
    password: str = field(default="", repr=False)
    access_token: Callable[[str], Awaitable[str]] | None = field(default=None, repr=False)
    """Gives an access token in place of the password, another one than that which was refused (empty: none was);
    raises LoginTokenError."""
    timeout: float = 30.0
    """Seconds for each step of a session before the final dot."""
    verdict_timeout: float = 180.0
    """Seconds for the answer to the final dot. RFC 5321, 4.5.3.2.6 grants ten minutes, as impatience makes duplicates;
    this is what the lease of a letter leaves room for."""
    connections: int = 4
    cafile: str | None = None
    """Certificates to trust instead of the system's."""
    local_name: str = "localhost"
    """What EHLO says of us."""

    def __post_init__(self) -> None:
        if self.security == "plain" and not _is_loopback(self.host):
            raise ValueError(f"plain SMTP is for loopback only, not {self.host}: use starttls or tls")
        if self.connections < 1:
            raise ValueError("at least one connection is needed")


class SmtpChannel:
    """A way out over SMTP; belongs to one event loop."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._tls = _tls_context(settings)
        self._idle: list[_Connection] = []

    @property
    def connections(self) -> int:
        return self._settings.connections

    @property
    def budget(self) -> timedelta:
        return timedelta(seconds=STEPS * self._settings.timeout + self._settings.verdict_timeout)

    async def deliver(self, outgoing: Outgoing) -> Delivery:
        """Hand one letter to the server and say what it answered; never raises but when cancelled.

        Cancelled after the last byte of the letter it answers Unknown instead: the letter may have been taken.

        Opens a connection where none is idle: whoever calls keeps to `connections` at once.
        """
        if why := _why_unusable(outgoing):
            return Refused(why)
        connection = self._take() or _Connection(self._settings, self._tls)
        try:
            reply = await connection.send(outgoing)
        except _StepFailedError as failed:
            return failed.delivery
        else:
            self._give_back(connection)
            return Sent(reply)
        finally:
            if connection not in self._idle:
                connection.abandon()

    async def close(self) -> None:
        """Take leave of the server on every idle connection."""
        while self._idle:
            await self._idle.pop().quit()

    def _take(self) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.fit:
                return connection
            connection.abandon()
        return None

    def _give_back(self, connection: _Connection) -> None:
        if connection.fit and len(self._idle) < self.connections:
            self._idle.append(connection)


async def greet_server(settings: SmtpSettings) -> str | None:
    """Connect, log in and take leave without sending anything; returns why that fails, None where it works."""
    try:
        connection = _Connection(settings, _tls_context(settings))
    except OSError as error:  # the file may have gone, or hold no certificate any more, while the daemon runs
        return f"certificates: those to trust cannot be read: {error}"
    try:
        await connection.open()
    except _StepFailedError as failed:
        return None if isinstance(failed.delivery, Sent) else failed.delivery.reason
    else:
        await connection.quit()
        return None
    finally:
        connection.abandon()


def _tls_context(settings: SmtpSettings) -> ssl.SSLContext | None:
    return None if settings.security == "plain" else ssl.create_default_context(cafile=settings.cafile)


class _StepFailedError(Exception):
    """A step of a session failed; carries what that means for the letter."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery)
        self.delivery = delivery


class _Connection:
    """One session with the server, connected with its first letter."""

    def __init__(self, settings: SmtpSettings, tls: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._client = SMTP(
            hostname=settings.host,
            port=settings.port,
            local_hostname=settings.local_name,
            timeout=settings.timeout,
            use_tls=settings.security == "tls",
            start_tls=False,
            tls_context=tls,
        )
        self._letters = 0
        self._used_at = 0.0

    @property
    def fit(self) -> bool:
        """Tell whether another letter may go this way."""
        idle = asyncio.get_running_loop().time() - self._used_at
        return self._client.is_connected and self._letters < LETTERS_PER_CONNECTION and idle < IDLE_SECONDS

    async def send(self, outgoing: Outgoing) -> str:
        """Run one mail transaction; returns the server's last word. Raises _StepFailedError."""
        if not self._client.is_connected:
            await self.open()
        encoding, options = self._parameters(outgoing)
        await self._step("sender", self._client.mail(outgoing.sender, options=options, encoding=encoding))
        await self._step("recipient", self._client.rcpt(outgoing.recipient, encoding=encoding))
        await self._step("data", self._ask_for_data())
        reply = await self._step("final dot", self._write(outgoing.message), self._settings.verdict_timeout)
        self._letters += 1
        self._used_at = asyncio.get_running_loop().time()
        return reply

    def abandon(self) -> None:
        """Drop the connection without a word, and with what was not written yet.

        Closing in an orderly way would go on writing a letter already given up, and wait for TLS to say goodbye.
        """
        transport = self._client.transport
        self._client.close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    async def quit(self) -> None:
        """Say QUIT, and do not wait long for the answer."""
        try:
            async with asyncio.timeout(min(2.0, self._settings.timeout)):
                await self._client.execute_command(b"QUIT")
        except (SMTPException, OSError):
            pass  # the server need not hear it
        finally:
            self.abandon()

    async def open(self) -> None:
        """Connect, secure the connection and log in. Raises _StepFailedError."""
        await self._step("connect", self._client.connect())
        await self._step("greeting", self._client.ehlo())
        if self._settings.security == "starttls":
            await self._step("starttls", self._client.starttls())
            await self._step("greeting", self._client.ehlo())
        if self._settings.user is not None and self._settings.access_token is not None:
            await self._log_in_by_token(self._settings.user, self._settings.access_token)
        elif self._settings.user is not None:
            await self._step("login", self._client.login(self._settings.user, self._settings.password))

    async def _log_in_by_token(self, user: str, access_token: Callable[[str], Awaitable[str]]) -> None:
        """A token that is refused may have been revoked before its time: one more is asked for, and no third."""
        token = await self._step("login", access_token(""))
        try:
            await self._step("login", self._show_token(user, token))
        except _StepFailedError as failed:
            delivery = failed.delivery
            if not isinstance(delivery, TryAgain) or delivery.code != BAD_CREDENTIALS:
                raise
            another = await self._step("login", access_token(token))
            if another == token:
                raise
            await self._step("login", self._show_token(user, another))

    async def _show_token(self, user: str, token: str) -> None:
        """AUTH with the standard's mechanism (RFC 7628), or its forerunner, which is all that Microsoft takes.

        A refusal comes as a 334 with a JSON text, and its code only after an answer to that.
        """
        offered = self._client.server_auth_methods
        if "oauthbearer" in offered:
            name = user.replace("=", "=3D").replace(",", "=2C")
            mechanism, begin, end = b"OAUTHBEARER", f"n,a={name},\x01", b"AQ=="
        elif "xoauth2" in offered:
            mechanism, begin, end = b"XOAUTH2", f"user={user}\x01", b""
        else:
            raise SMTPException("the server takes no access tokens (neither OAUTHBEARER nor XOAUTH2)")
        shown = base64.b64encode(f"{begin}auth=Bearer {token}\x01\x01".encode())
        response = await self._client.execute_command(b"AUTH", mechanism, shown)
        if response.code == 334:
            response = await self._client.execute_command(end)
        if response.code != 235:
            raise SMTPResponseException(response.code, response.message)

    def _parameters(self, outgoing: Outgoing) -> tuple[str, list[str]]:
        options = [f"SIZE={len(outgoing.message)}"] if self._client.supports_extension("size") else []
        if outgoing.sender.isascii() and outgoing.recipient.isascii():
            return "ascii", options
        if not self._client.supports_extension("smtputf8"):
            raise _StepFailedError(Refused("the address is not ASCII and the server does not take such (SMTPUTF8)"))
        return "utf-8", [*options, "SMTPUTF8", "BODY=8BITMIME"]

    async def _ask_for_data(self) -> None:
        response = await self._client.execute_command(b"DATA")
        if response.code != 354:
            raise SMTPResponseException(response.code, response.message)

    async def _write(self, message: bytes) -> str:
        """Write the mail and the final dot.

        SMTP.data() sends the command and the mail in one call: whether a lost connection was lost before or after
        the final dot, which is the whole difference between "again" and "unknown", could not be told.
        """
        protocol = self._client.protocol
        if protocol is None:
            raise SMTPException("the connection was lost")
        stuffed = message.replace(b"\r\n.", b"\r\n..")
        end = b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"
        protocol.write((b"." if stuffed.startswith(b".") else b"") + stuffed + end)
        response = await protocol.read_response()
        if response.code != 250:
            raise SMTPResponseException(response.code, response.message)
        return phrase(response.code, response.message)

    async def _step(self, step: Step, action: Awaitable[Result], seconds: float | None = None) -> Result:
        seconds = seconds or self._settings.timeout
        try:
            async with asyncio.timeout(seconds):
                return await action
        except asyncio.CancelledError as error:
            # The letter may have been taken: whoever cancels is told, so that it does not go again at once.
            if step != "final dot":
                raise
            raise _StepFailedError(judge(step, None, "the daemon stopped before the answer came")) from error
        except TimeoutError as error:
            raise _StepFailedError(judge(step, None, f"no answer in {seconds:g} s")) from error
        except SMTPResponseException as error:
            raise _StepFailedError(judge(step, error.code, error.message)) from error
        except LoginTokenError as error:
            # A refusal has the code of a refused login, so that the courier tries it less and less often.
            code = None if error.passes else BAD_CREDENTIALS
            raise _StepFailedError(TryAgain(f"{step}: {error}", code, away=True)) from error
        except (SMTPException, OSError, ValueError) as error:
            raise _StepFailedError(judge(step, None, str(error) or type(error).__name__)) from error


def _why_unusable(outgoing: Outgoing) -> str | None:
    if why := why_unusable(outgoing.recipient):
        return f"recipient: {why}"
    if outgoing.sender and (why := why_unusable(outgoing.sender)):
        return f"sender: {why}"
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
