"""Whether mailboxes and the mail server can be used. Nothing is moved, flagged or sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from daemon.check.finding import Finding, Lines
from daemon.config.secrets import SecretError
from ingest.mailbox.check import look_at_mailbox
from ingest.mailbox.error import MailboxError
from outbound.smtp import greet_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daemon.config.settings import MailboxAccount, SmtpAccount
    from ingest.mailbox.check import MailboxLook

#: Seconds that a peer may take for its answer.
PATIENCE = 10.0

#: The keys of the configuration to look at, by the kind of trouble.
_IMAP_KEYS = {
    "auth": ("password_file", "password", "oauth2", "user"),
    "tls": ("ca_file", "security", "host"),
    "connection": ("host", "port"),
    "refused": ("folder",),
}
#: The same by the step of the SMTP session.
_SMTP_KEYS = {
    "certificates": ("ca_file",),
    "connect": ("host", "port"),
    "greeting": ("host", "port"),
    "starttls": ("ca_file", "security", "host"),
    "login": ("password_file", "password", "oauth2", "user"),
}

#: No mail is read here, so that any moment will do.
_ANY_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


def check_mailbox(account: MailboxAccount, index: int, lines: Lines) -> list[Finding]:
    """Connect to a mailbox, log in, look at its folder and at how mails can be filed away."""
    part, at = f"mailbox {account.name}", ("mailboxes", index)
    try:
        settings = account.settings(first_start=_ANY_MOMENT)
        found = look_at_mailbox(replace(settings, connect_seconds=PATIENCE, read_seconds=PATIENCE))
    except MailboxError as error:
        says = _with_hint(error.reason, account.login_hint if error.kind == "auth" else "")
        return [Finding("FAIL", part, says, lines.where_one_of(at, *_IMAP_KEYS.get(error.kind, ())))]
    except SecretError as error:
        return [Finding("FAIL", part, str(error), lines.where_one_of(at, "password_file", "password"))]
    except ValueError as error:
        return [Finding("FAIL", part, str(error), lines.where(*at))]
    return [Finding("ok", part, _describe(account, found)), *_filing(part, found, lines.where(*at))]


def _with_hint(reason: str, hint: str) -> str:
    return f"{reason}; {hint}" if hint else reason


def _describe(account: MailboxAccount, found: MailboxLook) -> str:
    offers = {"MOVE": found.can_move, "UIDPLUS": found.can_expunge_one, "IDLE": found.can_idle}
    offered = ", ".join(name for name, offer in offers.items() if offer) or "no extension that helps"
    where = f"{account.host}:{account.port} ({account.security}) as {account.user}"
    return f"{where}: {found.mails} mails in {account.folder}; the server offers {offered}"


def _filing(part: str, found: MailboxLook, where: str) -> Iterator[Finding]:
    if not found.can_move and not found.can_expunge_one:
        yield Finding("FAIL", part, "the server offers neither MOVE nor UIDPLUS: mails could not be filed away", where)
    elif not found.can_move:
        yield Finding("ok", part, "the server has no MOVE: mails are copied, then removed one by one (UIDPLUS)")
    if not found.can_idle:
        yield Finding("warn", part, "the server has no IDLE: new mail is seen at the next poll", where)


def check_smtp(account: SmtpAccount | None, state: Path, lines: Lines) -> list[Finding]:
    """Connect to the mail server, secure the connection and log in."""
    if account is None:
        says = f"there is no [smtp]: letters are written into {state / 'letters'}, and nobody gets mail"
        return [Finding("warn", "smtp", says, lines.file)]
    at = ("smtp",)
    try:
        why = asyncio.run(greet_server(replace(account.settings(), timeout=PATIENCE)))
    except SecretError as error:
        return [Finding("FAIL", "smtp", str(error), lines.where_one_of(at, "password_file", "password"))]
    except ValueError as error:
        return [Finding("FAIL", "smtp", str(error), lines.where(*at))]
    if why is not None:
        keys = _SMTP_KEYS.get(why.partition(":")[0], ())
        says = _with_hint(why, account.login_hint if why.startswith("login:") else "")
        return [Finding("FAIL", "smtp", says, lines.where_one_of(at, *keys))]
    login = f"as {account.user}" if account.user else "without a login"
    return [Finding("ok", "smtp", f"{account.host}:{account.port} ({account.security}) {login}")]
