"""The silence that the desk keeps at an Alertmanager for the alerts of one ticket: one of its own for each key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from rules.silences.labels import silenced_labels

if TYPE_CHECKING:
    from datetime import datetime

    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

Labels = tuple[tuple[str, str], ...]
"""Name and value of every label; the value is empty for a label that the alerts must not have."""

SilenceState = Literal["wanted", "active", "ending", "expired"]
"""`wanted` is not set yet, `ending` not expired yet; nothing is left to do of one that is `expired`."""

#: After an attempt in vain; each wait is twice the one before it.
AGAIN_AFTER: Final = timedelta(seconds=5)
AGAIN_AT_LATEST: Final = timedelta(minutes=1)
#: Whoever waits for the silence is told after so long that there is none.
TOLD_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSilence:
    """What the desk wants of an Alertmanager, and how far that has come."""

    ticket: int
    source: str
    labels: tuple[Labels, ...]
    """Those of each key of the ticket's alerts; for each Alertmanager keeps a silence."""
    by: str
    """Whoever asked for it."""
    until: datetime
    """It is not extended beyond this."""
    state: SilenceState = "wanted"
    ids: tuple[str, ...] = ()
    """As Alertmanager calls them; none before its first answer."""
    ends_at: datetime | None = None
    """When it ends by itself, as Alertmanager was told last."""
    attempts: int = 0
    """In vain, since the last that did something."""
    failing_since: datetime | None = None
    told_failing: bool = False
    due_at: datetime | None = None
    """When the desk has to do something about it."""


@dataclass(frozen=True, slots=True)
class SetSilence:
    """Set it, or extend it: it is to end at this moment."""

    ends_at: datetime
    labels: tuple[Labels, ...]
    """Those that the ticket still has: what was parted from it is silenced no more."""


@dataclass(frozen=True, slots=True)
class ExpireSilence:
    """End it now."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The ticket needs it no more, for a reason."""

    why: Literal["over", "quiet", "by-hand"]


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
    ends_at = min(now + rulebook.alerts.silence.length.length(), silence.until)
    return SetSilence(ends_at, wanted_labels(silence, ticket, rulebook))


def wanted_labels(silence: KeptSilence, ticket: Ticket, rulebook: Rulebook) -> tuple[Labels, ...]:
    """Those of its labels that the ticket still has."""
    known = set(silenced_labels(ticket, rulebook))
    return tuple(each for each in silence.labels if each in known) or silence.labels


def after_set(
    silence: KeptSilence, ids: tuple[str, ...], ends_at: datetime, now: datetime, *, as_wanted: bool = True
) -> KeptSilence:
    """The silence once Alertmanager has taken it; one that is not wanted any more meanwhile is to be expired.

    It is extended half-way, so that there is time to try again; at once where it is not `as_wanted` by now, such as
    one of an alert that has left the ticket meanwhile.
    """
    ending = silence.state == "ending"
    half_way = silence.until if ends_at >= silence.until else now + (ends_at - now) / 2
    return replace(
        silence,
        ids=ids,
        ends_at=ends_at,
        state="ending" if ending else "active",
        due_at=now if ending or not as_wanted else half_way,
        attempts=0,
        failing_since=None,
        told_failing=False,
    )


def after_expiry(silence: KeptSilence, now: datetime) -> KeptSilence:
    """The silence once Alertmanager has ended it; where it was wanted again meanwhile, it is to be set."""
    wanted = silence.state == "wanted"
    return replace(
        silence,
        ids=(),
        ends_at=None,
        state="wanted" if wanted else "expired",
        due_at=now if wanted else None,
        attempts=0,
        failing_since=None,
    )


def after_failure(silence: KeptSilence, now: datetime) -> KeptSilence:
    """The silence once more was tried in vain; one that has ended by itself meanwhile needs no expiring."""
    if silence.state == "ending" and (silence.ends_at or silence.until) <= now:
        return after_expiry(silence, now)
    wait = min(AGAIN_AFTER * (1 << min(silence.attempts, 10)), AGAIN_AT_LATEST)
    since = silence.failing_since or now
    return replace(silence, attempts=silence.attempts + 1, failing_since=since, due_at=now + wait)


def is_to_be_told(silence: KeptSilence, now: datetime) -> bool:
    """Tell whether it is time to say that a silence cannot be set."""
    waits = silence.state in ("wanted", "active") and not silence.told_failing
    return waits and silence.failing_since is not None and now - silence.failing_since >= TOLD_AFTER
