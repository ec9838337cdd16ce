"""What lies in quarantine is found, taken out to be decided anew, or dropped, on either database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text

from daemon.counter import Receive
from daemon.store import schema
from daemon.store.database import transaction
from daemon.store.reports.quarantine import drop, find_quarantined, keep_count, list_quarantined, take_out
from tests.daemon.desks import StandingDesk
from tests.faults.accounts import check_books
from tests.samples import ALICE, NOW, a_mail

if TYPE_CHECKING:
    from sqlalchemy import Engine

BYTES = b"Subject: VPN is down\r\n\r\nhelp\r\n"


def _set_aside(writer: Engine, *numbers: int) -> StandingDesk:
    desk = StandingDesk(writer)
    for n in numbers:
        desk.desk._set_aside(Receive([a_mail(n=n, original=BYTES)]), "it could not be decided")
    return desk


def test_it_is_listed_without_and_found_with_its_bytes(writer: Engine) -> None:
    desk = _set_aside(writer, 1, 2)
    desk.receive(a_mail(n=3))
    with transaction(writer) as connection:
        first, second = list_quarantined(connection)
        assert (first.source, first.key, first.reporter, first.content) == ("support", "9.1", ALICE, None)
        found = find_quarantined(connection, second.id)
        assert found is not None
        assert (found.content, found.received_at, found.reason) == (BYTES, NOW, "it could not be decided")
        opened = connection.execute(select(schema.ledger.c.id).where(schema.ledger.c.verdict == "opened")).scalar_one()
        assert find_quarantined(connection, opened) is None


def test_what_is_taken_out_can_be_decided_anew_in_the_same_transaction(writer: Engine) -> None:
    desk = _set_aside(writer, 1)
    with transaction(writer) as connection:
        (entry,) = list_quarantined(connection)
        assert take_out(connection, entry.id)
        assert not take_out(connection, entry.id)
        assert desk.desk.decide_anew(connection, a_mail(n=1, original=BYTES)).verdict == "opened"
        keep_count(connection, "support", "9.1", entry.seen)
    check_books(writer)


def test_what_is_dropped_is_ignored_and_keeps_its_bytes(writer: Engine) -> None:
    _set_aside(writer, 1)
    with transaction(writer) as connection:
        (entry,) = list_quarantined(connection)
        assert drop(connection, entry.id, by="chen", why="spam\0", now=NOW) == (
            "dropped from quarantine by chen: spam (it was there because: it could not be decided)"
        )
        assert drop(connection, entry.id, by="chen", why="again", now=NOW) is None
        assert list_quarantined(connection) == []
        assert connection.execute(select(schema.originals.c.key)).scalars().all() == ["9.1"]
    check_books(writer)


def test_the_list_is_read_from_the_index_of_quarantined_rows(sqlite_writer: Engine) -> None:
    with transaction(sqlite_writer) as connection:
        connection.execute(text("ANALYZE"))
        plan = connection.execute(
            text("EXPLAIN QUERY PLAN SELECT id FROM ledger WHERE ledger.verdict = 'quarantined' ORDER BY id")
        )
        assert "ix_ledger_quarantined" in " ".join(row.detail for row in plan)
