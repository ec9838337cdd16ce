"""The books are worth something only if they notice what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from daemon.store.database import transaction
from tests.daemon.desks import StandingDesk
from tests.databases import open_fresh
from tests.faults.accounts import check_books
from tests.samples import BOB, a_mail, an_alert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_fresh(tmp_path / "desk.sqlite3")
    StandingDesk(engine).receive(a_mail(), a_mail(BOB, n=2), an_alert(), an_alert(host="db2"), an_alert("resolved"))
    yield engine
    engine.dispose()


def test_a_desk_that_nobody_disturbed_adds_up(engine: Engine) -> None:
    check_books(engine)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("DELETE FROM events WHERE ticket_id = 1 AND sequence = 3", id="an event is missing"),
        pytest.param("UPDATE tickets SET repeats = 2 WHERE id = 1", id="a repeat was counted twice"),
        pytest.param("DELETE FROM participants WHERE address = 'bob@corp.example'", id="a participant is lost"),
        pytest.param("UPDATE clocks SET due_at = due_at + 1", id="a clock is another"),
        pytest.param("UPDATE tickets SET next_due_at = next_due_at + 1", id="a due moment is not indexed"),
        pytest.param("UPDATE tickets SET number = '202611-003' WHERE id = 2", id="a number was left out"),
        pytest.param("UPDATE serials SET last = 1", id="a number will be given again"),
        pytest.param("UPDATE desk SET last_ticket = 1", id="a ticket id will be given again"),
        pytest.param("DELETE FROM ledger WHERE verdict = 'repeated'", id="an effect without its report"),
        pytest.param("UPDATE ledger SET key = 'other' WHERE verdict = 'repeated'", id="a report without its effect"),
        pytest.param("UPDATE ledger SET verdict = 'ignored' WHERE verdict = 'opened'", id="a ticket from nowhere"),
        pytest.param("UPDATE ledger SET verdict = 'ignored' WHERE verdict = 'resolved'", id="an end from nowhere"),
        pytest.param("UPDATE ledger SET seen = seen + 1 WHERE id = 1", id="a total that lags behind"),
        pytest.param("UPDATE loads SET open_tickets = open_tickets + 1", id="a load nobody has"),
    ],
)
def test_what_is_wrong_is_noticed(engine: Engine, statement: str) -> None:
    with transaction(engine) as connection:
        assert connection.execute(text(statement)).rowcount
    with pytest.raises(AssertionError):
        check_books(engine)
