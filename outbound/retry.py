"""When a letter is tried again, and when not any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outbound.channel import Delivery, Refused, Sent, TryAgain, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Quick at first, for greylisting and restarts; then as patient as Postfix is by default.
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 120, 240))
#: At least this long, and longer each time: every resend may be a duplicate to its reader.
AFTER_UNKNOWN = timedelta(minutes=10)
#: A server that was away is back for all letters at once, however often each was tried: the courier itself tries
#: few of them meanwhile.
LONGEST_WHILE_AWAY = timedelta(minutes=5)
#: The same where nobody answered at all: to ask again costs nothing and tells nothing.
WHILE_SILENT = timedelta(seconds=15)
LIFETIME = timedelta(days=5)
#: Up to this share of a delay is added, so that letters which failed together do not come back together.
SPREAD = 0.2

WINDOW_MINUTES = 10
FEWEST_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Again:
    """Try once more at this moment."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The letter will not be sent; staff are told why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do."""


Course = Again | GiveUp | Done


def retry(
    delivery: Delivery,
    *,
    attempts: int,
    first_attempt_at: datetime,
    now: datetime,
    jitter: float,
    breaker: Breaker | None = None,
) -> Course:
    """Decide what follows an attempt.

    `attempts` counts this one too, `jitter` lies in 0..1. With an open breaker a refusal is no more than a delay.
    """
    if isinstance(delivery, Sent):
        return Done()
    if isinstance(delivery, Refused) and (breaker is None or breaker.why_open(now) is None):
        return GiveUp(delivery.reason)
    if now - first_attempt_at >= LIFETIME:
        return GiveUp(f"not delivered in {LIFETIME.days} days; last: {delivery.reason}")
    delay = _delay(delivery, attempts) * (1 + SPREAD * jitter)
    return Again(min(now + delay, max(first_attempt_at + LIFETIME, now + DELAYS[0])))


def _delay(delivery: TryAgain | Refused | Unknown, attempts: int) -> timedelta:
    delay = DELAYS[min(attempts, len(DELAYS)) - 1]
    match delivery:
        case Unknown():
            return max(delay, AFTER_UNKNOWN)
        case TryAgain(away=True, code=None):
            return WHILE_SILENT
        case TryAgain(away=True):
            return min(delay, LONGEST_WHILE_AWAY)
        case _:
            return delay


@dataclass(frozen=True, slots=True)
class Breaker:
    """How many letters were answered and how many of them refused, minute by minute.

    When most letters are refused, something is wrong with us (a blocked address, a policy), not with each recipient.
    """

    minutes: tuple[tuple[int, int, int], ...] = ()
    """(minute since 1970, answered, refused), oldest first."""

    def after(self, deliveries: Iterable[Delivery], now: datetime) -> Breaker:
        """The breaker once these answers are counted; what the server never judged is left out."""
        judged = [delivery for delivery in deliveries if isinstance(delivery, Sent | Refused)]
        if not judged:
            return self
        minute = _minute(now)
        refused = sum(isinstance(delivery, Refused) for delivery in judged)
        kept = [row for row in self.minutes if minute - WINDOW_MINUTES < row[0] <= minute]
        if kept and kept[-1][0] == minute:
            _, answered, refused_before = kept.pop()
            return replace(self, minutes=(*kept, (minute, answered + len(judged), refused_before + refused)))
        return replace(self, minutes=(*kept, (minute, len(judged), refused)))

    def why_open(self, now: datetime) -> str | None:
        """Say why refusals are not to be believed now; None where they are."""
        recent = [row for row in self.minutes if row[0] > _minute(now) - WINDOW_MINUTES]
        answered, refused = sum(row[1] for row in recent), sum(row[2] for row in recent)
        if answered < FEWEST_LETTERS or 2 * refused <= answered:
            return None
        return f"{refused} of the last {answered} letters were refused"


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
