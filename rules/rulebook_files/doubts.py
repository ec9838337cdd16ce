"""What of a rulebook cannot be relied on yet, though nothing in it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.toml_files.problems import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rules.rulebook import Rulebook


def calendar_doubts(rulebook: Rulebook, years: Iterable[int]) -> Iterator[Complaint]:
    """A warning for each calendar and year whose official days are not known."""
    asked = tuple(years)
    for name in rulebook.calendars:
        calendar = rulebook.calendar(name)
        for doubt in calendar.warnings(asked) if calendar else ():
            yield Complaint(("calendars", name, "holidays"), doubt, "warning")
