"""The courier: takes the letters that are due, renders each once, delivers, and reports what became of them.

Nothing here writes to the database; the outbox does, over the desk's counter.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from outbound.channel import Channel, Delivery, Outgoing, Refused, TryAgain, Unknown
from outbound.compose import Sender, compose
from outbound.enclosing import EnclosedFile
from outbound.letters import LetterError, render
from outbound.retry import Again, Breaker, Done, GiveUp, retry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from rules.attachment import TicketAttachment
    from rules.letter import Letter

LETTERS_AT_ONCE = 64
#: Outcomes are settled together, but no letter that was sent stays unsettled for longer than this.
SETTLE_SECONDS = 0.25
#: How long a cancelled courier waits for the answers under way, so that a restart makes no duplicates.
GRACE_SECONDS = 3.0
#: While the server is away or refuses nearly everything, one letter is tried in so long a time, and the rest wait.
PROBE_EVERY = timedelta(seconds=15)
#: A server that answers and keeps us out is tried half as often each time, down to this: many lock an account that
#: goes on with a wrong password.
LONGEST_PROBE = timedelta(minutes=15)
#: How often what waits for long is merged meanwhile.
MERGE_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One claimed letter, with all that an attempt needs."""

    letter_id: int
    message_id: str
    letter: Letter
    sender: Sender
    return_path: str
    """The envelope sender, where bounces go; empty for none."""
    written_at: datetime
    """When the letter was recorded: its Date, on every attempt."""
    leased_until: datetime
    message: bytes | None = field(default=None, repr=False)
    """The stored bytes; None before the first attempt."""
    attempts: int = 0
    first_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt. Unless it was sent, no `next_attempt_at` means that the desk gives up."""

    letter_id: int
    delivery: Delivery
    attempted_at: datetime
    next_attempt_at: datetime | None = None
    reason: str = ""
    """Why the desk gives up."""
    without_files: bool = False
    """The next attempt goes without what was to go along, as the server refused the letter with it."""


class Outbox(Protocol):
    """The letters as the store keeps them."""

    async def claim(self, limit: int) -> Sequence[Due]:
        """Lease at most `limit` due letters to this courier."""

    async def fetch(self, attachments: Sequence[TicketAttachment]) -> Sequence[bytes | None]:
        """The bytes of what goes along with a letter, in order; None for what is no longer kept."""

    async def merge(self) -> None:
        """Merge letters that wait for long; committed when this returns."""

    async def store(self, messages: Sequence[tuple[int, bytes]]) -> None:
        """Keep the bytes of letters; committed when this returns."""

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Record outcomes and end the leases; committed when this returns."""


