"""A desk on which streams are played: its database in memory, and what its letters say to be answered."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, true
from structlog.testing import capture_logs

from daemon.counter import Do
from daemon.recount import Recount
from daemon.store import schema
from daemon.store.database import Database, reading
from daemon.store.gather import load_tickets
from daemon.store.migrate import migrate
from rules.facts import SentLetter
from tests.daemon.desks import MovedClock, StandingDesk, verdicts
from tests.daemon.streams.cast import rulebook_called, standing_under
from tests.samples import a_mail

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, MutableMapping, Sequence
    from datetime import timedelta

    from sqlalchemy import Connection, Engine

    from rules.letter import Template
    from rules.report import Mail, Report
    from rules.ticket import Ticket
    from tests.databases import ReusedDatabase

MOST_TICKS = 20
"""After so many nothing may be due at the same moment."""
_FAILURES = frozenset({"clock.failed", "desk.item_failed", "desk.report_failed"})


@dataclass(slots=True)
class Stage:
    """A desk at work."""

    engine: Engine
    desk: StandingDesk
    log: list[MutableMapping[str, Any]]
    rulebooks: list[str]
    """All that it worked by so far, the newest last."""
    sent: int = 0

    def mail(self, sender: str | None, subject: str, text: str, **more: Any) -> Mail:
        """A mail that arrives now and is like no other."""
        self.sent += 1
        now = self.desk.clock.now
        return a_mail(sender, subject, text, n=self.sent, received_at=now, content_key=f"{self.sent}", **more)

    def receive(self, *reports: Report) -> None:
        """Lay reports on the counter in one batch. Raises AssertionError where one of them cannot be decided."""
        decisions = self.desk.receive(*reports)
        self._expect_no_failure()
        assert "quarantined" not in verdicts(decisions)

    def tick(self) -> None:
        """Let everything happen that is due."""
        ticks = 0
        while self.desk.tick():
            ticks += 1
            assert ticks < MOST_TICKS, "more and more is due at one moment"
        self._expect_no_failure()

    def pass_time(self, span: timedelta) -> None:
        self.desk.clock.move(span)
        self.tick()

    def letter(self, number: int, *, to_staff: bool, templates: Sequence[Template] = ()) -> Any | None:
        """One of the letters to staff or to the others, counted back from the newest; None where there is none.

        `templates` are those that it may have; none are all.
        """
        table, staff = schema.letters, list(self.desk.desk.standing.staff.people)
        recipients = table.c.recipient.in_(staff) if to_staff else table.c.recipient.not_in(staff)
        wanted = table.c.template.in_(templates) if templates else true()
        statement = select(table).where(recipients, wanted).order_by(table.c.id.desc()).limit(40)
        with reading(self.engine) as connection:
            rows = connection.execute(statement).all()
        return rows[number % len(rows)] if rows else None

    def ticket(self, number: int) -> Ticket:
        with reading(self.engine) as connection:
            return load_tickets(connection, [number])[number]

    def newest_ticket(self, number: int) -> Ticket | None:
        """One of the tickets, counted back from the newest."""
        with reading(self.engine) as connection:
            last = connection.execute(select(func.max(schema.tickets.c.id))).scalar()
        return self.ticket(max(1, last - number)) if last else None

    def lose(self, letter: Any) -> None:
        """A letter is refused by the server of its recipient."""
        failed = (SentLetter(letter.ticket_id, letter.recipient, letter.template), "550 no such user")
        self._do(lambda connection: self.desk.desk.tell_undelivered(connection, [failed]))

    def work_by(self, name: str) -> None:
        """Change the rulebook, and let the clocks of all tickets follow."""
        desk, rulebook = self.desk.desk, rulebook_called(name)
        desk.change_rules(rulebook, standing_under(name))
        self._do(lambda _: None)
        recount = Recount(desk, rulebook, tickets_of_a_page=2)
        page = self._do(recount.first_page)
        while not page.last:
            page = self._do(recount.next_page)
        self.rulebooks.append(name)
        self._expect_no_failure()

    def _do(self, what: Callable[[Connection], Any]) -> Any:
        item = Do(what)
        self.desk.counter.lay_down(item)
        self.desk.desk.step(0)
        return item.answer.result(0)

    def _expect_no_failure(self) -> None:
        for entry in self.log:
            if entry["event"] in _FAILURES:
                error = entry.get("exc_info")
                raise AssertionError(entry) from (error if isinstance(error, Exception) else None)


@contextmanager
def open_stage(rulebook: str) -> Iterator[Stage]:
    """A desk without a ticket, in memory."""
    engine = Database.at("sqlite:///:memory:").open_writer()
    try:
        fresh: Any = engine.raw_connection().driver_connection
        _made_once().backup(fresh)
        with stage_on(engine, rulebook) as stage:
            yield stage
    finally:
        engine.dispose()


@contextmanager
def open_stage_on_postgres(database: ReusedDatabase) -> Iterator[Stage]:
    """A desk without a ticket under the small rulebook, on PostgreSQL."""
    engine = Database.at(database.url).open_writer()
    try:
        with stage_on(engine, "small") as stage:
            yield stage
    finally:
        engine.dispose()
        database.empty()


@contextmanager
def stage_on(engine: Engine, rulebook: str) -> Iterator[Stage]:
    """A desk on a database whose schema is made."""
    desk = StandingDesk(engine, MovedClock(), rulebook_called(rulebook))
    desk.desk.change_rules(rulebook_called(rulebook), standing_under(rulebook))
    with capture_logs() as log:
        desk.desk.step(0)
        yield Stage(engine, desk, log, [rulebook])


@cache
def _made_once() -> sqlite3.Connection:
    """A database in memory with the schema: making it takes longer than a whole stream."""
    engine = Database.at("sqlite:///:memory:").open_writer()
    migrate(engine)
    connection: Any = engine.raw_connection().driver_connection
    made: sqlite3.Connection = connection
    return made
