"""What the sections of a rulebook must agree on: names that are used are declared, and promises can be kept.

The sections are looked at as they were written, whether or not each is right by itself, so that every mistake is told
at once. What is of the wrong kind is passed over here; the sections complain of it themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

from rules.calendar.duration import Duration
from rules.ticket import IMPACTS, URGENCIES
from rules.toml_files.problems import Complaint, did_you_mean

if TYPE_CHECKING:
    from rules.toml_files.lines import Place

Table = Mapping[str, Any]

_NUMBER_FIELDS: Final = ("year", "month", "day", "serial")
_NUMBER_LETTERS: Final = re.compile(r"[A-Za-z0-9._/-]*")
_NEEDED_TO_RESTART: Final = {"year": ("year",), "month": ("year", "month"), "day": ("year", "month", "day")}
_SHORTEST_CYCLE: Final = timedelta(minutes=1)


def disagreements(rulebook: Table) -> Iterator[Complaint]:
    """Everything on which the sections of a rulebook, as TOML gives them, do not agree."""
    yield from _numbers(_table(rulebook, "numbers"))
    yield from _teams(rulebook)
    yield from _levels(_table(rulebook, "priority"))
    yield from _clocks(rulebook)
    yield from _escalations(rulebook)
    yield from _windows(rulebook)
    yield from _severities(_table(rulebook, "alerts", "severities"))


def _numbers(numbers: Table) -> Iterator[Complaint]:
    written = numbers.get("format")
    if not isinstance(written, str):
        return
    try:
        fields = {field for _, field, _, _ in Formatter().parse(written) if field is not None}
        literal = "".join(text for text, _, _, _ in Formatter().parse(written))
    except ValueError:
        fields, literal = {""}, written
    at = ("numbers", "format")
    if not fields <= set(_NUMBER_FIELDS) or not _NUMBER_LETTERS.fullmatch(literal):
        known = ", ".join(f"{{{field}}}" for field in _NUMBER_FIELDS)
        yield Complaint(at, f"{written!r} may hold letters, digits, . _ - / and {known}")
        return
    restart = str(numbers.get("restart", "month"))
    lacking = [field for field in (*_NEEDED_TO_RESTART.get(restart, ()), "serial") if field not in fields]
    if lacking:
        names = " and ".join(f"{{{field}}}" for field in lacking)
        yield Complaint(at, f"{written!r} lacks {names}: numbers that restart every {restart} would come twice")


def _teams(rulebook: Table) -> Iterator[Complaint]:
    teams, categories = rulebook.get("teams"), _table(rulebook, "categories")
    used: dict[Place, Any] = {("desk_team",): rulebook.get("desk_team")}
    used |= {("categories", name, "team"): _table(categories, name).get("team") for name in categories}
    if isinstance(teams, Mapping):
        yield from _undeclared(used, teams, "is no team of [teams]")
    if categories:
        otherwise = _table(rulebook, "classification").get("otherwise")
        yield from _undeclared({("classification", "otherwise"): otherwise}, categories, "is no category")


def _levels(priority: Table) -> Iterator[Complaint]:
    levels, matrix = _texts(priority.get("levels")), priority.get("matrix")
    if not levels:
        return
    yield from _twice(levels, ("priority", "levels"))
    used: dict[Place, Any] = {("priority", "names", name): name for name in _table(priority, "names")}
    used |= {("priority", "by_kind", kind): level for kind, level in _table(priority, "by_kind").items()}
    if isinstance(matrix, Mapping):
        cells = [(impact, urgency) for impact in IMPACTS for urgency in URGENCIES]
        used |= {("priority", "matrix", i, u): _table(matrix, i).get(u) for i, u in cells if u in _table(matrix, i)}
        for impact, urgency in cells:
            if urgency not in _table(matrix, impact):
                yield Complaint(
                    ("priority", "matrix", impact, urgency),
                    f"the level for {impact} impact and {urgency} urgency is missing",
                )
    yield from _undeclared(used, levels, "is none of priority.levels")
    yield from _people(_table(priority, "impact"))


def _people(impact: Table) -> Iterator[Complaint]:
    """A wider impact needs more people than a narrower one."""
    thresholds = [(level, _table(impact, level).get("people")) for level in IMPACTS]
    told = [(level, people) for level, people in thresholds if isinstance(people, int)]
    for (wider, more), (narrower, fewer) in pairwise(told):
        if more <= fewer:
            says = f"{more} people for {wider} impact must be more than the {fewer} for {narrower}"
            yield Complaint(("priority", "impact", wider, "people"), says)


def _clocks(rulebook: Table) -> Iterator[Complaint]:
    clocks = _tables(rulebook, "clocks")
    levels = _texts(_table(rulebook, "priority").get("levels"))
    yield from _named_twice(clocks, "clocks")
    for index, clock in clocks:
        at, limit = ("clocks", index), _table(clock, "limit")
        if levels:
            yield from _undeclared({(*at, "limit", level): level for level in limit}, levels, "is no level")
        yield from _calendar(clock, at, _table(rulebook, "calendars"))
        if clock.get("starts") == "assigned" == clock.get("stops"):
            yield Complaint((*at, "stops"), "it stops where it starts, and promises nothing")
        if clock.get("repeats") is True:
            for level in (level for level in limit if _is_too_short(limit[level])):
                yield Complaint((*at, "limit", level), "a clock that repeats needs a minute or more")


def _calendar(clock: Table, at: Place, calendars: Table) -> Iterator[Complaint]:
    calendar = clock.get("calendar")
    if isinstance(calendar, str):
        yield from _undeclared({(*at, "calendar"): calendar}, calendars, "is no calendar of [calendars]")
        return
    for level, written in _table(clock, "limit").items():
        limit = _duration(written)
        if limit is not None and limit.is_working_time:
            yield Complaint((*at, "limit", level), f"{limit} is working time: the clock needs calendar = ...")


def _escalations(rulebook: Table) -> Iterator[Complaint]:
    rungs = _tables(rulebook, "escalations")
    named = [clock for _, clock in _tables(rulebook, "clocks") if isinstance(clock.get("name"), str)]
    clocks = {clock["name"]: clock for clock in reversed(named)}
    yield from _named_twice(rungs, "escalations")
    for index, rung in rungs:
        at, trigger = ("escalations", index), rung.get("on")
        if trigger == "overdue":
            yield from _overdue(rung, at, clocks)
        elif trigger in ("repeat", "reopened"):
            yield from _counted(rung, at)
        if not rung.get("raises") and not rung.get("tell"):
            yield Complaint(at, "it does nothing: give raises, tell or both")


def _overdue(rung: Table, at: Place, clocks: Table) -> Iterator[Complaint]:
    clock = rung.get("clock")
    if clock is None:
        yield Complaint((*at, "clock"), "it is missing: the clock that is overdue")
    else:
        yield from _undeclared({(*at, "clock"): clock}, clocks, "is no clock of [[clocks]]")
    if isinstance(clock, str) and _table(clocks, clock).get("repeats") is True:
        yield Complaint((*at, "clock"), f"{clock!r} repeats: the desk keeps it itself, and it is never overdue")
    if rung.get("count") is not None:
        yield Complaint((*at, "count"), 'it is for on = "repeat" and on = "reopened" only')


def _counted(rung: Table, at: Place) -> Iterator[Complaint]:
    trigger = rung["on"]
    if rung.get("count") is None:
        which = "repeat" if trigger == "repeat" else "reopening"
        yield Complaint((*at, "count"), f"it is missing: 2 for the second {which}")
    if rung.get("clock") is not None:
        yield Complaint((*at, "clock"), 'it is for on = "overdue" only')


def _windows(rulebook: Table) -> Iterator[Complaint]:
    """Windows are looked up in the past, where working time would need a calendar that they do not name."""
    for section, key in (("repeats", "window"), ("alerts", "reopen_window")):
        window = _duration(_table(rulebook, section).get(key))
        if window is not None and window.is_working_time:
            yield Complaint((section, key), f"{window} is working time: write it by the clock, such as 4h or 3d")


def _severities(severities: Table) -> Iterator[Complaint]:
    for severity in severities:
        if severity != severity.lower():
            says = f"write it in small letters: {severity.lower()!r} stands for {severity!r} too"
            yield Complaint(("alerts", "severities", severity), says)


def _undeclared(used: Mapping[Place, Any], declared: Collection[str], says: str) -> Iterator[Complaint]:
    for at, name in used.items():
        if isinstance(name, str) and name not in declared:
            yield Complaint(at, f"{name!r} {says}{did_you_mean(name, declared)}")


def _named_twice(tables: Sequence[tuple[int, Table]], section: str) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for index, table in tables:
        name = table.get("name")
        if isinstance(name, str) and first.setdefault(name, index) != index:
            yield Complaint((section, index, "name"), f"{name!r} is the name of {section}[{first[name]}] already")


def _twice(names: Sequence[str], at: Place) -> Iterator[Complaint]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Complaint(at, f"{name!r} is written twice")


def _is_too_short(written: Any) -> bool:
    limit = _duration(written)
    return limit is not None and not limit.is_working_days and limit.length() < _SHORTEST_CYCLE


def _duration(written: Any) -> Duration | None:
    try:
        return Duration.parse(str(written))
    except ValueError:
        return None


def _table(table: Table, *path: str) -> Table:
    found: Any = table
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _tables(table: Table, key: str) -> list[tuple[int, Table]]:
    listed = table.get(key)
    items = enumerate(listed if isinstance(listed, list | tuple) else ())
    return [(index, item) for index, item in items if isinstance(item, Mapping)]


def _texts(listed: Any) -> list[str]:
    return [item for item in listed if isinstance(item, str)] if isinstance(listed, list | tuple) else []
