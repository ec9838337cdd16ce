"""The silences that the desk keeps: wanted and ended with their tickets, claimed when due, settled."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, func, or_, select, text, update

from daemon.store import schema
from daemon.store.bulk import upsert
from daemon.store.lists import run_in
from daemon.store.rows import read_silence, silence_values
from rules.alerts.events import AlertsParted
from rules.silences.events import Silenced, SilenceEnded
from rules.silences.kept import KeptSilence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime, timedelta

    from rules.silences.kept import SilenceState

SilenceChange = Silenced | SilenceEnded | AlertsParted
"""What changes what is to be silenced for a ticket."""


@dataclass(frozen=True, slots=True)
class FailingSilence:
    """A silence with which the desk does not come on."""

    number: str
    """Of its ticket."""
    source: str
    state: SilenceState
    failing_since: datetime


#: What Alertmanager has of a silence already stays when it is wanted anew: the same one is then extended.
_KEPT = ("ids", "ends_at")

_STANDING = text("silences.due_at IS NOT NULL")


def follow_silences(connection: Connection, events: Iterable[tuple[int, SilenceChange]], now: datetime) -> None:
    """Do to the silences of tickets what happened on these, in order; whoever has claimed one keeps it."""
    table = schema.silences
    for ticket, event in events:
        match event:
            case Silenced():
                upsert(connection, schema.silences, [_wanted(ticket, event)], keep=_KEPT)
            case AlertsParted():
                silenced = table.c.ticket_id == ticket, table.c.state == "active"
                connection.execute(update(table).where(*silenced).values(due_at=now))
            case SilenceEnded():
                standing = table.c.ticket_id == ticket, table.c.state != "expired"
                connection.execute(update(table).where(*standing).values(state="ending", due_at=now))


def claim_silences(
    connection: Connection, *, limit: int, claim: str, lease: timedelta, now: datetime
) -> list[KeptSilence]:
    """Lease the silences that something is to be done about, which one daemon alone then does."""
    table = schema.silences
    free = or_(table.c.claimed_until.is_(None), table.c.claimed_until <= now)
    due = select(table).where(table.c.due_at <= now, free).order_by(table.c.due_at).limit(limit)
    found = [read_silence(row) for row in connection.execute(due)]
    if found:
        leased = (
            update(table).where(table.c.ticket_id == bindparam("ticket")).values(claimed_until=now + lease, claim=claim)
        )
        connection.execute(leased, [{"ticket": silence.ticket} for silence in found])
    return found


def find_claimed(connection: Connection, tickets: Collection[int], *, claim: str) -> dict[int, KeptSilence]:
    """The silences of these tickets that are still this claim's, as they now stand, by ticket."""
    table = schema.silences
    statement = select(table).where(table.c.claim == claim)
    return {row.ticket_id: read_silence(row) for row in run_in(connection, statement, table.c.ticket_id, tickets)}


def settle_silences(connection: Connection, silences: Sequence[KeptSilence]) -> None:
    """Write silences as they now stand, and end their leases."""
    rows = [silence_values(silence) | {"claimed_until": None, "claim": None} for silence in silences]
    upsert(connection, schema.silences, rows)


def end_claims(connection: Connection, *, claim: str | None = None) -> None:
    """End the leases of one claim, or all of them: whoever held them does no more."""
    table = schema.silences
    held = table.c.claim.is_not(None) if claim is None else table.c.claim == claim
    connection.execute(update(table).where(_STANDING, held).values(claimed_until=None, claim=None))


def find_silence(connection: Connection, ticket: int) -> KeptSilence | None:
    """The newest silence of a ticket."""
    row = connection.execute(select(schema.silences).where(schema.silences.c.ticket_id == ticket)).one_or_none()
    return None if row is None else read_silence(row)


def find_own_silences(connection: Connection, source: str) -> frozenset[str]:
    """The ids of those that Alertmanager keeps for us."""
    table = schema.silences.c
    kept = select(table.ids).where(_STANDING, table.source == source, table.ids.is_not(None))
    return frozenset(chain.from_iterable(connection.execute(kept).scalars()))


def find_failing_silences(connection: Connection) -> list[FailingSilence]:
    """Those of which something was tried in vain, the longest first."""
    table, ticket = schema.silences.c, schema.tickets.c
    statement = (
        select(ticket.number, table.source, table.state, table.failing_since)
        .join(schema.tickets, ticket.id == table.ticket_id)
        .where(_STANDING, table.failing_since.is_not(None))
        .order_by(table.failing_since)
    )
    return [FailingSilence(*row) for row in connection.execute(statement)]


def count_silences(connection: Connection) -> dict[str, int]:
    """How many there are to do something about, by state."""
    table = schema.silences.c
    counted = select(table.state, func.count()).where(_STANDING).group_by(table.state)
    return dict(connection.execute(counted).all())


def _wanted(ticket: int, event: Silenced) -> dict[str, object]:
    return silence_values(
        KeptSilence(
            ticket=ticket,
            source=event.source,
            labels=event.labels,
            by=event.by,
            until=event.until,
            due_at=event.at,
        )
    )
