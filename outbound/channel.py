"""What a channel for finished letters takes and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One attempt to hand over one letter."""

    letter_id: int
    sender: str
    """The envelope sender; empty for the null sender (RFC 5321, 4.5.5), to which nobody can answer."""
    recipient: str
    message: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """The next server has taken the letter and answers for it now."""

    reply: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Not taken, and it may go better later."""

    reason: str
    code: int | None = None
    """The SMTP reply code, where the server gave one."""
    away: bool = False
    """The server could not be used at all, so nothing was learnt about this letter."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not taken, and never will be."""

    reason: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The whole letter was handed over and no answer came: it may have been taken, and only a resend is safe."""

    reason: str


Delivery = Sent | TryAgain | Refused | Unknown


class Channel(Protocol):
    """A way out for letters. `deliver` answers and does not raise, except when it is cancelled.

    Cancelled where the letter may have been taken already, it answers Unknown all the same.
    """

    @property
    def connections(self) -> int:
        """How many letters may be under way at once."""

    @property
    def budget(self) -> timedelta:
        """The longest that one delivery can take."""

    async def deliver(self, outgoing: Outgoing) -> Delivery:
        """Hand over one letter."""
