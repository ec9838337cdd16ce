"""Bytes are let go of when their time is over; what is known stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from daemon.config.settings import Retention
from daemon.housekeeping import Round
from daemon.store import schema
from daemon.store.database import transaction
from daemon.store.reports.originals import original_values
from daemon.store.retention import StepSize
from daemon.store.tallies import read_tallies
from tests.daemon.desks import StandingDesk
from tests.samples import DAY, NOW, a_mail

if TYPE_CHECKING:
    from sqlalchemy import Engine

YEAR = timedelta(days=365)
KEEP_A_YEAR = Retention(originals=YEAR, letters=90 * DAY)


def kept(engine: Engine) -> list[str]:
    with transaction(engine) as connection:
        return list(connection.execute(select(schema.originals.c.key).order_by(schema.originals.c.key)).scalars())


def run(engine: Engine, keep: Retention = KEEP_A_YEAR, *, after: timedelta = YEAR + DAY) -> Round:
    round_ = Round(keep, NOW + after)
    while take_step(engine, round_):
        pass
    more = True
    while more:
        with transaction(engine) as connection:
            more = round_.delete_messages(connection)
    return round_


def take_step(engine: Engine, round_: Round) -> bool:
    with transaction(engine) as connection:
        step = round_.delete_originals(connection)
    return round_.go_on(step)


def receive(engine: Engine, *statuses: str) -> None:
    """One mail each of a closed ticket, of one that is not, and so on."""
    subjects = ["VPN is down", "printer jam", "please install Excel", "screen flickers"]
    desk = StandingDesk(engine)
    for n, status in enumerate(statuses, 1):
        desk.receive(a_mail(f"person{n}@corp.example", subjects[n - 1], subjects[n - 1], n=n, original=b"x" * 1000))
        with transaction(engine) as connection:
            table = schema.tickets
            connection.execute(update(table).where(table.c.id == n).values(status=status))


def test_what_is_old_goes_once_its_ticket_is_closed(writer: Engine) -> None:
    receive(writer, "closed", "in_progress", "resolved", "closed")
    assert run(writer, after=YEAR - DAY).deleted == 0
    round_ = run(writer)
    assert (round_.deleted, round_.size) == (2, 2000)
    assert kept(writer) == ["9.2", "9.3"]
    with transaction(writer) as connection:
        totals = read_tallies(connection)
    assert totals["deskd_originals_total", ("kept",)] == 4
    assert totals["deskd_original_bytes_total", ("deleted",)] == 2000


def test_what_lies_in_quarantine_stays(writer: Engine) -> None:
    receive(writer, "closed")
    with transaction(writer) as connection:
        connection.execute(update(schema.ledger).values(verdict="quarantined"))
    assert run(writer).deleted == 0


def test_for_ever_is_for_ever(writer: Engine) -> None:
    receive(writer, "closed")
    assert run(writer, Retention(originals=None, letters=None)).deleted == 0


def test_many_go_in_short_steps_past_those_that_stay(writer: Engine) -> None:
    receive(writer, "in_progress", "closed", "new", "closed")
    round_ = Round(KEEP_A_YEAR, NOW + YEAR + DAY, StepSize(rows=2))
    assert [take_step(writer, round_) for _ in range(3)] == [True, True, False]
    assert kept(writer) == ["9.1", "9.3"]


def test_a_step_that_was_rolled_back_is_taken_again(writer: Engine) -> None:
    receive(writer, "closed", "closed", "closed")
    round_ = Round(KEEP_A_YEAR, NOW + YEAR + DAY, StepSize(rows=2))
    with writer.connect() as connection:  # is rolled back where nobody commits
        assert round_.delete_originals(connection).deleted == 2
    while take_step(writer, round_):
        pass
    assert (round_.deleted, kept(writer)) == (3, [])


def test_large_originals_go_one_by_one(writer: Engine) -> None:
    receive(writer, "closed", "closed", "closed")
    round_ = Round(KEEP_A_YEAR, NOW + YEAR + DAY, StepSize(size=1500))
    assert take_step(writer, round_)
    assert round_.deleted == 1
    assert run(writer).deleted == 2


def test_an_original_of_which_nothing_tells_that_it_is_done_with_stays(writer: Engine) -> None:
    with transaction(writer) as connection:
        connection.execute(insert(schema.originals), [original_values("gone", "1", b"x", NOW)])
    assert run(writer).deleted == 0


def test_the_bytes_of_old_letters_go_and_their_words_stay(writer: Engine) -> None:
    receive(writer, "closed")
    with transaction(writer) as connection:
        connection.execute(update(schema.letters).values(message=b"bytes", state="sent"))
    run(writer, after=91 * DAY)
    with transaction(writer) as connection:
        rows = connection.execute(select(schema.letters.c.message, schema.letters.c.data)).all()
    assert [row.message for row in rows] == [None, None]
    assert all(row.data for row in rows)


def test_a_letter_that_is_still_to_be_sent_keeps_its_bytes(writer: Engine) -> None:
    receive(writer, "closed")
    with transaction(writer) as connection:
        connection.execute(update(schema.letters).values(message=b"bytes"))
    run(writer, after=91 * DAY)
    with transaction(writer) as connection:
        assert set(connection.execute(select(schema.letters.c.message)).scalars()) == {b"bytes"}
