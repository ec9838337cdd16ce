"""What left the desk lately, as far as the gate's brakes ask for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from immutables import Map
from sqlalchemy import Select, bindparam, case, func, select, text, update

from daemon.store import schema
from daemon.store.lists import run_in
from rules.letters.gate import NEWS, WINDOWS, Past, Use, Window, window_uses

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

_ALL: tuple[Window, ...] = ("hour", "day", "week")
#: Of staff only the last day is looked at: they get very many letters, and the longer brakes are not for them.
_STAFF: tuple[Window, ...] = ("hour", "day")


def _count(ticket: ColumnElement[int], windows: Sequence[Window]) -> Select[Any]:
    """Letters by recipient, ticket, template and whether they were held: the last, and one count for each window.

    When each window began are its parameters.
    """
    table = schema.letters.c
    counts = [func.sum(case((table.created_at > bindparam(window), 1), else_=0)) for window in windows]
    what = [table.recipient, ticket.label("of"), table.template, (table.state == "held").label("was_held")]
    whole = select(*what, func.max(table.created_at), *counts).where(table.created_at > bindparam(windows[-1]))
    return whole.group_by(*what)


_COUNT_ALL = _count(schema.letters.c.ticket_id, _ALL)
#: Only news are counted by ticket for staff; their other letters of a day are too many to be told apart.
_COUNT_STAFF = _count(case((schema.letters.c.template.in_(sorted(NEWS)), schema.letters.c.ticket_id), else_=0), _STAFF)
_THIS_HOUR = select(schema.desk.c.hour, schema.desk.c.letters_of_hour)
_WAITING = (
    select(func.count())
    .select_from(schema.letters)
    .where(text("letters.state = 'queued'"), schema.letters.c.attempts == 0)
    .where(schema.letters.c.next_attempt_at >= bindparam("begin"))
)


def find_past(connection: Connection, recipients: Collection[str], staff: Collection[str], now: datetime) -> Past:
    """What was written to these people lately, and by the whole desk in this hour of the clock."""
    used, held = Counter[Use](), set[str]()
    colleagues = {address for address in recipients if address in staff}
    others = set(recipients) - colleagues
    begins = {window: now - length for window, length in WINDOWS.items()}
    for row in run_in(connection, _COUNT_ALL, schema.letters.c.recipient, others, **begins):
        _add(row, _ALL, used, held, now)
    for row in run_in(connection, _COUNT_STAFF, schema.letters.c.recipient, colleagues, **begins):
        _add(row, _STAFF, used, held, now)
    return Past(used=Map(used), desk=_count_this_hour(connection, now), held=frozenset(held))


def _add(row: Any, windows: Sequence[Window], used: Counter[Use], held: set[str], now: datetime) -> None:
    recipient, ticket, template, was_held, last, *counts = row
    if was_held:
        held |= {recipient} if last > now - WINDOWS["day"] else set()
        return
    for window, count in zip(windows, counts, strict=True):
        for use in window_uses(window, template, recipient, ticket):
            used[use] += int(count)


def _count_this_hour(connection: Connection, now: datetime) -> int:
    """How many letters left in this hour, or were put off to it or to a later one."""
    row = connection.execute(_THIS_HOUR).one()
    hour = now.replace(minute=0, second=0, microsecond=0)
    if row.hour == hour:
        return int(row.letters_of_hour)
    waiting = connection.execute(_WAITING, {"begin": hour}).scalar_one()
    connection.execute(update(schema.desk).values(hour=hour, letters_of_hour=waiting))
    return int(waiting)
