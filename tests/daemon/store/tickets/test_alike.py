"""Which tickets are loaded for the mails of a batch: those they may repeat, and no others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from daemon.store import schema
from daemon.store.database import transaction
from daemon.store.tickets.alike import SHARING, find_alike, find_sharing
from tests.daemon.desks import StandingDesk
from tests.samples import ALICE, BOB, DAY, NOW, RULEBOOK, a_mail

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from daemon.store.database import Engine
    from daemon.store.tickets.alike import Alike
    from rules.report import Mail

PRINTER = {"subject": "Printer jam", "text": "the printer on floor 3 is jammed"}


def _find(writer: Engine, *mails: Mail, after: timedelta = timedelta(0)) -> Alike:
    with transaction(writer) as connection:
        return find_alike(connection, mails, {ALICE: (1, 2)}, RULEBOOK, NOW + after)


@pytest.fixture
def desk(writer: Engine) -> StandingDesk:
    desk = StandingDesk(writer)
    desk.receive(a_mail(ALICE, n=1), a_mail(ALICE, n=2, **PRINTER))
    return desk


@pytest.mark.usefixtures("desk")
def test_of_a_senders_own_tickets_the_one_that_is_told_again_is_found(writer: Engine) -> None:
    assert _find(writer, a_mail(ALICE, n=3, **PRINTER)).tickets == {2}


@pytest.mark.usefixtures("desk")
def test_a_ticket_of_other_people_is_found_by_what_it_is_about(writer: Engine) -> None:
    found = _find(writer, a_mail(BOB, n=3, **PRINTER))
    assert found.tickets == {2}
    assert set(found.by_value.values()) == {(2,)}


@pytest.mark.usefixtures("desk")
def test_what_has_changed_last_before_the_window_is_not_found(writer: Engine) -> None:
    assert _find(writer, a_mail(BOB, n=3, **PRINTER), after=30 * DAY).tickets == set()


def test_of_many_tickets_that_share_a_value_the_newest_are_looked_at(writer: Engine) -> None:
    with transaction(writer) as connection:
        connection.execute(
            insert(schema.sketches), [{"value": value, "ticket_id": n} for value in (7, 8) for n in range(1, 71)]
        )
        newest = set(range(70, 70 - SHARING, -1))
        found = find_sharing(connection, {7, 8, 9})
    assert {value: set(tickets) for value, tickets in found.items()} == {7: newest, 8: newest}


def test_a_value_that_most_tickets_share_is_not_read_whole(sqlite_writer: Engine) -> None:
    def steps(connection: Connection, values: set[int]) -> int:
        passed: list[int] = []
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(lambda: passed.append(1), 100)
        assert sum(map(len, find_sharing(connection, values).values())) == SHARING
        driver.set_progress_handler(None, 0)
        return len(passed)

    with transaction(sqlite_writer) as connection:
        rows = [{"value": value, "ticket_id": n} for value, last in ((7, SHARING), (8, 20_000)) for n in range(last)]
        connection.execute(insert(schema.sketches), rows)
        assert steps(connection, {8}) <= steps(connection, {7}) + 10


@pytest.mark.usefixtures("desk")
def test_of_other_people_only_what_is_alike_enough_for_them_is_loaded(writer: Engine) -> None:
    crash = {"subject": "crash when saving a document", "text": ""}
    StandingDesk(writer).receive(a_mail(ALICE, n=3, **crash))

    assert _find(writer, a_mail(BOB, n=4, **crash)).tickets == set()
    with transaction(writer) as connection:
        own = find_alike(connection, [a_mail(ALICE, n=4, **crash)], {ALICE: (1, 2, 3)}, RULEBOOK, NOW)
    assert own.tickets == {3}
