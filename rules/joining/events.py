"""What becomes of tickets that belong together, and of people who joined one by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rules.ticket import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """The ticket may be the same as another one: staff are asked."""

    kind: Literal["suggested"] = "suggested"
    at: datetime
    suggestion: Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The ticket became a part of another one. `Closed` follows."""

    kind: Literal["merged"] = "merged"
    at: datetime
    into: int
    number: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """Another ticket became a part of this one: its reports count here. Its people join by `Joined`."""

    kind: Literal["absorbed"] = "absorbed"
    at: datetime
    ticket: int
    number: str
    reports: int
    repeats: int
    counted_repeats: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerged:
    """The ticket stands on its own again: it had been merged by mistake."""

    kind: Literal["unmerged"] = "unmerged"
    at: datetime
    number: str
    """Of the ticket that it was a part of."""
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """People who had joined by mistake left for a ticket of their own, and their reports count here no more."""

    kind: Literal["parted"] = "parted"
    at: datetime
    people: tuple[str, ...]
    ticket: int
    number: str
    reports: int
    repeats: int
    counted_repeats: int
    by: str
    reason: str


JoiningEvent = Suggested | Merged | Absorbed | Unmerged | Parted
