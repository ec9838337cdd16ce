"""A mail server that lets in who shows a live access token, with OAUTHBEARER or XOAUTH2."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

if TYPE_CHECKING:
    from collections.abc import Collection
    from ssl import SSLContext

REFUSAL = '{"status":"invalid_token"}'


class TokenHandler:
    """Lets those in whose token is among `live`; what was shown is in `shown`."""

    def __init__(self, live: Collection[str]) -> None:
        self.live = live
        self.shown: list[str] = []
        self.answers: list[bytes] = []
        """What came after a refusal, which the mechanisms demand."""
        self.letters: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.append(envelope.original_content or b"")
        return "250 taken"

    async def judge(self, server: SMTP, shown: str) -> AuthResult:
        text = base64.b64decode(shown).decode()
        self.shown.append(text)
        token = text.partition("auth=Bearer ")[2].rstrip("\x01")
        if token in self.live:
            return AuthResult(success=True, auth_data=token)
        answer = await server.challenge_auth(REFUSAL)
        self.answers.append(answer if isinstance(answer, bytes) else b"")
        return AuthResult(success=False, handled=False)


class BearerHandler(TokenHandler):
    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        return await self.judge(server, args[1])


class ForerunnerHandler(TokenHandler):
    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        return await self.judge(server, args[1])


def token_smtp(handler: TokenHandler, port: int, tls: SSLContext | None = None) -> Controller:
    """The server, to be started and stopped; it offers only the mechanism of its handler, with `tls` after STARTTLS."""
    return Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        tls_context=tls,
        require_starttls=tls is not None,
        auth_require_tls=tls is not None,
        auth_exclude_mechanism=["LOGIN", "PLAIN"],
    )
