"""What must hold of a desk whatever came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import reading
from daemon.store.gather import load_tickets
from daemon.store.rows import read_event, read_letter
from daemon.store.tickets.verify import Verification, verify_tickets
from outbound.letters import render
from rules.events import Escalated
from tests.daemon.streams.cast import rulebook_called
from tests.faults.accounts import check_books

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from rules.ticket import Ticket
    from tests.daemon.streams.stage import Stage


def check_stage(stage: Stage) -> None:
    """Check everything of a stream that was played. Raises AssertionError, or LetterError of a letter."""
    check_books(stage.engine)
    with reading(stage.engine) as connection:
        assert list(verify_tickets(connection, Verification())) == []
        _check_letters(connection)
        _check_rungs(connection)
        numbers = list(connection.execute(select(schema.tickets.c.id)).scalars())
        owed = {rule.name for name in stage.rulebooks for rule in rulebook_called(name).owed}
        for ticket in load_tickets(connection, numbers).values():
            _check_clocks(ticket, owed)
            _check_state(ticket)


def _check_letters(connection: Connection) -> None:
    for row in connection.execute(select(schema.letters)):
        rendered = render(read_letter(row))
        assert rendered.subject, f"{row.template} in {row.language} has no subject"
        assert rendered.text, f"{row.template} in {row.language} is empty"


def _check_rungs(connection: Connection) -> None:
    """The events take each rung of a ticket once, as the database refuses a second time of its own."""
    table = schema.events.c
    taken = set[tuple[int, str]]()
    for row in connection.execute(select(table.ticket_id, table.data).where(table.kind == "escalated")):
        event = read_event(row.data)
        assert isinstance(event, Escalated)
        assert (row.ticket_id, event.rung) not in taken, f"{event.rung} is taken twice"
        taken.add((row.ticket_id, event.rung))


def _check_clocks(ticket: Ticket, owed: set[str]) -> None:
    seen = set[tuple[str, int]]()
    for clock in ticket.clocks:
        told = f"{ticket.number}: {clock}"
        assert (clock.stopped_at is None) == (clock.outcome is None), told
        assert (clock.name, clock.cycle) not in seen, told
        seen.add((clock.name, clock.cycle))
        if clock.running and ticket.status == "closed":
            assert clock.name in owed, f"closed, and it runs: {told}"
        if clock.running and clock.paused:
            assert ticket.status == "waiting" or ticket.alerts.held, f"{ticket.status}, and it is held: {told}"
    running = [clock.name for clock in ticket.clocks if clock.running]
    assert len(running) == len(set(running)), f"{ticket.number}: two cycles of one clock run: {running}"


def _check_state(ticket: Ticket) -> None:
    told = f"{ticket.number}: {ticket}"
    assert (ticket.status == "waiting") == (ticket.waiting_for is not None), told
    assert (ticket.status == "closed") == (ticket.closed_at is not None), told
    assert ticket.firing >= 0, told
    for owed in ticket.owed:
        assert owed.written_at is None or owed.written_at >= owed.since, told
