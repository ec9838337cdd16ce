"""A silence of Alertmanager: matchers, a time, and who asked for it and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """One condition on a label: `name = value`, or a regular expression of Go (RE2), anchored on both sides."""

    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Mutes the notifications of all alerts on which every matcher holds."""

    id: str = ""
    """Empty for one that is to be made. A change of matchers expires the old one and gives a new id."""
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    created_by: str
    comment: str
    state: Literal["pending", "active", "expired"] = "active"
