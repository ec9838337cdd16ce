"""A mail as it came, before anybody has read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rules.report import Mail

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawMail:
    """The bytes of one mail, and what is known of it without them."""

    source: str
    key: str
    received_at: datetime
    """In UTC: a time zone of some library need not reach another process."""
    original: bytes = field(repr=False)

    def unread(self, *notes: str) -> Mail:
        """The least a report can be: where the mail lies, its bytes if there are any, and why there is no more."""
        return Mail(source=self.source, key=self.key, received_at=self.received_at, notes=notes, original=self.original)


#: Reads one mail, and may fail in any way: the bytes are a stranger's.
ReadOne = Callable[[RawMail], Mail]

#: Reads a page: one mail for each, in order, whatever the bytes are. Raises NoWorkerError where nothing can be read.
ReadPage = Callable[[Sequence[RawMail]], Sequence[Mail]]


class NoWorkerError(Exception):
    """Mails cannot be read now, for a reason that is ours and may pass; the text says which."""


def read_safely(read: ReadOne, raw: RawMail) -> Mail:
    """The mail; where its reading fails, no more than its bytes and why."""
    try:
        return read(raw)
    except Exception as error:  # noqa: BLE001 - one mail that no reader foresaw must not keep its neighbours
        return raw.unread(f"the mail could not be read: {type(error).__name__}")
