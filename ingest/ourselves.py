"""What the reader of mail must know of its own desk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ourselves:
    """The desk that a mail came to; it can be pickled, so that a mail may be read in another process."""

    addresses: frozenset[str] = frozenset()
    """Our own addresses in lower case, by which our own mail is told."""
    senders_are_checked: bool = False
    """The mail server is declared to refuse forged senders."""
    authserv_ids: frozenset[str] = frozenset()
    """Whose `Authentication-Results` prove a sender, in lower case (`ingest.mail.authentication`)."""
