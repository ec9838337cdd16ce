"""Another rulebook for a desk at work: its clocks follow page by page, and nothing else waits or breaks."""

from __future__ import annotations

import asyncio
import threading
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from daemon.counter import Do, Item, Receive
from daemon.loops import follow_rulebook
from daemon.recount import Page, Recount, digest_of
from daemon.store import schema
from daemon.store.database import Database, transaction
from daemon.store.gather import load_tickets
from rules.change import Change
from rules.events import Closed
from rules.rulebook import Rulebook
from rules.work.clocks import cancel_clocks
from rules.work.owed import owe
from tests.daemon.desks import MovedClock, StandingDesk, verdicts
from tests.databases import open_fresh
from tests.faults.accounts import check_books
from tests.samples import DAY, HOUR, RULEBOOK, RULEBOOK_TEXT, a_mail, an_alert
from tests.servers.process import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.ticket import Ticket


def a_rulebook(old: str = "", new: str = "") -> Rulebook:
    """The rulebook of the samples, read anew, with some words changed."""
    assert old in RULEBOOK_TEXT
    return Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT.replace(old, new)))


SLOWER = a_rulebook('P3 = "4h", P4 = "8h"', 'P3 = "6h", P4 = "12h"')
FASTER = a_rulebook('P3 = "4h", P4 = "8h"', 'P3 = "30m", P4 = "30m"')
WITHOUT_PROGRESS = a_rulebook(
    RULEBOOK_TEXT[RULEBOOK_TEXT.index('[[clocks]]\nname = "progress"') :].split("[repeats]")[0]
)


ARTICLE = """
[[owed]]
name = "article"
on = "resolved"
limit = { P3 = "5d", P4 = "5d" }
"""
OWING = Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT + ARTICLE))
OWING_SOONER = Rulebook.model_validate(tomllib.loads(RULEBOOK_TEXT + ARTICLE.replace("5d", "1d")))


class Reloader:
    """Brings a rulebook to a desk, and turns its pages one at a time."""

    def __init__(self, desk: StandingDesk, rulebook: Rulebook, *, size: int = 200) -> None:
        desk.desk.change_rules(rulebook, desk.desk.standing)
        self._desk = desk
        self._recount = Recount(desk.desk, rulebook, tickets_of_a_page=size)
        self.pages: list[Page] = []

    def turn(self, *reports: Receive) -> bool:
        """Do one page in one batch with these reports; returns whether there are more."""
        page = Do(self._recount.next_page if self.pages else self._recount.first_page)
        items: list[Item] = [page, *reports]
        for item in items:
            self._desk.counter.lay_down(item)
        self._desk.desk.step(0)
        self.pages.append(page.answer.result(0))
        return not self.pages[-1].last

    def finish(self) -> int:
        """Turn all pages; returns how many clocks changed."""
        while self.turn():
            pass
        return sum(page.clocks for page in self.pages)


def alerts(desk: StandingDesk, count: int) -> None:
    desk.receive(*(an_alert(name=f"Alert{n}", source=f"prod{n // 25}") for n in range(count)))


def limits(engine: Engine) -> dict[str, int]:
    """How many response clocks have each limit."""
    table = schema.clocks.c
    statement = select(table.limit, func.count()).where(table.name == "response").group_by(table.limit)
    with engine.connect() as connection:
        return dict(connection.execute(statement).all())


def last_events(engine: Engine) -> int:
    with transaction(engine) as connection:
        return connection.execute(select(func.count()).select_from(schema.events)).scalar_one()


def test_the_clocks_of_all_tickets_follow_page_by_page(writer: Engine) -> None:
    desk = StandingDesk(writer)
    alerts(desk, 7)
    assert limits(writer) == {"4h": 7}
    reloader = Reloader(desk, SLOWER, size=3)
    assert reloader.finish() == 7
    assert [page.tickets for page in reloader.pages] == [3, 3, 1]
    assert limits(writer) == {"6h": 7}
    check_books(writer)


def test_the_same_file_again_changes_nothing(writer: Engine) -> None:
    desk = StandingDesk(writer)
    alerts(desk, 3)
    Reloader(desk, a_rulebook()).finish()
    events = last_events(writer)
    again = Reloader(desk, a_rulebook())
    assert again.finish() == 0
    assert [page.tickets for page in again.pages] == [0]
    assert last_events(writer) == events


def test_a_restart_in_the_middle_goes_on_where_it_was(writer: Engine) -> None:
    desk = StandingDesk(writer)
    alerts(desk, 7)
    Reloader(desk, SLOWER, size=3).turn()
    assert limits(writer) == {"6h": 3, "4h": 4}
    rest = Reloader(StandingDesk(writer, rulebook=SLOWER), SLOWER, size=3)
    assert rest.finish() == 4
    assert [page.tickets for page in rest.pages] == [3, 1]
    assert limits(writer) == {"6h": 7}
    check_books(writer)


def test_a_third_rulebook_in_the_middle_begins_anew(writer: Engine) -> None:
    desk = StandingDesk(writer)
    alerts(desk, 5)
    old = Reloader(desk, SLOWER, size=2)
    old.turn()
    new = Reloader(desk, FASTER, size=2)
    assert not old.turn()
    assert new.finish() == 5
    assert limits(writer) == {"30m": 5}
    check_books(writer)


