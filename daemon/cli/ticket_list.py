"""The list of tickets."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from daemon.cli.layout import GAP, align, columns_of, cut, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from daemon.store.tickets.read import ListedTicket

TITLES = ("NUMBER", "PRIORITY", "STATUS", "CATEGORY", "ASSIGNEE", "AGE", "NEXT DUE", "SUBJECT")
SUBJECT_WIDTH = 60
#: Where a terminal leaves less to the subjects, they stand on lines of their own.
NARROWEST_SUBJECT = 20
_ASSIGNEE = TITLES.index("ASSIGNEE")


def list_as_text(
    tickets: Sequence[ListedTicket], zone: ZoneInfo, now: datetime, width: int | None = None
) -> Iterator[str]:
    """A table for a person, with the times of a zone; on a terminal it takes no more than its `width` of columns."""
    if not tickets:
        return iter(("no tickets",))
    rows = [TITLES, *(_row(ticket, zone, now) for ticket in tickets)]
    lines = _with_subjects(rows, SUBJECT_WIDTH) if width is None else _fit(rows, width)
    has_times = any(ticket.next_due_at and not ticket.overdue for ticket in tickets)
    return chain(lines, (f"Due on the clocks of {zone.key}",) if has_times else ())


def list_as_json(tickets: Sequence[ListedTicket], zone: ZoneInfo) -> Iterator[str]:
    """One JSON object for each ticket."""
    for ticket in tickets:
        values = asdict(ticket).items()
        moments = {name: at.astimezone(zone).isoformat() for name, at in values if isinstance(at, datetime)}
        yield json.dumps(dict(values) | moments, ensure_ascii=False)


def _row(ticket: ListedTicket, zone: ZoneInfo, now: datetime) -> tuple[str, ...]:
    return (
        ticket.number,
        ticket.priority,
        _status(ticket),
        ticket.category,
        ticket.assignee or "-",
        age(now, ticket.opened_at),
        _due(ticket, zone),
        one_line(ticket.subject),
    )


def _fit(rows: Sequence[tuple[str, ...]], width: int) -> Iterator[str]:
    """The rows as lines of so many columns: subjects are cut, and where that leaves nothing of them, set beneath."""
    taken = max(columns_of(line) for line in align([row[:-1] for row in rows]))
    room = width - taken - len(GAP)
    if room >= NARROWEST_SUBJECT:
        yield from _with_subjects(rows, room)
        return
    longest = max(columns_of(row[_ASSIGNEE]) for row in rows)
    assignees = max(columns_of(TITLES[_ASSIGNEE]), longest - max(0, taken - width))
    before = ((*row[:_ASSIGNEE], cut(row[_ASSIGNEE], assignees), *row[_ASSIGNEE + 1 : -1]) for row in rows)
    for line, row in zip(align(list(before)), rows, strict=True):
        yield line
        yield GAP + cut(row[-1], width - len(GAP))


def _with_subjects(rows: Sequence[tuple[str, ...]], width: int) -> Iterator[str]:
    return align([(*row[:-1], cut(row[-1], width)) for row in rows])


def _status(ticket: ListedTicket) -> str:
    marks = f" ({ticket.alert_marks.replace(' ', ', ')})" if ticket.alert_marks else ""
    return ticket.status.replace("_", " ") + marks


def _due(ticket: ListedTicket, zone: ZoneInfo) -> str:
    if ticket.overdue:
        return "overdue"
    return f"{ticket.next_due_at.astimezone(zone):%m-%d %H:%M}" if ticket.next_due_at else "-"


def age(now: datetime, since: datetime) -> str:
    """How long ago, in its largest unit: `3d`, `5h`, `12m`."""
    minutes = int((now - since).total_seconds()) // 60
    if minutes < 60:
        return f"{max(0, minutes)}m"
    return f"{minutes // 60}h" if minutes < 48 * 60 else f"{minutes // 1440}d"
