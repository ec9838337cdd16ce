"""What the ticket of a storm knows of its alerts: a table by alertname that does not grow with the storm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rules.alerts.events import AlertEvent, EpisodeFired, EpisodeResolved

if TYPE_CHECKING:
    from datetime import datetime

MOST_ROWS: Final = 40
"""So many alertnames have a row, the first ones that came; of the others only their number is known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StormRow:
    """The alerts of one name."""

    name: str
    firing: int
    since: datetime
    """When the first of them began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """How a storm stands. A name that has a row keeps it, so that every count stays exact."""

    last_at: datetime
    """When an alert joined that was not on the ticket before."""
    folded: int = 0
    """How often an alert joined, those that fired again too."""
    rows: tuple[StormRow, ...] = ()
    others: int = 0
    """How many episodes fire whose names have no row."""


def storm_after(storm: Storm, event: AlertEvent) -> Storm:
    """The storm after an event of its ticket's alerts."""
    match event:
        case EpisodeFired():
            counted = _count(storm, event.name, int(event.instead_of is None), since=event.since)
            last_at = storm.last_at if event.again else event.at
            return replace(counted, folded=storm.folded + 1, last_at=last_at)
        case EpisodeResolved():
            return _count(storm, event.name, -1)
        case _:
            return storm


def _count(storm: Storm, name: str, step: int, *, since: datetime | None = None) -> Storm:
    rows = storm.rows
    place = next((place for place, row in enumerate(rows) if row.name == name), None)
    if place is not None:
        row = replace(rows[place], firing=rows[place].firing + step)
        return replace(storm, rows=(*rows[:place], row, *rows[place + 1 :]))
    if since is not None and len(rows) < MOST_ROWS:
        return replace(storm, rows=(*rows, StormRow(name=name, firing=step, since=since)))
    return replace(storm, others=storm.others + step)
