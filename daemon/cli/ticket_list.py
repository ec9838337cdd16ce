"""The list of tickets."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from daemon.cli.layout import align, cut, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from daemon.store.read import ListedTicket

TITLES = ("NUMBER", "PRIORITY", "STATUS", "CATEGORY", "ASSIGNEE", "AGE", "NEXT DUE", "SUBJECT")
SUBJECT_WIDTH = 60


def list_as_text(tickets: Sequence[ListedTicket], zone: ZoneInfo, now: datetime) -> Iterator[str]:
    """A table for a person, with the times of a zone."""
    if not tickets:
        return iter(("no tickets",))
    return align([TITLES, *(_row(ticket, zone, now) for ticket in tickets)])


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
        cut(one_line(ticket.subject), SUBJECT_WIDTH),
    )


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
