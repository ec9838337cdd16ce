"""A mail server that keeps what it is given and at any step refuses, falls silent or cuts the connection on demand."""

from __future__ import annotations

import asyncio
import email
import email.policy
import shutil
import ssl
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.process import PATIENCE, make_certificate, short_folder

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from email.message import EmailMessage
    from pathlib import Path

    Command = Callable[[str], Awaitable[None]]

#: CONNECT is the greeting; DATA the command itself; BODY what is said after the final dot.
Step = Literal["CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "RSET", "NOOP", "QUIT"]
Security = Literal["plain", "starttls", "tls"]

LARGEST_MAIL = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer with this line, such as `550 5.1.1 no such user`; a 421 also closes the connection."""

    text: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Reset the connection instead of answering; at BODY with `kept` the mail has been taken all the same."""

    kept: bool = False


@dataclass(frozen=True, slots=True)
class Stall:
    """Never answer; at BODY with `kept` the mail has been taken all the same."""

    kept: bool = False


Fault = Reply | Cut | Stall


@dataclass(frozen=True, slots=True)
class Submission:
    """One mail the sink has taken, as it came over the wire (dots unstuffed)."""

    sender: str
    recipients: tuple[str, ...]
    original: bytes = field(repr=False)
    encrypted: bool = False
    login: str | None = None

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.original, policy=email.policy.default)


@dataclass(slots=True)
class _Planned:
    step: Step
    fault: Fault
    times: int | None
    containing: str


