"""Which mails of a mailbox are older than the desk, so that nobody is written to about them years later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """What is remembered of the first contact with a mailbox under one UIDVALIDITY.

    A mail is old when it lay there already (UID <= `baseline_uid`) and had been received before `since`. The UID alone
    would take what arrived before a restore for old; the date alone, a mail somebody moves back into the folder.
    """

    since: datetime
    baseline_uid: int

    def is_old(self, uid: int, received_at: datetime) -> bool:
        """Whether this mail was there before the desk was."""
        return uid <= self.baseline_uid and received_at < self.since


class Contacts(Protocol):
    """Where first contacts are kept, durably. Both raise MailboxError of kind `desk` while that place is away."""

    def recall(self, mailbox: str, uidvalidity: int) -> Contact | None:
        """The first contact recorded for this mailbox under this UIDVALIDITY."""

    def record(self, mailbox: str, uidvalidity: int, contact: Contact) -> Contact:
        """Record a first contact, commit, and return the one that stands: another daemon may have been first."""
