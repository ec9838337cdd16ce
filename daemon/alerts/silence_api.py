"""Setting and expiring a ticket's silences at Alertmanager, so that doing it again changes nothing.

A silence of ours is known by its comment, which names the ticket, and its labels. So the answer to a POST may be lost:
the next attempt finds the silence that was made and extends it, and expires what there is more than one of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

from rules.silences.silence import Matcher, Silence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rules.silences.kept import KeptSilence, Labels, SetSilence

#: Alertmanager tells times to the millisecond.
_ROUNDED = timedelta(seconds=1)

#: Alertmanager takes a start in the past for now, and waits for one that its own clock has not reached.
_EARLIER = timedelta(hours=1)


class SilenceApi(Protocol):
    """The part of `ingest.alertmanager.api.AlertmanagerApi` that silences need. All of it raises AlertmanagerError."""

    async def silences(self, filters: Sequence[str] = ()) -> Sequence[Silence]: ...

    async def set_silence(self, silence: Silence) -> str: ...

    async def expire_silence(self, silence: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Stands:
    """Alertmanager keeps silences under these ids, one of each labels, until a moment."""

    ids: tuple[str, ...]
    ends_at: datetime
    labels: tuple[Labels, ...]


@dataclass(frozen=True, slots=True)
class Expired:
    """Alertmanager keeps no silence of the ticket any more."""


@dataclass(frozen=True, slots=True)
class EndedByHand:
    """Somebody has expired the silence at Alertmanager, and is not to be overruled."""


async def set_silence(
    api: SilenceApi, kept: KeptSilence, comment: str, *, step: SetSilence, now: datetime
) -> Stands | EndedByHand:
    """Have Alertmanager keep one silence of this comment for each key until a moment, and no other.

    Raises AlertmanagerError.
    """
    known = {labels: await _ours(api, kept, labels, comment) for labels in step.labels}
    if any(_was_ended(ours, kept) for ours in known.values()):
        await expire_silence(api, kept, comment)
        return EndedByHand()
    ids = []
    for labels, ours in known.items():
        live = sorted((each for each in ours if each.state != "expired"), key=attrgetter("starts_at"))
        first = live[0] if live else _new(kept, labels, comment, now)
        ids.append(await api.set_silence(replace(first, matchers=_matchers(labels), ends_at=step.ends_at)))
        for twin in live[1:]:
            await api.expire_silence(twin.id)
    for left in set(kept.ids).difference(ids):
        await api.expire_silence(left)
    return Stands(tuple(ids), step.ends_at, step.labels)


async def expire_silence(api: SilenceApi, kept: KeptSilence, comment: str) -> Expired:
    """End every silence of this comment. Raises AlertmanagerError."""
    for labels in kept.labels:
        for each in await _ours(api, kept, labels, comment):
            if each.state != "expired":
                await api.expire_silence(each.id)
    return Expired()


async def _ours(api: SilenceApi, kept: KeptSilence, labels: Labels, comment: str) -> list[Silence]:
    asked = [f'{name}="{_quoted(value)}"' for name, value in labels if value]
    found = (each for each in await api.silences(asked) if each.comment == comment or each.id in kept.ids)
    return [each for each in found if set(each.matchers) == set(_matchers(labels))]


def _was_ended(ours: Sequence[Silence], kept: KeptSilence) -> bool:
    """Tell whether a silence ended before it was due: Alertmanager then gives it the moment of its end."""
    if kept.state != "active" or kept.ends_at is None or any(each.state != "expired" for each in ours):
        return False
    return any(each.id in kept.ids and each.ends_at < kept.ends_at - _ROUNDED for each in ours)


def _new(kept: KeptSilence, labels: Labels, comment: str, now: datetime) -> Silence:
    started = now - _EARLIER
    return Silence(matchers=_matchers(labels), starts_at=started, ends_at=now, created_by=kept.by, comment=comment)


def _matchers(labels: Labels) -> tuple[Matcher, ...]:
    return tuple(Matcher(name=name, value=value) for name, value in labels)


def _quoted(value: str) -> str:
    """A value as a matcher writes it between its quotation marks (`pkg/labels` in Alertmanager's source)."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
