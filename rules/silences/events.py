"""What happens to the silence of a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """The alerts of the ticket are to be silenced at their source; that is done after this is recorded."""

    kind: Literal["silenced"] = "silenced"
    at: datetime
    by: str
    source: str
    labels: tuple[tuple[tuple[str, str], ...], ...]
    """Which alerts: for each key these labels with these values, an empty one for a label that they must not have."""
    until: datetime
    """At the latest."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceSet:
    """The source has taken the silence. Its extensions are no news."""

    kind: Literal["silence_set"] = "silence_set"
    at: datetime
    silence: str
    """As the source calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceFailed:
    """The silence could not be set for some minutes; it is tried on."""

    kind: Literal["silence_failed"] = "silence_failed"
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceEnded:
    """The silence is not wanted any more; it is expired at its source after this is recorded."""

    kind: Literal["silence_ended"] = "silence_ended"
    at: datetime
    reason: str


SilenceEvent = Silenced | SilenceSet | SilenceFailed | SilenceEnded
