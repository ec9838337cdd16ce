"""Levels of priority, what makes them, and the severities of alerts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rules.rulebook_files.checking.written import table, texts, twice, undeclared
from rules.ticket import IMPACTS, URGENCIES
from rules.toml_files.problems import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.rulebook_files.checking.written import Table
    from rules.toml_files.lines import Place


def check_levels(rulebook: Table) -> Iterator[Complaint]:
    """What is wrong with the levels, the matrix, the thresholds of people and the severities."""
    priority = table(rulebook, "priority")
    if levels := texts(priority.get("levels")):
        yield from twice(levels, ("priority", "levels"))
        yield from undeclared(dict(_used(priority)), levels, "is none of priority.levels")
        if isinstance(priority.get("matrix"), Mapping):
            yield from _lacking_cells(table(priority, "matrix"))
        yield from _people(table(priority, "impact"))
    for severity in table(rulebook, "alerts", "severities"):
        if severity != severity.lower():
            says = f"write it in small letters: {severity.lower()!r} stands for {severity!r} too"
            yield Complaint(("alerts", "severities", severity), says)


def _used(priority: Table) -> Iterator[tuple[Place, Any]]:
    yield from ((("priority", "names", name), name) for name in table(priority, "names"))
    yield from ((("priority", "by_kind", kind), level) for kind, level in table(priority, "by_kind").items())
    for impact in IMPACTS:
        row = table(priority, "matrix", impact)
        yield from ((("priority", "matrix", impact, urgency), row.get(urgency)) for urgency in URGENCIES)


def _lacking_cells(matrix: Table) -> Iterator[Complaint]:
    for impact in IMPACTS:
        for urgency in URGENCIES:
            if urgency not in table(matrix, impact):
                says = f"the level for {impact} impact and {urgency} urgency is missing"
                yield Complaint(("priority", "matrix", impact, urgency), says)


def _people(impact: Table) -> Iterator[Complaint]:
    """A wider impact needs more people than a narrower one."""
    thresholds = [(level, table(impact, level).get("people")) for level in IMPACTS]
    told = [(level, people) for level, people in thresholds if isinstance(people, int)]
    for (wider, more), (narrower, fewer) in pairwise(told):
        if more <= fewer:
            says = f"{more} people for {wider} impact must be more than the {fewer} for {narrower}"
            yield Complaint(("priority", "impact", wider, "people"), says)
