"""From a mail that a mail server hands over to the counter, and back once it is recorded."""

from __future__ import annotations

import asyncio
import hashlib
import queue
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog

from daemon.counter import Counter, CounterClosedError, Receive
from daemon.metrics import live
from daemon.store.database import DatabaseError
from ingest.listener.delivery import NotTakenError
from ingest.raw_mail import NoWorkerError, RawMail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ingest.listener.delivery import Delivery, Outcome
    from rules.report import Mail

log = structlog.get_logger()

#: Seconds that a mail may wait for its COMMIT; mail servers wait ten minutes for the answer (RFC 5321, 4.5.3.2.6).
PATIENCE = 60.0


class Reader(Protocol):
    """Reads mails away from the loop."""

    async def __call__(self, page: Sequence[RawMail]) -> Sequence[Mail]:
        """One mail for each, whatever the bytes are. Raises NoWorkerError where they cannot be read now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The way from one listener to the desk."""

    name: str
    counter: Counter
    read: Reader
    now: Callable[[], datetime]

    async def take(self, delivery: Delivery) -> None:
        """Have a mail recorded; returns after COMMIT, and raises NotTakenError where there was none.

        Its key is the digest of what was handed over: a mail server whose 250 was lost hands over the same bytes.
        """
        key = hashlib.sha256(delivery.content).hexdigest()
        raw = RawMail(self.name, key, self.now(), envelope_header(delivery) + delivery.content)
        try:
            item = Receive(await self.read([raw]))
            self.counter.lay_down(item)
            async with asyncio.timeout(PATIENCE):
                # A mail server that hangs up takes nothing back: what lies on the counter is recorded.
                await asyncio.shield(asyncio.wrap_future(item.answer))
        except (NoWorkerError, DatabaseError, CounterClosedError, queue.Full, TimeoutError) as error:
            raise NotTakenError(_reason(error)) from error

    def connected(self, connections: int) -> None:
        """So many connections are open now (`ingest.listener.listener.Observer`)."""
        live.set_connections(self.name, connections)

    def turned_away(self, peer: str, reason: str) -> None:
        """Somebody may not connect, or not now."""
        live.count_turned_away(self.name)
        log.warning("listener.turned_away", listener=self.name, peer=peer, reason=reason)

    def answered(self, outcome: Outcome, reason: str, seconds: float) -> None:
        """A mail was taken, or is to come again, or was refused."""
        live.count_delivery(self.name, outcome, seconds)
        if outcome != "taken":
            log.warning(f"listener.{outcome}", listener=self.name, reason=reason)

    def failed(self, error: Exception) -> None:
        """A session met a mistake of ours."""
        log.error("listener.failed", listener=self.name, reason=repr(error), exc_info=error)


def envelope_header(delivery: Delivery) -> bytes:
    """What whoever delivers a mail for good writes above it: the envelope, which nothing else of it tells.

    Return-Path is demanded by RFC 5321, 4.4; Delivered-To is what Postfix and Dovecot write.
    """
    lines = [f"Return-Path: <{delivery.sender}>", *(f"Delivered-To: {recipient}" for recipient in delivery.recipients)]
    return "".join(f"{_printable(line)}\r\n" for line in lines).encode("utf-8", "surrogateescape")


def _printable(line: str) -> str:
    """Without control characters: an address is whatever the mail server wrote. Bytes that are no UTF-8 stay."""
    return "".join(character for character in line if character.isprintable() or "\udc80" <= character <= "\udcff")


def _reason(error: Exception) -> str:
    match error:
        case NoWorkerError():
            return str(error)
        case DatabaseError():
            return "the database cannot be used"
        case CounterClosedError():
            return "the desk is stopping"
        case queue.Full():
            return "too much is waiting"
        case _:
            return "the desk did not answer in time"