class Courier:
    """Delivers what is due, a batch at each step.

    `now` and `jitter` (0..1) are asked for each attempt. Errors of the outbox are the caller's.
    """

    def __init__(
        self,
        outbox: Outbox,
        channel: Channel,
        *,
        now: Callable[[], datetime],
        jitter: Callable[[], float],
        limit: int = LETTERS_AT_ONCE,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self._outbox = outbox
        self._channel = channel
        self._now = now
        self._jitter = jitter
        self._limit = limit
        self._grace = grace
        self._probe_at: datetime | None = None
        self._merged_at: datetime | None = None
        self._away = False
        self._kept_out = 0
        self.breaker = Breaker()
        self.trouble: str | None = None
        """Why letters do not leave now; None while they do."""

    async def step(self) -> bool:
        """Deliver one batch; returns whether there was any. When cancelled it settles what it knows.

        The bytes of every letter are stored before its first attempt, so that a retry sends the same ones. In trouble
        one letter is tried now and then: the others spend no attempts, and what grows old is merged meanwhile.
        """
        now = self._now()
        if self._probe_at is not None and now < self._probe_at <= now + LONGEST_PROBE:
            return False
        if self._merged_at is None or (self.trouble and now - self._merged_at >= MERGE_EVERY):
            await self._outbox.merge()
            self._merged_at = now
        claimed = await self._outbox.claim(1 if self.trouble else self._limit)
        if not claimed:
            self._forget_refusals(now)
            return False
        ready, rendered, unrenderable = await self._render(claimed)
        if rendered:
            await self._outbox.store(rendered)
        if unrenderable:
            await self._outbox.settle(unrenderable)
        await self._deliver(ready)
        return True

    async def _render(self, claimed: Iterable[Due]) -> tuple[list[_Ready], list[tuple[int, bytes]], list[Outcome]]:
        ready, rendered, unrenderable = [], [], []
        for due in claimed:
            if due.message is not None:
                ready.append(_Ready(due, due.message))
                continue
            try:
                message = await self._message(due)
            except LetterError as error:
                unrenderable.append(self._unrenderable(due, error))
            else:
                rendered.append((due.letter_id, message))
                ready.append(_Ready(due, message))
            await asyncio.sleep(0)  # a batch takes tens of milliseconds, and webhooks wait on this loop
        return ready, rendered, unrenderable

    async def _message(self, due: Due) -> bytes:
        """Render a letter. What goes along may be megabytes: that is put together beside the loop."""
        if not due.letter.enclosed:
            return compose(due.letter, render(due.letter), due.sender, due.message_id, due.written_at)
        contents = await self._outbox.fetch(due.letter.enclosed)
        return await asyncio.to_thread(_enclose, due, contents)

    def _unrenderable(self, due: Due, error: LetterError) -> Outcome:
        delivery = Refused(f"cannot be rendered: {error}")
        return Outcome(letter_id=due.letter_id, delivery=delivery, attempted_at=self._now(), reason=delivery.reason)

    async def _deliver(self, ready: Iterable[_Ready]) -> None:
        shared = _Round(asyncio.Semaphore(self._channel.connections))
        pending = {asyncio.create_task(self._attempt(one, shared)): one.due for one in ready}
        try:
            while pending:
                finished, _ = await asyncio.wait(pending, timeout=SETTLE_SECONDS)
                await self._settle([(pending.pop(task), _result(task)) for task in finished])
            self._take_stock(shared)
        finally:
            if pending:
                shared.stopping = True
                await self._wind_up(pending)

    def _take_stock(self, shared: _Round) -> None:
        """See whether letters leave: the server can be used, and does not refuse nearly all of them."""
        if not (shared.reached or shared.away or shared.kept_out):
            return  # nothing was tried: the leases were too short
        now = self._now()
        kept_out = shared.away or (None if shared.reached else shared.kept_out)
        self._away = kept_out is not None
        self._kept_out = self._kept_out + 1 if kept_out is not None and kept_out.code else 0
        self.trouble = kept_out.reason if kept_out is not None else self.breaker.why_open(now)
        self._probe_at = (
            now + min(PROBE_EVERY * 2 ** max(self._kept_out - 1, 0), LONGEST_PROBE) if self.trouble else None
        )

    def _forget_refusals(self, now: datetime) -> None:
        """With nothing to try, refusals are forgotten in time; that the server is away is believed until a try."""
        if not self._away and self.breaker.why_open(now) is None:
            self.trouble = None

    async def _wind_up(self, pending: dict[asyncio.Task[Delivery | None], Due]) -> None:
        """Settle what is answered in the time of grace, and what may have been taken; the rest stays leased."""
        _, unanswered = await asyncio.wait(pending, timeout=self._grace)
        for task in unanswered:
            task.cancel()
        await asyncio.gather(*unanswered, return_exceptions=True)
        await self._settle([(due, _result(task)) for task, due in pending.items() if not task.cancelled()])

    async def _attempt(self, ready: _Ready, shared: _Round) -> Delivery | None:
        """Deliver one letter; None where it was not tried and stays leased."""
        due = ready.due
        async with shared.free:
            if shared.stopping or due.leased_until - self._now() < self._channel.budget:
                return None
            if shared.away is not None:
                return shared.away
            outgoing = Outgoing(
                letter_id=due.letter_id, sender=due.return_path, recipient=due.letter.to, message=ready.message
            )
            delivery = await self._channel.deliver(outgoing)
            if not (isinstance(delivery, TryAgain) and delivery.away):
                shared.reached = True
            elif delivery.code is None:
                shared.away = delivery
            else:
                shared.kept_out = delivery
            return delivery

    async def _settle(self, results: Sequence[tuple[Due, Delivery | None]]) -> None:
        attempted = [(due, delivery) for due, delivery in results if delivery is not None]
        if not attempted:
            return
        now = self._now()
        self.breaker = self.breaker.after((delivery for _, delivery in attempted), now)
        await self._outbox.settle([self._outcome(due, delivery, now) for due, delivery in attempted])

    def _outcome(self, due: Due, delivery: Delivery, now: datetime) -> Outcome:
        course = retry(
            delivery,
            attempts=due.attempts + 1,
            first_attempt_at=due.first_attempt_at or now,
            now=now,
            jitter=self._jitter(),
            breaker=self.breaker,
        )
        outcome = Outcome(letter_id=due.letter_id, delivery=delivery, attempted_at=now)
        match course:
            case Again(at):
                return replace(outcome, next_attempt_at=at)
            case GiveUp() if isinstance(delivery, Refused) and due.letter.enclosed:
                # Too large, or of a type that the server does not take: the words must arrive all the same.
                return replace(outcome, next_attempt_at=now, without_files=True)
            case GiveUp(reason):
                return replace(outcome, reason=reason)
            case Done():
                return outcome


def _enclose(due: Due, contents: Sequence[bytes | None]) -> bytes:
    """The mail with its files; what is no longer kept is named in it, and holds nothing up."""
    found = list(zip(due.letter.enclosed, contents, strict=True))
    files = tuple(EnclosedFile(each.name, each.type, content) for each, content in found if content is not None)
    gone = tuple(each.name for each, content in found if content is None)
    letter = replace(due.letter, data=due.letter.data.set("gone", gone))
    return compose(letter, render(letter), due.sender, due.message_id, due.written_at, files)


@dataclass(frozen=True, slots=True)
class _Ready:
    due: Due
    message: bytes


@dataclass(slots=True)
class _Round:
    """What the attempts of one batch share."""

    free: asyncio.Semaphore
    away: TryAgain | None = None
    """Set once no server could be reached: the rest of the batch need not wait for a timeout each."""
    kept_out: TryAgain | None = None
    """The server answered and let us do nothing, as with a wrong password or with too many connections."""
    reached: bool = False
    """Some letter came as far as its recipient."""
    stopping: bool = False


def _result(task: asyncio.Task[Delivery | None]) -> Delivery | None:
    """The verdict of a finished attempt; a defect in a channel counts as an answer that never came."""
    if error := task.exception():
        return Unknown(f"{type(error).__name__}: {error}")
    return task.result()
