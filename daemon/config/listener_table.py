"""The table of a listener: where a mail server hands mail over."""

# Annotations are not put off here: pydantic reads them while it makes the class.

import ipaddress
from typing import ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from daemon.config.listen import ListenAddress
from daemon.config.table import Table
from daemon.config.values import AddressOrDomain, ListenOrPath, Name, Network, Size, is_loopback

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class ListenerTable(Table):
    about: ClassVar[str] = (
        "Where a mail server hands mail over, beside mailboxes or in their place. Any number. It is answered after the "
        "mail is recorded; there is no TLS and no login, so it belongs on this machine or into a network of your own."
    )
    name: Name = Field(description="Its name in logs, metrics and reports.", examples=["mx"])
    listen: ListenOrPath = Field(
        description="`HOST:PORT`, or the path of a Unix socket, which whoever can reach its folder can use.",
        examples=["127.0.0.1:2424", "/run/deskd/lmtp.sock"],
    )
    protocol: Literal["lmtp", "smtp"] = Field(default="lmtp", description="What the mail server speaks to us.")
    recipients: tuple[AddressOrDomain, ...] = Field(
        default=(),
        description="For whom mail is taken, each with all `name+anything@`; `@example.org` is everybody there. Left "
        "out: `address` and `also` of `[desk]`.",
        examples=["support@example.org"],
    )
    peers: tuple[Network, ...] = Field(
        default=LOOPBACK,
        description="Addresses and networks that may connect. Left out: this machine. Must be given to listen anywhere "
        "but on this machine.",
        examples=["10.1.2.3"],
        validate_default=True,
    )
    largest_mail: Size = Field(default=25 << 20, description="Larger mail is refused.", examples=["25MiB"])
    connections: int = Field(
        default=50, strict=True, ge=1, le=1000, description="How many may be open at once; further ones come again."
    )

    @field_validator("peers", mode="before")
    @classmethod
    def _declared(cls, peers: object, info: ValidationInfo) -> object:
        listen = info.data.get("listen")
        if isinstance(listen, ListenAddress) and peers is LOOPBACK and not is_loopback(listen.host):
            raise ValueError(f"{listen} can be reached from other machines: write peers, those that may connect")
        return peers if peers is not LOOPBACK else tuple(map(str, LOOPBACK))

    @field_validator("peers")
    @classmethod
    def _somebody(cls, peers: tuple[Network, ...]) -> tuple[Network, ...]:
        if not peers:
            raise ValueError("it is empty: nobody could hand mail over")
        return peers
