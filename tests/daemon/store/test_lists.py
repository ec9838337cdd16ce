"""Reading the rows that a list of values names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, insert, select

from daemon.store import schema
from daemon.store.database import transaction
from daemon.store.lists import run_in
from tests.samples import NOW

if TYPE_CHECKING:
    from daemon.store.database import Database, Engine

_SKETCHES = select(schema.sketches.c.value, schema.sketches.c.ticket_id).order_by(schema.sketches.c.value.desc())
_MENTIONS = select(schema.mentions.c.message_id).where(schema.mentions.c.ticket_id == bindparam("of"))
_LEDGER = select(schema.ledger.c.key, schema.ledger.c.verdict).where(schema.ledger.c.source == bindparam("of"))


def test_a_list_longer_than_a_database_takes_parameters_is_read_in_the_order_asked_for(writer: Engine) -> None:
    with transaction(writer) as connection:
        connection.execute(insert(schema.sketches), [{"value": n, "ticket_id": 1} for n in (2, 69_999, 35_000, -1)])
        rows = run_in(connection, _SKETCHES, schema.sketches.c.value, range(70_000))
    assert [row.value for row in rows] == [69_999, 35_000, 2]


def test_values_of_any_letters_are_found_beside_other_parameters(writer: Engine) -> None:
    names = ["<plain@corp.example>", '<"quoted\\"@corp.example>', "<打印机@corp.example>", "<🖨@corp.example>", "'; --"]
    wanted = {*names, "<not there@corp.example>"}
    with transaction(writer) as connection:
        connection.execute(
            insert(schema.mentions), [{"message_id": name, "ticket_id": n} for name in names for n in (1, 2)]
        )
        found = run_in(connection, _MENTIONS, schema.mentions.c.message_id, wanted, of=2)
    assert sorted(row.message_id for row in found) == sorted(names)


@pytest.mark.slow
def test_a_ledger_that_has_grown_since_is_not_read_whole(postgres_desk: Database) -> None:
    """A plan for an empty one, which PostgreSQL would keep, looks for the source alone."""
    engine = postgres_desk.open_writer()
    read = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'ledger'"
    times = dict.fromkeys(("received_at", "decided_at", "last_seen_at"), NOW)
    known = {"source": "prod", "channel": "alert", "verdict": "ignored", "reason": "", "text": "", "seen": 1} | times
    with transaction(engine) as connection:
        for _ in range(
            20
        ):  # the driver prepares a statement at its sixth use, PostgreSQL keeps a plan at the sixth of that
            run_in(connection, _LEDGER, schema.ledger.c.key, {"none"}, of="prod")
        connection.execute(insert(schema.ledger), [known | {"key": str(n), "subject": ""} for n in range(5_000)])
        before = connection.exec_driver_sql(read).scalar_one()
        for _ in range(10):
            assert len(run_in(connection, _LEDGER, schema.ledger.c.key, {"7", "8"}, of="prod")) == 2
        assert connection.exec_driver_sql(read).scalar_one() - before < 100
    engine.dispose()


def test_of_no_values_there_are_no_rows(writer: Engine) -> None:
    with transaction(writer) as connection:
        assert run_in(connection, _SKETCHES, schema.sketches.c.value, ()) == ()
