"""One connection of a mail server, by LMTP (RFC 2033) or SMTP (RFC 5321), on aiosmtpd.

What aiosmtpd 1.4.6 does otherwise than a desk needs is overridden: it refuses for good lines over 1,001 bytes and
addresses that Python's parser does not like, answers its own mistakes by 500, and answers DATA once where LMTP wants
an answer for each recipient. Nothing gets a 5xx here but a wrong recipient, a mail that is too large, and nonsense.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from ingest.listener.delivery import Delivery, NotTakenError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ingest.listener.delivery import ListenerSettings, Outcome

#: Bytes of one command. RFC 5321 asks for 512 and more for extensions; signed senders (SRS, BATV) grow long.
LONGEST_COMMAND: Final = 4096
#: Recipients of one mail; further ones come with another mail (RFC 5321, 4.5.3.1.8 asks for 100).
MOST_RECIPIENTS: Final = 100
#: Bytes that are read of a line at once; a longer one comes in pieces.
_PIECE: Final = 64 * 1024

_PATH = re.compile(r'<((?:"(?:[^"\\]|\\.)*"|[^<>"\s])*)>\s*(.*)', re.DOTALL)

TOO_LARGE: Final = "552 5.3.4 the mail is larger than is taken here"
OUR_MISTAKE: Final = "451 4.3.0 not recorded, come again: a mistake of ours"
SHUTTING_DOWN: Final = b"421 4.3.2 shutting down, come again\r\n"

# It would tell every command; what is worth a line stands in the log of the desk.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


class Gate(Protocol):
    """What a session asks of its listener; `ingest.listener.listener.Listener` is one."""

    @property
    def settings(self) -> ListenerSettings: ...
    @property
    def observer(self) -> Observer: ...
    @property
    def take(self) -> Callable[[Delivery], Awaitable[None]]: ...
    def accepts(self, recipient: str) -> bool: ...
    def why_not(self, host: str | None) -> str | None: ...
    def enter(self, session: MailSession) -> None: ...
    def leave(self, session: MailSession) -> None: ...


class Observer(Protocol):
    """Who wants to know what became of each mail."""

    def answered(self, outcome: Outcome, reason: str, seconds: float) -> None: ...
    def failed(self, error: Exception) -> None: ...


class MailSession(SMTP):
    """One connection by SMTP."""

    line_length_limit = _PIECE
    command_size_limit = LONGEST_COMMAND

    def __init__(self, gate: Gate, loop: asyncio.AbstractEventLoop) -> None:
        self._gate = gate
        self._has_mail_in_hand = False
        self._leaving = False
        self.ended = asyncio.Event()
        """Set when the connection is closed."""
        settings = gate.settings
        super().__init__(
            _Answers(gate),
            data_size_limit=settings.largest_mail,
            enable_SMTPUTF8=True,
            hostname=settings.host_name,
            ident=f"{settings.protocol.upper()} deskd",
            timeout=settings.patience,
            loop=loop,
        )
        self.command_size_limits = defaultdict(lambda: LONGEST_COMMAND)

    def connection_made(self, transport: Any) -> None:
        """Let the peer in, or tell it why not."""
        peer = transport.get_extra_info("peername")
        refusal = self._gate.why_not(peer[0] if isinstance(peer, tuple) else None)
        if refusal is not None:
            transport.set_protocol(asyncio.Protocol())
            transport.write(f"{refusal}\r\n".encode())
            transport.close()
            return
        self._gate.enter(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the session. What lies with the desk by now is recorded all the same."""
        self._gate.leave(self)
        self.ended.set()
        super().connection_lost(error)

    def ask_to_leave(self) -> None:
        """End the session, after the answer to a mail that lies with the desk."""
        self._leaving = True
        if not self._has_mail_in_hand:
            self.cut()

    def cut(self) -> None:
        """End the session now."""
        if self.transport is not None:
            cast("asyncio.Transport", self.transport).write(SHUTTING_DOWN)
            self.transport.close()

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd finds it by this name
        """Take a mail, and answer once for it, or with LMTP once for each recipient."""
        if await self.check_helo_needed():
            return
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos:
            await self.push("503 5.5.1 send RCPT first")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 end with <CR><LF>.<CR><LF>")
        content = await self._read_content()
        self.envelope = Envelope()
        self._reset_timeout()
        answer = await self._hand_over(content, envelope)
        for _ in range(self._answers_to(envelope)):
            await self.push(answer)
        if self._leaving:
            self.cut()

    def _answers_to(self, _envelope: Envelope) -> int:
        return 1

    async def _read_content(self) -> bytes | None:
        """The bytes up to the line that is a lone dot, dots unstuffed; None where they are more than allowed.

        Only CRLF ends a line (RFC 5321, 2.3.8): a dot between bare CR or LF is text, so that what the mail server
        before us took for one mail is one here too (SMTP smuggling, CVE-2023-51764).
        """
        content, line_begins = bytearray(), True
        while True:
            piece = await self._read_piece()
            if line_begins and piece == b".\r\n":
                return None if len(content) > self._gate.settings.largest_mail else bytes(content)
            if len(content) <= self._gate.settings.largest_mail:
                content += piece[1:] if line_begins and piece.startswith(b".") else piece
            line_begins = piece.endswith(b"\r\n")

    async def _read_piece(self) -> bytes:
        """A line with its CRLF; of a long line the next piece, which never ends with one."""
        try:
            return await self._reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError as overrun:
            return await self._reader.read(overrun.consumed)

    async def _hand_over(self, content: bytes | None, envelope: Envelope) -> str:
        """Have a mail recorded; returns what to answer."""
        started = time.perf_counter()
        outcome, reason, answer = await self._try_to_record(content, envelope)
        self._gate.observer.answered(outcome, reason, time.perf_counter() - started)
        return answer

    async def _try_to_record(self, content: bytes | None, envelope: Envelope) -> tuple[Outcome, str, str]:
        if content is None:
            return "refused", "it is too large", TOO_LARGE
        self._has_mail_in_hand = True
        try:
            sender = (envelope.mail_from or "").removeprefix("<>")
            await self._gate.take(Delivery(content, sender, tuple(dict.fromkeys(envelope.rcpt_tos))))
        except NotTakenError as error:
            return "try_again", str(error), f"451 4.3.0 not recorded, come again: {error}"
        except Exception as error:  # noqa: BLE001 - aiosmtpd would answer once, where LMTP waits for more
            self._gate.observer.failed(error)
            return "try_again", "a mistake of ours", OUR_MISTAKE
        else:
            return "taken", "", "250 2.0.0 recorded"
        finally:
            self._has_mail_in_hand = False

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The address of MAIL or RCPT, `<>` for none, and what stands behind it; (None, None) for no address.

        Taken as it is written: senders exist that no grammar allows, such as `a..b@docomo.ne.jp`.
        """
        if (path := _PATH.fullmatch(arg)) is not None:
            return path[1].rpartition(":")[2] if path[1].startswith("@") else path[1] or "<>", path[2]
        address, _, rest = arg.partition(" ")
        return (None, None) if "<" in address or ">" in address else (address, rest)


class LmtpSession(MailSession, LMTP):
    """One connection by LMTP."""

    def _answers_to(self, envelope: Envelope) -> int:
        return len(envelope.rcpt_tos)


class _Answers:
    """What aiosmtpd asks of a handler."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Accept a recipient or not."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients, send the others another mail"
        if not self._gate.accepts(address):
            self._gate.observer.answered("refused", f"nobody is {address} here", 0.0)
            return "550 5.1.1 nobody has this address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        """Ask to come again where the mistake is ours."""
        self._gate.observer.failed(error)
        return OUR_MISTAKE


def make_session(gate: Gate, loop: asyncio.AbstractEventLoop) -> MailSession:
    """A session for one connection to a listener."""
    return LmtpSession(gate, loop) if gate.settings.protocol == "lmtp" else MailSession(gate, loop)
