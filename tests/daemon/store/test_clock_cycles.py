"""Old cycles of repeating clocks leave the database with the ticket that drops them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import transaction
from daemon.store.gather import load_tickets
from daemon.store.rows import read_event
from rules.fold import fold_all
from tests.daemon.desks import StandingDesk
from tests.samples import ALICE, HOUR, a_mail

if TYPE_CHECKING:
    from daemon.store.database import Engine


def test_the_rows_stay_what_the_events_add_up_to(writer: Engine) -> None:
    desk = StandingDesk(writer)
    desk.receive(a_mail(ALICE, text="urgent: the whole company has no VPN"))
    for _ in range(5):
        desk.clock.move(2 * HOUR)
        desk.tick()
    with transaction(writer) as connection:
        events = connection.execute(select(schema.events.c.data).order_by(schema.events.c.sequence)).scalars()
        (ticket,) = load_tickets(connection, [1]).values()
        assert ticket == fold_all(read_event(data) for data in events)
    assert [clock.cycle for clock in ticket.clocks if clock.name == "progress"] == [5, 6]