def test_of_two_daemons_with_two_rulebooks_the_later_one_counts(writer: Engine) -> None:
    one, other = StandingDesk(writer), StandingDesk(writer)
    alerts(one, 5)
    first = Reloader(one, SLOWER, size=2)
    first.turn()
    second = Reloader(other, FASTER, size=2)
    second.turn()
    assert not first.turn()
    second.finish()
    assert limits(writer) == {"30m": 5}


def test_reports_come_in_between_the_pages(writer: Engine) -> None:
    desk = StandingDesk(writer)
    alerts(desk, 9)
    reloader = Reloader(desk, SLOWER, size=3)
    came: list[str | None] = []
    more, n = True, 0
    while more:
        n += 1
        items = [Receive([a_mail(n=n, text=f"Word {n}: the VPN does not answer")]), Receive([an_alert(name=f"New{n}")])]
        more = reloader.turn(*items)
        came += [verdict for item in items for verdict in verdicts(item.answer.result(0))]
    assert set(came) <= {"opened", "repeated"}
    assert "4h" not in limits(writer)
    check_books(writer)


def test_what_is_late_by_the_new_limit_is_told_once_by_the_next_tick(writer: Engine) -> None:
    clock = MovedClock()
    desk = StandingDesk(writer, clock)
    alerts(desk, 2)
    clock.move(HOUR)
    Reloader(desk, FASTER).finish()
    with transaction(writer) as connection:
        assert connection.execute(select(schema.rungs.c.rung)).all() == []
    for _ in range(2):
        desk.tick()
        Reloader(desk, FASTER).finish()
    with transaction(writer) as connection:
        assert [row.rung for row in connection.execute(select(schema.rungs.c.rung))] == ["response/late-response/1"] * 2
    check_books(writer)


def test_a_closed_ticket_is_left_alone(writer: Engine) -> None:
    desk = StandingDesk(writer)
    desk.receive(an_alert(), an_alert("resolved"))
    desk.clock.move(2 * DAY)
    events = last_events(writer)
    assert Reloader(desk, SLOWER).finish() == 0
    assert last_events(writer) == events


def owe_and_close(ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """The ticket is closed, and an article about it is still to be written."""
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    owe(change, rulebook.owed[0], reason="resolved")
    change.happen(Closed(at=now, how="requester", reason="solved"))
    cancel_clocks(change)
    return change.decide(None)


def test_what_a_closed_ticket_owes_has_a_clock_that_follows_and_runs_out(writer: Engine) -> None:
    desk = StandingDesk(writer, rulebook=OWING)
    desk.receive(a_mail())
    with transaction(writer) as connection:
        desk.desk.decide_each(connection, [1], owe_and_close)
    assert Reloader(desk, OWING_SOONER).finish() == 1
    desk.clock.move(DAY + HOUR)
    desk.tick()
    with transaction(writer) as connection:
        (ticket,) = load_tickets(connection, [1]).values()
    clock = ticket.clock("article")
    assert clock is not None
    assert (ticket.status, clock.limit, clock.running) == ("closed", "1d", True)
    assert clock.overdue_at == desk.clock.now
    check_books(writer)


def test_content_tells_rulebooks_apart_and_not_the_object() -> None:
    assert digest_of(RULEBOOK) == digest_of(a_rulebook())
    assert len({digest_of(each) for each in (RULEBOOK, SLOWER, FASTER, WITHOUT_PROGRESS)}) == 4


@contextmanager
def working(desk: StandingDesk) -> Iterator[None]:
    """The desk's own thread, as the daemon has it."""
    stopping = threading.Event()

    def work() -> None:
        while desk.desk.step(0.05) or not stopping.is_set():
            pass

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


async def until_followed(desk: StandingDesk, engine: Database, wanted: dict[str, int]) -> None:
    reader = engine.open_reader()
    following = asyncio.create_task(follow_rulebook(desk.counter, lambda: desk.desk))
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                if await asyncio.to_thread(limits, reader) == wanted:
                    return
                await asyncio.sleep(0.02)
    finally:
        following.cancel()
        reader.dispose()


def test_the_daemon_does_it_by_itself_while_reports_come(database: Database, writer: Engine) -> None:
    desk = StandingDesk(writer)
    alerts(desk, 250)
    with working(desk):
        desk.desk.change_rules(SLOWER, desk.desk.standing)
        coming = [Receive([an_alert(name=f"New{n}")]) for n in range(20)]
        for item in coming:
            desk.counter.lay_down(item)
        asyncio.run(until_followed(desk, database, {"6h": 270}))
    assert [verdicts(item.answer.result(0)) for item in coming] == [["opened"]] * 20
    check_books(writer)


STEPS = st.lists(st.sampled_from(["mail", "alert", "healed", "tick", "slower", "faster", "other", "back"]), max_size=14)
BOOKS = {"slower": SLOWER, "faster": FASTER, "other": WITHOUT_PROGRESS, "back": RULEBOOK}


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_rows_are_what_the_events_add_up_to_whatever_comes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder: Path = tmp_path_factory.mktemp("desk")
    engine = open_fresh(folder / "desk.sqlite3")
    desk = StandingDesk(engine)
    for n, step in enumerate(steps):
        desk.clock.move(HOUR)
        match step:
            case "mail":
                desk.receive(a_mail(n=n, text=f"urgent: the whole company has no VPN, {n}"))
            case "alert" | "healed":
                desk.receive(an_alert("firing" if step == "alert" else "resolved", minute=n))
            case "tick":
                desk.tick()
            case _:
                Reloader(desk, BOOKS[step], size=1).finish()
    check_books(engine)
    engine.dispose()
