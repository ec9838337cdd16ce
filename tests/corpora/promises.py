"""Due times and working time, beside the cases of other projects' tests."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rules.calendars import Calendar, CalendarSettings
from rules.duration import Duration
from rules.working_time import Pause, due, worked
from tests.corpora.score import Score, share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE_MINUTE = timedelta(minutes=1)


def score_promises(corpora: Path) -> Iterator[Score]:
    """Agreement to the minute."""
    given = json.loads((corpora / "sla-cases" / "sla_cases.json").read_text(encoding="utf-8"))
    calendars = {name: _calendar(each) for name, each in given["calendars"].items()}
    cases = given["cases"]
    misses = [miss for case in cases if (miss := _miss(case, calendars[case["calendar"]]))]
    yield share("sla-cases", "agree to the minute", len(cases) - len(misses), len(cases), misses=misses)


def _calendar(given: dict[str, Any]) -> Calendar:
    week = {day: [f"{opens}-{closes}" for opens, closes in shifts] for day, shifts in given["week"].items()}
    free = [each.removeprefix("*-") for each in given["holidays"]]
    return Calendar(CalendarSettings.model_validate({"timezone": given["tz"], "extra_holidays": free, **week}))


def _miss(case: dict[str, Any], calendar: Calendar) -> str:
    """What we say instead, or nothing where we agree."""
    start, expected = _moment(case["start"]), _moment(case["expected"])
    pauses = [Pause(_moment(begin), _moment(end)) for begin, end in case["paused"]]
    seconds = case["working_seconds"]
    if case["kind"] == "elapsed":
        time = worked(start, expected, calendar, pauses).time
        return (
            ""
            if abs(time - timedelta(seconds=seconds)) < ONE_MINUTE
            else f"{case['id']}: {time} worked, not {seconds} s"
        )
    at = due(start, Duration(round(Decimal(seconds) / 60, 6), "wm"), calendar, pauses).at
    return (
        "" if at and abs(at - expected) < ONE_MINUTE else f"{case['id']}: due {at}, not {expected} ({case['boundary']})"
    )


def _moment(text: str) -> datetime:
    """`2015-02-17T12:00:00[Europe/Berlin]`."""
    local, _, zone = text.rstrip("]").partition("[")
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
