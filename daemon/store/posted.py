"""What left the desk lately, as far as the gate's brakes ask for it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import case, func, select, update

from daemon.store import schema
from daemon.store.lists import run_in
from rules.letters.gate import Past, Use, day_uses, hour_uses

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection


def find_past(connection: Connection, recipients: Collection[str], now: datetime) -> Past:
    """What was written to these people in the last hour and day, and by the whole desk in this hour of the clock."""
    table = schema.letters.c
    lately = func.sum(case((table.created_at > now - timedelta(hours=1), 1), else_=0))
    statement = (
        select(table.recipient, table.ticket_id, table.template, table.state == "held", lately, func.count())
        .where(table.created_at > now - timedelta(days=1))
        .group_by(table.recipient, table.ticket_id, table.template, table.state == "held")
    )
    used, held = Counter[Use](), set[str]()
    for recipient, ticket, template, was_held, hour, day in run_in(connection, statement, table.recipient, recipients):
        if was_held:
            held.add(recipient)
            continue
        used.update(dict.fromkeys(hour_uses(template, recipient, ticket), hour))
        used.update(dict.fromkeys(day_uses(template, recipient, ticket), day))
    return Past(used=Map(used), desk=_count_this_hour(connection, now), held=frozenset(held))


def _count_this_hour(connection: Connection, now: datetime) -> int:
    """Letters are numbered without gaps: the numbers tell how many there were since the hour began."""
    row = connection.execute(
        select(schema.desk.c.hour, schema.desk.c.last_letter, schema.desk.c.letter_before_hour)
    ).one()
    hour = now.replace(minute=0, second=0, microsecond=0)
    if row.hour == hour:
        return int(row.last_letter - row.letter_before_hour)
    connection.execute(update(schema.desk).values(hour=hour, letter_before_hour=row.last_letter))
    return 0
