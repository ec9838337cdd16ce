"""The courier's side of the counter: claims and outcomes go through the one clerk like everything else."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

import structlog

from daemon.asking import ask
from daemon.enclosures import fetch_contents
from daemon.metrics.tally import tally_deliveries, tally_merged, tally_withdrawn
from daemon.store.letters.digests import Merging, merge_old_letters
from daemon.store.letters.letters import (
    ClaimedLetter,
    Settlement,
    claim_letters,
    drop_files,
    release_letters,
    settle_letters,
    store_messages,
)
from daemon.store.letters.withdrawn import withdraw_letters
from daemon.store.tallies import add_tallies
from outbound.channel import Refused, Sent, TryAgain, Unknown
from outbound.courier import Due, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime, timedelta

    from daemon.counter import Counter
    from daemon.desk import Desk
    from daemon.store.database import Connection, Engine
    from outbound.compose import Sender
    from rules.attachment import TicketAttachment
    from rules.facts import SentLetter

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOutbox:
    """The outbox as the courier sees it (`outbound.courier.Outbox`)."""

    counter: Counter
    desk: Callable[[], Desk]
    sender: Sender
    reader: Engine
    """Where the originals are read from."""
    return_path: Callable[[int], str]
    """The envelope sender of a letter, by its number; empty for none."""
    claim_name: str
    """Unique to this start of this daemon: whose lease it is."""
    lease: timedelta
    now: Callable[[], datetime]
    _since: dict[int, float] = field(default_factory=dict)
    """When each letter was claimed, by the clock that only goes forward."""

    async def claim(self, limit: int) -> Sequence[Due]:
        """Lease at most so many due letters."""

        def do(connection: Connection) -> list[ClaimedLetter]:
            return claim_letters(connection, limit=limit, claim=self.claim_name, lease=self.lease, now=self.now())

        due = [self._due(claimed) for claimed in await ask(self.counter, do)]
        self._since.update(dict.fromkeys((letter.letter_id for letter in due), time.perf_counter()))
        return due

    async def merge(self) -> None:
        """Merge what waits for long into digests, so that it is not poured out."""
        after: str | None = ""
        while after is not None:
            after = await self._merge_some(after)

    async def _merge_some(self, after: str) -> str | None:
        """Merge those of the next people; returns after whom to go on, None at the end."""

        def do(connection: Connection) -> Merging:
            merged = merge_old_letters(connection, self.desk().standing, self.now(), after)
            add_tallies(connection, tally_merged(merged.unsent, merged.digests))
            return merged

        merged = await ask(self.counter, do)
        if merged.unsent:
            log.info("letters.merged", unsent=merged.unsent, digests=merged.digests)
        return merged.last

    async def fetch(self, attachments: Sequence[TicketAttachment]) -> Sequence[bytes | None]:
        """The bytes of what goes along with a letter, out of the originals; None for what is no longer kept."""
        return await asyncio.to_thread(fetch_contents, self.reader, attachments)

    async def store(self, messages: Sequence[tuple[int, bytes]]) -> None:
        """Keep the bytes of letters; they are committed when this returns."""
        await ask(self.counter, lambda connection: store_messages(connection, messages))

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Record how attempts ended, and tell staff of letters that nobody will get."""

        def do(connection: Connection) -> dict[int, SentLetter]:
            settled = settle_letters(connection, [_settlement(outcome) for outcome in outcomes], claim=self.claim_name)
            ours = [outcome for outcome in outcomes if outcome.letter_id in settled]
            add_tallies(connection, tally_deliveries(ours))
            if without_files := [outcome.letter_id for outcome in ours if outcome.without_files]:
                drop_files(connection, without_files)
            self._withdraw(connection, {settled[each.letter_id].ticket for each in ours if each.next_attempt_at})
            given_up = [outcome for outcome in ours if _is_given_up(outcome)]
            if given_up:
                lost = [(settled[outcome.letter_id], outcome.reason or _reply(outcome)) for outcome in given_up]
                self.desk().tell_undelivered(connection, lost)
            return settled

        settled = await ask(self.counter, do)
        for outcome in outcomes:
            self._announce(outcome, settled.get(outcome.letter_id))

    async def release(self) -> None:
        """Give back the letters that are claimed and were not settled."""

        def do(connection: Connection) -> None:
            self._withdraw(connection, release_letters(connection, claim=self.claim_name))

        await ask(self.counter, do)

    def _withdraw(self, connection: Connection, tickets: Collection[int]) -> None:
        """Withdraw of the letters that were in hand those to people who have left these tickets meanwhile."""
        add_tallies(connection, tally_withdrawn(withdraw_letters(connection, tickets, self.now())))

    def _announce(self, outcome: Outcome, letter: SentLetter | None) -> None:
        """Log one line for an attempt that is recorded; of one that another daemon took over it says just that."""
        seconds = time.perf_counter() - self._since.pop(outcome.letter_id, time.perf_counter())
        log.info(
            "letter.settled",
            letter=outcome.letter_id,
            template=letter.template if letter else None,
            verdict=_verdict(outcome) if letter else "taken over",
            reason=outcome.reason or _reply(outcome),
            again_at=outcome.next_attempt_at.isoformat() if outcome.next_attempt_at else None,
            milliseconds=round(seconds * 1000, 1),
        )

    def _due(self, claimed: ClaimedLetter) -> Due:
        return Due(
            letter_id=claimed.id,
            message_id=claimed.message_id,
            letter=claimed.letter,
            sender=self.sender,
            return_path=self.return_path(claimed.id),
            written_at=claimed.written_at,
            leased_until=claimed.leased_until,
            message=claimed.message,
            attempts=claimed.attempts,
            first_attempt_at=claimed.first_attempt_at,
        )


def _settlement(outcome: Outcome) -> Settlement:
    return Settlement(
        id=outcome.letter_id,
        attempted_at=outcome.attempted_at,
        reply=_reply(outcome),
        sent=isinstance(outcome.delivery, Sent),
        next_attempt_at=outcome.next_attempt_at,
    )


def _verdict(outcome: Outcome) -> str:
    if isinstance(outcome.delivery, Sent):
        return "sent"
    return "refused" if outcome.next_attempt_at is None else "again"


def _is_given_up(outcome: Outcome) -> bool:
    return outcome.next_attempt_at is None and not isinstance(outcome.delivery, Sent)


def _reply(outcome: Outcome) -> str:
    match outcome.delivery:
        case Sent(reply):
            return reply
        case TryAgain(reason, _) | Refused(reason, _) | Unknown(reason):
            return reason
        case _ as never:
            assert_never(never)
