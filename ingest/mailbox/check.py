"""A look at a mailbox for whoever sets it up: everything is tried that reading needs, and nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.mailbox.imap import ImapConnection

if TYPE_CHECKING:
    from ingest.mailbox.settings import MailboxSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxLook:
    """What a server says of a mailbox."""

    mails: int
    """How many lie in the folder."""
    can_move: bool
    """RFC 6851."""
    can_expunge_one: bool
    """RFC 4315: what filing a mail needs where there is no MOVE."""
    can_idle: bool


def look_at_mailbox(settings: MailboxSettings) -> MailboxLook:
    """Connect, log in and open the folder for looking only. Raises MailboxError."""
    connection = ImapConnection(settings)
    try:
        selected = connection.select(settings.folder, only_look=True)
        return MailboxLook(
            mails=selected.exists,
            can_move=connection.offers("MOVE"),
            can_expunge_one=connection.offers("UIDPLUS"),
            can_idle=connection.can_idle(),
        )
    finally:
        connection.log_out()