class SmtpSink:
    """The sink in a thread of its own; use it as a context manager.

    `users` (name to password) makes AUTH obligatory. With `starttls` or `tls`, `cafile` proves the server.
    """

    def __init__(self, *, security: Security = "plain", users: Mapping[str, str] | None = None) -> None:
        self.security = security
        self.users = dict(users or {})
        self.port = 0
        self.base = short_folder("sm-")
        self.submissions: list[Submission] = []
        """What has been taken, in order."""
        self.steps: Counter[str] = Counter()
        """How often each step has been reached, refused ones included."""
        self._planned: list[_Planned] = []
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp sink", daemon=True)
        self._server: asyncio.Server | None = None
        self._sessions: set[_ScriptedSession] = set()
        self._tls = self._make_tls() if security != "plain" else None

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(PATIENCE)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(PATIENCE)
        self._loop.close()
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def cafile(self) -> Path:
        return self.base / "cert.pem"

    def fail(self, step: Step, fault: Fault, *, times: int | None = 1, containing: str = "") -> None:
        """Behave like `fault` the next `times` times (None: for ever) that `step` is reached.

        With `containing`, only where the command's argument holds that text, such as one recipient's address.
        """
        self._planned.append(_Planned(step, fault, times, containing))

    def behave(self) -> None:
        """Forget every planned fault."""
        self._planned.clear()

    def wait_for(self, count: int, seconds: float = PATIENCE) -> list[Submission]:
        """Wait until `count` mails have been taken and return all; raises AssertionError after `seconds`."""
        return self._wait(lambda: len(self.submissions) >= count, f"{count} mails", seconds)

    def wait_for_step(self, step: Step, count: int = 1, seconds: float = PATIENCE) -> None:
        """Wait until a step has been reached `count` times; raises AssertionError after `seconds`."""
        self._wait(lambda: self.steps[step] >= count, f"{step} {count} times", seconds)

    def stop_listening(self) -> None:
        """Refuse new connections and cut those there are; resume() comes back on the same port."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(PATIENCE)

    def resume(self) -> None:
        """Listen again after stop_listening()."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(PATIENCE)

    def reached(self, step: Step, argument: str) -> Fault | None:
        """Count a step and take the fault planned for it; called by a session."""
        with self._changed:
            self.steps[step] += 1
            self._changed.notify_all()
        for planned in self._planned:
            if planned.step == step and planned.times != 0 and planned.containing in argument:
                if planned.times is not None:
                    planned.times -= 1
                return planned.fault
        return None

    def keep(self, submission: Submission) -> None:
        """Record a mail; called by a session."""
        with self._changed:
            self.submissions.append(submission)
            self._changed.notify_all()

    def left(self, session: _ScriptedSession) -> None:
        """Forget a session whose connection has ended; called by it."""
        self._sessions.discard(session)

    def _wait(self, reached: Callable[[], bool], what: str, seconds: float) -> list[Submission]:
        with self._changed:
            if not self._changed.wait_for(reached, seconds):
                raise AssertionError(f"{what} in {seconds} s: there were {len(self.submissions)} mails, {self.steps}")
            return list(self.submissions)

    def _make_tls(self) -> ssl.SSLContext:
        certificate, key = make_certificate(self.base)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context

    def _new_session(self) -> _ScriptedSession:
        session = _ScriptedSession(self, self._tls if self.security == "starttls" else None, self._loop)
        self._sessions.add(session)
        return session

    async def _listen(self) -> None:
        tls = self._tls if self.security == "tls" else None
        self._server = await self._loop.create_server(self._new_session, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for session in tuple(self._sessions):
            session.cut()
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.gather(*running, return_exceptions=True)
        self._sessions.clear()


class _ScriptedSession(SMTP):
    """One connection: asks the sink before each command whether to misbehave."""

    def __init__(self, sink: SmtpSink, tls: ssl.SSLContext | None, loop: asyncio.AbstractEventLoop) -> None:
        self._sink = sink
        super().__init__(
            _Recorder(sink),
            hostname="sink.example",
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            tls_context=tls,
            auth_require_tls=tls is not None,
            authenticator=self._check_login,
            loop=loop,
        )
        for name, command in self._smtp_methods.items():
            self._smtp_methods[name] = self._scripted(name, command)

    def cut(self) -> None:
        """Reset the connection."""
        if isinstance(self.transport, asyncio.Transport) and not self.transport.is_closing():
            self.transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._sink.left(self)

    async def act(self, fault: Fault) -> None:
        """Do what the fault says; a stall ends when the client leaves."""
        match fault:
            case Reply(text):
                await self.push(text)
                if text.startswith("421") and self.transport is not None:
                    self.transport.close()
            case Cut():
                self.cut()
            case Stall():
                await self.loop.create_future()

    async def _handle_client(self) -> None:
        if (fault := self._sink.reached("CONNECT", "")) is None:
            await super()._handle_client()
            return
        await self.act(fault)
        self.cut()

    def _scripted(self, name: str, command: Command) -> Command:
        async def run(argument: str) -> None:
            fault = self._sink.reached(name, argument or "")  # type: ignore[arg-type]
            await (command(argument) if fault is None else self.act(fault))

        return run

    def _check_login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: LoginPassword
    ) -> AuthResult:
        login = credentials.login.decode()
        if self._sink.users.get(login) == credentials.password.decode():
            return AuthResult(success=True, auth_data=login)
        # Without handled=False no reply would be sent at all, and the client would wait for ever.
        return AuthResult(success=False, handled=False)


class _Recorder:
    """aiosmtpd's handler: what is announced, who must log in, and where a mail is kept."""

    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink

    async def handle_EHLO(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [line for line in responses if self._sink.users or not line.startswith("250-AUTH")]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._sink.users and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: _ScriptedSession, session: Session, envelope: Envelope
    ) -> str:
        fault = self._sink.reached("BODY", "")
        if isinstance(fault, Reply) and not fault.text.startswith("2"):
            return fault.text
        if fault is None or isinstance(fault, Reply) or fault.kept:
            self._sink.keep(_submission(server, session, envelope))
        match fault:
            case Reply(text):
                return text
            case Cut() | Stall():
                await server.act(fault)
        return "250 2.0.0 OK"


def _submission(server: SMTP, session: Session, envelope: Envelope) -> Submission:
    login: Any = session.auth_data
    return Submission(
        # The null sender of RFC 5321, 4.5.5 is empty here, as smtplib and aiosmtplib take it.
        sender=(envelope.mail_from or "").removeprefix("<>"),
        recipients=tuple(envelope.rcpt_tos),
        original=envelope.original_content or b"",
        encrypted=server.transport is not None and server.transport.get_extra_info("ssl_object") is not None,
        login=login if isinstance(login, str) else None,
    )
