"""Whether the tickets are what their events add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update

from daemon.store import schema
from daemon.store.database import transaction
from daemon.store.tickets.verify import Disagreement, Verification, verify_tickets
from tests.daemon.desks import StandingDesk
from tests.samples import ALICE, BOB, DAY, LI, NOW, a_mail, an_alert

if TYPE_CHECKING:
    from daemon.store.database import Engine


def verify(engine: Engine) -> tuple[list[Disagreement], Verification]:
    so_far = Verification()
    with transaction(engine) as connection:
        return list(verify_tickets(connection, so_far)), so_far


@pytest.fixture
def worked(writer: Engine) -> Engine:
    """A desk with two tickets behind it."""
    StandingDesk(writer).receive(a_mail(ALICE, n=1), a_mail(BOB, n=2), an_alert(), an_alert("resolved"))
    return writer


def test_a_desk_agrees_with_its_events(worked: Engine) -> None:
    disagreements, so_far = verify(worked)
    assert (disagreements, so_far.tickets, so_far.events > 10) == ([], 2, True)


def test_a_row_that_somebody_changed_is_named_with_its_fields(worked: Engine) -> None:
    with transaction(worked) as connection:
        connection.execute(update(schema.tickets).where(schema.tickets.c.id == 1).values(priority="P1", reports=9))
    assert verify(worked)[0] == [Disagreement("202611-001", "its events give another priority, reports")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("line", "second"),
        ("relation", "external"),
        ("zone", "suburbs"),
        ("milestones", {"opened": 1}),
        ("missing", ["device"]),
        ("approval", "manager"),
        ("owed", [["article", LI, 1, None]]),
        ("ratings", [["", "good"]]),
        ("attachments", [["support", "9.1", 1, "a.png", "image/png", 5, None]]),
        ("expected_at", NOW),
        ("reported_at", NOW + DAY),
    ],
)
def test_every_field_is_looked_at(worked: Engine, field: str, value: object) -> None:
    with transaction(worked) as connection:
        connection.execute(update(schema.tickets).where(schema.tickets.c.id == 1).values({field: value}))
    assert verify(worked)[0] == [Disagreement("202611-001", f"its events give another {field}")]


def test_the_warning_of_a_clock_is_looked_at(worked: Engine) -> None:
    with transaction(worked) as connection:
        connection.execute(update(schema.clocks).where(schema.clocks.c.ticket_id == 1).values(warn_at=NOW))
    assert verify(worked)[0] == [Disagreement("202611-001", "its events give another clocks")]


def test_a_ticket_without_events_is_named(worked: Engine) -> None:
    with transaction(worked) as connection:
        connection.execute(delete(schema.events).where(schema.events.c.ticket_id == 1))
    assert verify(worked)[0] == [Disagreement("202611-001", "it has no events")]


def test_a_missing_event_is_a_gap(worked: Engine) -> None:
    with transaction(worked) as connection:
        table = schema.events.c
        connection.execute(delete(schema.events).where(table.ticket_id == 2, table.sequence == 2))
    assert verify(worked)[0] == [Disagreement("202611-002", "its events have gaps")]
