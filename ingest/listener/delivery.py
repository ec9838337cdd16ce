"""A mail that a mail server hands over, and on what terms it is taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    Network = IPv4Network | IPv6Network

MailProtocol = Literal["lmtp", "smtp"]
Outcome = Literal["taken", "try_again", "refused"]

#: Seconds for one command, and for the whole of one mail (RFC 5321, 4.5.3.2.7: at least five minutes).
PATIENCE = 300.0


class NotTakenError(Exception):
    """The mail was not recorded: the mail server is to keep it and come again. The text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerSettings:
    """One listener."""

    name: str
    protocol: MailProtocol
    host_name: str
    """What the greeting says of us."""
    recipients: frozenset[str] | None
    """Addresses in lower case, with all their plus-addresses; `@example.org` is everybody there. None is everybody."""
    peers: tuple[Network, ...] = ()
    """Who may connect; a Unix socket asks nobody, since its folder says who can reach it."""
    largest_mail: int = 25 << 20
    """Bytes."""
    connections: int = 50
    patience: float = PATIENCE
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail as it was handed over."""

    content: bytes = field(repr=False)
    """The bytes between DATA and the lone dot, dots unstuffed."""
    sender: str
    """The envelope sender; empty for a bounce."""
    recipients: tuple[str, ...]
