"""Access tokens for mailboxes and the mail server: kept, renewed before they expire, and anew when refused."""

from __future__ import annotations

import asyncio
import hashlib
import time
from typing import TYPE_CHECKING, Any

from daemon.config.secrets import SecretError
from daemon.metrics.live import count_token
from daemon.oauth.account import OAuthAccount, TokenError
from daemon.oauth.cache import Kept, read_kept, renewing, write_kept
from daemon.oauth.server import USUAL_LIFE, ask_for_token
from ingest.mailbox.error import MailboxError
from outbound.token_error import LoginTokenError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds before its end at which a token is replaced: a login must not be under way just then.
MARGIN = 300.0


def access_token(account: OAuthAccount, rejected: str = "", now: Callable[[], float] = time.time) -> str:
    """The account's access token; a new one where it is about to expire, or is the one the mail server `rejected`.

    Blocks: for the authorisation server, and while another thread or process renews the same token. Raises TokenError.
    """
    kept = read_kept(account.cache)
    if not _good(account, kept, rejected, now()):
        with renewing(account.cache):
            kept = read_kept(account.cache)
            if not _good(account, kept, rejected, now()):
                kept = _renewed(account, kept, now())
    return kept.access_token


def keep_answer(account: OAuthAccount, answer: dict[str, Any], refresh_token: str, now: float) -> Kept:
    """Write down what the server answered; where it sent no new refresh token, `refresh_token` stays good."""
    kept = Kept(
        access_token=answer["access_token"],
        expires_at=now + _life(answer.get("expires_in")),
        refresh_token=str(answer.get("refresh_token") or refresh_token),
        first_token_digest=_first_token(account)[1],
    )
    write_kept(account.cache, kept)
    return kept


def token_for_mailbox(account: OAuthAccount, rejected: str) -> str:
    """What a mailbox's connection asks; raises MailboxError."""
    try:
        return access_token(account, rejected)
    except TokenError as error:
        raise MailboxError(f"no access token: {error.reason}", "connection" if error.passes else "auth") from error


async def token_for_smtp(account: OAuthAccount, rejected: str) -> str:
    """What the mail server's connection asks, on a thread of its own; raises LoginTokenError."""
    try:
        return await asyncio.to_thread(access_token, account, rejected)
    except TokenError as error:
        raise LoginTokenError(f"no access token: {error.reason}", passes=error.passes) from error


def _good(account: OAuthAccount, kept: Kept, rejected: str, now: float) -> bool:
    fresh = bool(kept.access_token) and kept.access_token != rejected and now < kept.expires_at - MARGIN
    return fresh and kept.first_token_digest == _first_token(account)[1]


def _renewed(account: OAuthAccount, kept: Kept, now: float) -> Kept:
    first, digest = _first_token(account)
    refresh_token = kept.refresh_token if kept.first_token_digest == digest and kept.refresh_token else first
    if account.grant == "refresh_token" and not refresh_token:
        raise TokenError("nobody has logged in yet: run deskd oauth login, or write refresh_token_file")
    return keep_answer(account, _asked(account, refresh_token), refresh_token, now)


def _asked(account: OAuthAccount, refresh_token: str) -> dict[str, Any]:
    try:
        answer = ask_for_token(account, refresh_token)
    except TokenError as error:
        count_token("away" if error.passes else "refused")
        raise
    count_token("given")
    return answer


def _first_token(account: OAuthAccount) -> tuple[str, str]:
    """The configured refresh token and its digest; both empty where none is configured."""
    if account.refresh_token is None:
        return "", ""
    try:
        token = account.refresh_token.reveal()
    except SecretError as error:
        raise TokenError(str(error)) from error
    return token, hashlib.sha256(token.encode()).hexdigest()


def _life(told: object) -> float:
    """Seconds; beyond MARGIN, as a server that gives less would be asked before every login."""
    try:
        return max(float(str(told)), MARGIN + 1) if told is not None else USUAL_LIFE
    except ValueError:
        return USUAL_LIFE
