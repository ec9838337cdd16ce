"""Ticket numbers: a serial that restarts each period in the rulebook's time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from rules.rulebook import Rulebook

_PERIODS = {"never": "all", "year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


def serial_period(rulebook: Rulebook, now: datetime) -> str:
    """Name the period whose serial a ticket opened now takes, such as `2026-11`."""
    return now.astimezone(ZoneInfo(rulebook.timezone)).strftime(_PERIODS[rulebook.numbers.restart])


def format_number(rulebook: Rulebook, serial: int, now: datetime) -> str:
    """Write the number of a ticket, such as `202611-001`; a long serial grows wider and is never cut."""
    local = now.astimezone(ZoneInfo(rulebook.timezone))
    return rulebook.numbers.format.format(
        year=f"{local.year:04d}",
        month=f"{local.month:02d}",
        day=f"{local.day:02d}",
        serial=f"{serial:0{rulebook.numbers.digits}d}",
    )
