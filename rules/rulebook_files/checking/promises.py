"""Clocks, what is owed, and windows of time: promises that can be kept, and broken."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from rules.rulebook_files.checking.written import (
    duration,
    limits,
    named_twice,
    names_in,
    table,
    tables,
    texts,
    undeclared,
)
from rules.sections.promises import EVERY_LEVEL
from rules.toml_files.problems import Complaint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rules.calendar.duration import Duration
    from rules.rulebook_files.checking.written import Table
    from rules.toml_files.lines import Place

_SHORTEST_CYCLE: Final = timedelta(minutes=1)

#: The clock that the desk runs itself, by `[satisfaction]`.
_OWN_CLOCK: Final = "satisfaction"


def check_promises(rulebook: Table) -> Iterator[Complaint]:
    """What is wrong with `[[clocks]]`, `[[owed]]` and the windows."""
    for section in ("clocks", "owed"):
        yield from named_twice(tables(rulebook, section), (section,))
        for index, promise in tables(rulebook, section):
            if promise.get("name") == _OWN_CLOCK:
                yield Complaint((section, index, "name"), f"{_OWN_CLOCK!r} is a clock of the desk's own: take another")
    for index, clock in tables(rulebook, "clocks"):
        yield from _clock(clock, ("clocks", index), rulebook)
    for index, owed in tables(rulebook, "owed"):
        yield from _owed(owed, ("owed", index), rulebook)
    yield from _windows(rulebook)


def _clock(clock: Table, at: Place, rulebook: Table) -> Iterator[Complaint]:
    yield from _moments(clock, at)
    yield from _limit(clock, at, rulebook, clock.get("calendar"))
    for number, variant in tables(clock, "variants"):
        calendar = variant.get("calendar") or clock.get("calendar")
        yield from _limit(variant, (*at, "variants", number), rulebook, calendar)
    yield from _warning(clock, at)
    if clock.get("repeats") is True:
        for place, limit in _all_limits(clock, at):
            if not limit.is_working_days and limit.length() < _SHORTEST_CYCLE:
                yield Complaint(place, "a clock that repeats needs a minute or more")


def _owed(owed: Table, at: Place, rulebook: Table) -> Iterator[Complaint]:
    name = owed.get("name")
    if isinstance(name, str) and name in names_in(rulebook, "clocks"):
        yield Complaint((*at, "name"), f"{name!r} is the name of a clock already")
    if "written" in texts(owed.get("on")):
        yield Complaint((*at, "on"), "it ends with being written, and cannot begin so")
    yield from _limit(owed, at, rulebook, owed.get("calendar"))


def _moments(clock: Table, at: Place) -> Iterator[Complaint]:
    starts, stops = clock.get("starts", "opened"), texts(clock.get("stops"))
    if isinstance(starts, list | tuple) and not starts:
        yield Complaint((*at, "starts"), "nothing starts it: name a moment")
    if set(texts(starts)) & set(stops):
        yield Complaint((*at, "stops"), "it stops where it starts, and promises nothing")
    for key, moments in (("starts", texts(starts)), ("stops", stops)):
        if "written" in moments:
            yield Complaint((*at, key), "'written' is of [[owed]], where everything has a clock of its own")


def _limit(promise: Table, at: Place, rulebook: Table, calendar: Any) -> Iterator[Complaint]:
    written = promise.get("limit")
    if written == {}:
        yield Complaint((*at, "limit"), "it promises nothing: give a limit for a level, or one for all")
    if levels := texts(table(rulebook, "priority").get("levels")):
        named: dict[Place, str] = {(*at, "limit", level): level for level in table(promise, "limit")}
        yield from undeclared(named, [*levels, EVERY_LEVEL], "is no level")
    yield from _calendar(promise, at, table(rulebook, "calendars"), calendar)


def _calendar(promise: Table, at: Place, declared: Collection[str], calendar: Any) -> Iterator[Complaint]:
    yield from undeclared({(*at, "calendar"): promise.get("calendar")}, declared, "is no calendar of [calendars]")
    if calendar is not None:
        return
    whose = "it" if at[0] == "owed" else "the clock"
    for place, _, limit in limits(promise, at):
        if limit.is_working_time:
            yield Complaint(place, f"{limit} is working time: {whose} needs calendar = ...")


def _warning(clock: Table, at: Place) -> Iterator[Complaint]:
    warns = duration(clock.get("warns"))
    if warns is None:
        return
    if warns.is_working_time:
        yield Complaint((*at, "warns"), f"{warns} is working time: write it by the clock, such as 30m or 4h")
        return
    for place, limit in _all_limits(clock, at):
        if not limit.is_working_time and limit.length() <= warns.length():
            yield Complaint(place, f"{limit} is over when its warning comes: warns = {str(warns)!r} must be shorter")


def _all_limits(clock: Table, at: Place) -> Iterator[tuple[Place, Duration]]:
    yield from ((place, limit) for place, _, limit in limits(clock, at))
    for number, variant in tables(clock, "variants"):
        yield from ((place, limit) for place, _, limit in limits(variant, (*at, "variants", number)))


_WINDOWS: Final = (
    ("repeats", "window"),
    ("alerts", "reopen_window"),
    ("alerts", "resolve_hold"),
    ("alerts", "stale_after"),
    ("alerts", "flapping", "within"),
    ("satisfaction", "wait"),
)


def _windows(rulebook: Table) -> Iterator[Complaint]:
    """Windows are looked up in the past, where working time would need a calendar that they do not name."""
    for *tables_to, key in _WINDOWS:
        section = reduce(table, tables_to, rulebook)
        window = duration(section.get(key))
        if window is not None and window.is_working_time:
            yield Complaint((*tables_to, key), f"{window} is working time: write it by the clock, such as 4h or 3d")
