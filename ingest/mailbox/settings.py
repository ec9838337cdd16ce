"""How one mailbox is reached and read: checked once, so that nothing unsafe can enter an IMAP command later."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

Security = Literal["tls", "starttls", "plain"]

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """One mailbox. Raises ValueError, naming the field, for what must not be used.

    Folder names are plain text in any script; modified UTF-7 is the connection's business.
    """

    name: str
    """The source's name in the configuration and in every report."""
    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    since: datetime
    """What was received before this moment is old. By default the moment of the desk's first start."""
    old_mail: Literal["leave", "import"] = "leave"
    """Old mail found at first contact stays where it is, or becomes tickets without letters."""
    folder: str = "INBOX"
    done_folder: str = "Processed"
    quarantine_folder: str = "Quarantine"
    access_token: Callable[[str], str] | None = field(default=None, repr=False)
    """Gives an access token in place of the password, another one than that which was refused (empty: none was).

    It may block, and raises MailboxError."""
    cafile: Path | None = None
    """The certificates to trust instead of the system's."""
    page_messages: int = 100
    page_bytes: int = 8 * MEBIBYTE
    largest_mail: int = 25 * MEBIBYTE
    connect_seconds: float = 20.0
    read_seconds: float = 60.0
    """The longest silence in the middle of an answer; a server that says nothing for longer is lost."""
    poll_seconds: float = 60.0
    """How often the folder is looked at, whether IDLE told of new mail or not."""

    def __post_init__(self) -> None:
        for name in ("folder", "done_folder", "quarantine_folder"):
            _check_folder(name, getattr(self, name))
        for name in ("user", "password"):
            if _has_control_characters(getattr(self, name)):
                raise ValueError(f"{name} holds a control character")
        if len({self.folder, self.done_folder, self.quarantine_folder}) < 3:
            raise ValueError("folder, done_folder and quarantine_folder must be three different folders")
        if self.security == "plain" and not _is_loopback(self.host):
            raise ValueError("security = plain would send the password readable; it is for loopback hosts only")
        if self.since.tzinfo is None:
            raise ValueError("since needs a time zone")


def _check_folder(name: str, folder: str) -> None:
    if not folder:
        raise ValueError(f"{name} is empty")
    if _has_control_characters(folder):
        raise ValueError(f"{name} holds a control character")
    if "*" in folder or "%" in folder:
        raise ValueError(f"{name} holds a wildcard of IMAP's LIST (* or %)")


def _has_control_characters(text: str) -> bool:
    return any(ord(character) < 32 or ord(character) == 127 for character in text)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
