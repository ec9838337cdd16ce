"""Due times and working time as `deskd due` tells them, beside the cases of other projects' tests."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from daemon.__main__ import main
from rules.calendar.duration import Duration
from tests.corpora.score import Score, share

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_MINUTE = timedelta(minutes=1)


def score_promises(corpora: Path) -> Iterator[Score]:
    """Agreement to the minute."""
    given = json.loads((corpora / "sla-cases" / "sla_cases.json").read_text(encoding="utf-8"))
    cases = given["cases"]
    with TemporaryDirectory() as folder:
        rulebook = Path(folder, "calendars.toml")
        rulebook.write_text(_rulebook(given["calendars"]), encoding="utf-8")
        misses = [miss for case in cases if (miss := _miss(case, rulebook))]
    yield share("sla-cases", "agree to the minute", len(cases) - len(misses), len(cases), misses=misses)


def _rulebook(calendars: dict[str, Any]) -> str:
    """A rulebook of these calendars, otherwise the shipped one."""
    return "\n".join(
        ['name = "calendars"', 'extends = "enterprise-itsm"', *map(_calendar, calendars, calendars.values())]
    )


def _calendar(name: str, given: dict[str, Any]) -> str:
    week = {day: [f"{opens}-{closes}" for opens, closes in shifts] for day, shifts in given["week"].items()}
    free = [each.removeprefix("*-") for each in given["holidays"]]
    keys = {"timezone": given["tz"], "extra_holidays": free, **week}
    # What JSON makes of texts and lists of them is TOML, too.
    return "\n".join([f"[calendars.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())])


def _miss(case: dict[str, Any], rulebook: Path) -> str:
    """What we say instead, or nothing where we agree."""
    start, expected = _moment(case["start"]), _moment(case["expected"])
    pauses = [f"--paused={_moment(begin).isoformat()}/{_moment(end).isoformat()}" for begin, end in case["paused"]]
    asked = ["--rulebook", str(rulebook), "--calendar", case["calendar"], "--from", start.isoformat(), *pauses]
    seconds = case["working_seconds"]
    if case["kind"] == "elapsed":
        told = _ask(*asked, "--to", expected.isoformat())
        agrees = abs(told["working_seconds"] - seconds) < ONE_MINUTE.total_seconds()
        return "" if agrees else f"{case['id']}: {told['working_seconds']} s worked, not {seconds} s"
    told = _ask(*asked, "--limit", str(Duration(round(Decimal(seconds) / 60, 6), "wm")))
    agrees = abs(datetime.fromisoformat(told["due"]) - expected) < ONE_MINUTE
    return "" if agrees else f"{case['id']}: due {told['due']}, not {expected} ({case['boundary']})"


def _ask(*words: str) -> dict[str, Any]:
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(StringIO()):
        main(["due", "--json", *words])
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def _moment(text: str) -> datetime:
    """`2015-02-17T12:00:00[Europe/Berlin]`."""
    local, _, zone = text.rstrip("]").partition("[")
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
