"""Looking into a rulebook as it was written, or as its sections hold it: what is of the wrong kind is passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rules.calendar.duration import Duration
from rules.sections.promises import EVERY_LEVEL
from rules.toml_files.problems import Complaint, did_you_mean

if TYPE_CHECKING:
    from rules.toml_files.lines import Place

Table = Mapping[str, Any]


def table(within: Table, *path: str) -> Table:
    """The table at a path; an empty one where there is none."""
    found: Any = within
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def tables(within: Table, key: str) -> list[tuple[int, Table]]:
    """The tables of a list, each with its place in it."""
    listed = within.get(key)
    items = enumerate(listed if isinstance(listed, list | tuple) else ())
    return [(index, item) for index, item in items if isinstance(item, Mapping)]


def texts(listed: Any) -> list[str]:
    """The texts of a list; one text alone is a list of one."""
    if isinstance(listed, str):
        return [listed]
    return [item for item in listed if isinstance(item, str)] if isinstance(listed, list | tuple) else []


def names_in(within: Table, key: str) -> dict[str, Table]:
    """The tables of a list by their `name`; of two with one name the first."""
    named = [each for _, each in tables(within, key) if isinstance(each.get("name"), str)]
    return {each["name"]: each for each in reversed(named)}


def duration(written: Any) -> Duration | None:
    """A duration; None for what is none."""
    try:
        return Duration.parse(str(written))
    except ValueError:
        return None


def limits(promise: Table, at: Place) -> Iterator[tuple[Place, str, Duration]]:
    """The limits of a promise with their places and levels: one duration alone is for every level."""
    written = promise.get("limit")
    by_level = written if isinstance(written, Mapping) else {EVERY_LEVEL: written}
    for level, each in by_level.items():
        limit = duration(each)
        if isinstance(level, str) and limit is not None:
            yield (*at, "limit") if level == EVERY_LEVEL else (*at, "limit", level), level, limit


def undeclared(used: Mapping[Place, Any], declared: Collection[str], says: str) -> Iterator[Complaint]:
    """A complaint for each name that is used and not declared."""
    for at, name in used.items():
        if isinstance(name, str) and name not in declared:
            yield Complaint(at, f"{name!r} {says}{did_you_mean(name, declared)}")


def named_twice(listed: Sequence[tuple[int, Table]], at: Place) -> Iterator[Complaint]:
    """A complaint for each table of a list whose name an earlier one has."""
    first: dict[str, int] = {}
    for index, each in listed:
        name = each.get("name")
        if isinstance(name, str) and first.setdefault(name, index) != index:
            place = ".".join(map(str, at))
            yield Complaint((*at, index, "name"), f"{name!r} is the name of {place}[{first[name]}] already")


def twice(names: Sequence[str], at: Place) -> Iterator[Complaint]:
    """A complaint for each name that a list holds more than once."""
    for name, times in Counter(names).items():
        if times > 1:
            yield Complaint(at, f"{name!r} is written twice")
