"""The silence that the desk keeps at an Alertmanager for the alerts of one ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

SilenceState = Literal["wanted", "active", "ending", "expired"]
"""`wanted` is not set yet, `ending` not expired yet; nothing is left to do of one that is `expired`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSilence:
    """What the desk wants of an Alertmanager, and how far that has come."""

    ticket: int
    source: str
    labels: tuple[tuple[str, str], ...]
    """Name and value of every label; the value is empty for a label that the alerts must not have."""
    by: str
    """Whoever asked for it."""
    until: datetime
    """It is not extended beyond this."""
    state: SilenceState = "wanted"
    id: str | None = None
    """As Alertmanager calls it; None before its first answer."""
    ends_at: datetime | None = None
    """When it ends by itself, as Alertmanager was told last."""
    attempts: int = 0
    """In vain, since the last that did something."""
    failing_since: datetime | None = None
    told_failing: bool = False


@dataclass(frozen=True, slots=True)
class SetSilence:
    """Set it, or extend it: it is to end at this moment."""

    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ExpireSilence:
    """End it now."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The ticket needs it no more, for a reason."""

    why: Literal["over", "quiet"]


Step = SetSilence | ExpireSilence | GiveUp


def next_step(silence: KeptSilence, ticket: Ticket, rulebook: Rulebook, now: datetime) -> Step:
    """What is to be done of a silence that is due.

    It is short and set again and again, so that it ends soon where the desk itself is away. Without anything that
    fires it is not set again: what fires anew is to be heard.
    """
    if silence.state == "ending":
        return ExpireSilence()
    if now >= silence.until:
        return GiveUp("over")
    if silence.state == "active" and ticket.firing <= 0:
        return GiveUp("quiet")
    return SetSilence(min(now + rulebook.alerts.silence.length.length(), silence.until))


def extend_at(ends_at: datetime, until: datetime, now: datetime) -> datetime:
    """When to extend a silence that ends at a moment: half-way, so that there is time to try again."""
    return until if ends_at >= until else now + (ends_at - now) / 2


def try_again_after(attempts: int, shortest: timedelta, longest: timedelta) -> timedelta:
    """How long to wait after so many attempts in vain."""
    return min(shortest * (1 << min(attempts, 10)), longest)
