"""What waits because nobody was free is given out as soon as somebody is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import event, func, select

from daemon.store import schema
from daemon.store.database import transaction
from daemon.unassigned import AT_ONCE, LOOK_EVERY
from rules.people import Away
from tests.daemon.desks import STANDING, StandingDesk
from tests.faults.accounts import check_books
from tests.samples import ALICE, BOB, CAROL, DAY, LI, NOW, PEOPLE, RULEBOOK, STAFF, WANG, a_mail, an_alert

if TYPE_CHECKING:
    from daemon.store.database import Engine
    from daemon.store.gather import Standing
    from rules.people import Person

SECOND = timedelta(seconds=1)
LI_THERE, WANG_THERE = PEOPLE[0], PEOPLE[1]


def with_people(*changed: Person) -> Standing:
    people = STAFF.people
    for person in changed:
        people = people.set(person.address, person)
    return replace(STANDING, staff=replace(STAFF, people=people))


def away(person: Person) -> Person:
    return replace(person, away=(Away(NOW - DAY, NOW + DAY),))


ALL_AWAY = with_people(away(LI_THERE), away(WANG_THERE))
ONE_TICKET = with_people(replace(LI_THERE, limit=1), away(WANG_THERE))


def a_desk(engine: Engine, standing: Standing = ALL_AWAY) -> StandingDesk:
    desk = StandingDesk(engine)
    work_with(desk, standing)
    return desk


def work_with(desk: StandingDesk, standing: Standing) -> None:
    desk.desk.change_rules(desk.desk.next_rulebook, standing)
    desk.desk.step(0)


def assignees(engine: Engine) -> list[str | None]:
    with transaction(engine) as connection:
        return list(connection.execute(select(schema.tickets.c.assignee).order_by(schema.tickets.c.id)).scalars())


def letters(engine: Engine, template: str) -> list[str]:
    with transaction(engine) as connection:
        table = schema.letters.c
        return list(connection.execute(select(table.recipient).where(table.template == template)).scalars())


def test_a_ticket_that_waits_is_given_to_who_comes_back(writer: Engine) -> None:
    desk = a_desk(writer)
    desk.receive(a_mail())
    desk.tick()
    assert assignees(writer) == [None]
    work_with(desk, STANDING)
    desk.clock.move(LOOK_EVERY)
    desk.tick()
    assert assignees(writer) == [LI]
    assert letters(writer, "assigned") == [LI]
    check_books(writer)


def test_nobody_looks_more_often_than_every_half_minute(writer: Engine) -> None:
    desk = a_desk(writer)
    desk.receive(a_mail())
    desk.tick()
    work_with(desk, STANDING)
    desk.clock.move(LOOK_EVERY - SECOND)
    desk.tick()
    assert assignees(writer) == [None]
    desk.clock.move(SECOND)
    desk.tick()
    assert assignees(writer) == [LI]


def test_a_clock_that_is_set_back_does_not_stop_it(sqlite_writer: Engine) -> None:
    desk = a_desk(sqlite_writer)
    desk.receive(a_mail())
    desk.tick()
    work_with(desk, STANDING)
    desk.clock.move(-SECOND)
    desk.tick()
    assert assignees(sqlite_writer) == [LI]


def test_the_most_urgent_is_given_first_and_of_equals_the_oldest(writer: Engine) -> None:
    desk = a_desk(writer)
    desk.receive(a_mail(ALICE, "VPN", "My vpn is a little slow today"))
    desk.receive(a_mail(BOB, "How do I get access", "Where does one apply for a vpn certificate?", n=2))
    desk.receive(a_mail(CAROL, "Everybody is cut off", "urgent: the whole company lost its vpn tunnel", n=3))
    for given in ([None, None, LI], [LI, None, LI]):
        work_with(desk, with_people(replace(LI_THERE, limit=sum(who == LI for who in given)), away(WANG_THERE)))
        desk.clock.move(LOOK_EVERY)
        desk.tick()
        assert assignees(writer) == given
    check_books(writer)


def test_load_is_counted_from_one_ticket_to_the_next(writer: Engine) -> None:
    desk = a_desk(writer)
    desk.receive(a_mail())
    desk.receive(a_mail(BOB, "How do I get access", "Where does one apply for a vpn certificate?", n=2))
    work_with(desk, STANDING)
    desk.tick()
    assert sorted(map(str, assignees(writer))) == [LI, WANG]


def test_where_the_lead_names_people_the_desk_does_not(sqlite_writer: Engine) -> None:
    desk = a_desk(sqlite_writer)
    desk.receive(a_mail())
    by_lead = RULEBOOK.model_copy(update={"assignment": RULEBOOK.assignment.model_copy(update={"by": "lead"})})
    desk.desk.change_rules(by_lead, STANDING)
    desk.desk.step(0)
    desk.tick()
    assert assignees(sqlite_writer) == [None]


def test_more_than_a_look_takes_do_not_hide_the_rest(sqlite_writer: Engine) -> None:
    """Nobody is in the desk's own team for the alerts; what comes after them is looked at the next time."""
    desk = a_desk(sqlite_writer)
    desk.receive(*(an_alert(name=f"Alert{n}", source=f"prod{n // 25}") for n in range(AT_ONCE)))
    desk.receive(a_mail())
    work_with(desk, STANDING)
    for given in (0, 1):
        desk.clock.move(LOOK_EVERY)
        desk.tick()
        assert sum(who is not None for who in assignees(sqlite_writer)) == given
    check_books(sqlite_writer)


def test_where_nothing_waits_a_look_is_one_statement_on_the_index(sqlite_writer: Engine) -> None:
    desk = StandingDesk(sqlite_writer)
    desk.receive(a_mail())
    statements: list[tuple[str, object]] = []
    event.listen(
        sqlite_writer,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: statements.append((statement, values)),
    )
    desk.tick()
    (asked,) = [each for each in statements if "assignee IS NULL" in each[0]]
    with transaction(sqlite_writer) as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1]).all()  # type: ignore[arg-type]
        assert connection.execute(select(func.count()).select_from(schema.tickets)).scalar() == 1
    assert "COVERING INDEX ix_tickets_unassigned" in str(plan)
