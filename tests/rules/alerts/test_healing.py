"""The last alert of a ticket ends: the ticket is held open for a while, and then heals."""

from __future__ import annotations

import pytest

from rules.events import ClockOverdue
from rules.language.sayings import is_saying
from tests.rules.alerts.course import Course, rulebook
from tests.samples import LI, MINUTE, NOW


@pytest.fixture
def course() -> Course:
    """It fired, and ten minutes later it is over."""
    course = Course()
    course.fires()
    course.at(10)
    course.resolves()
    return course


def test_it_is_held_open_with_every_clock_paused(course: Course) -> None:
    ticket = course.ticket
    assert (ticket.status, ticket.alerts.marks) == ("new", ("held",))
    assert ticket.next_due == NOW + 15 * MINUTE
    assert all(clock.paused for clock in ticket.clocks)
    assert any(is_saying(reason, "held-open") for reason in course.decisions[-1].reasons)
    assert "over" not in course.letters


def test_after_the_hold_it_closes_by_itself_where_nobody_touched_it(course: Course) -> None:
    course.at(14)
    assert course.ticket.open
    course.at(15)
    assert (course.status(), course.marks()) == ("closed", ())
    assert course.letters == ["unassigned", "over"]
    over = course.decisions[-1].letters[0]
    assert not over.data["asks"]
    assert over.data["ended_at"] == "2026-11-23 10:10"


def test_what_fires_again_in_the_hold_just_goes_on(course: Course) -> None:
    course.at(12)
    again = course.fires()
    assert (again.verdict, again.letters) == ("appended", ())
    assert (course.ticket.firing, course.ticket.repeats, course.ticket.alerts.held) == (1, 0, False)
    assert not any(clock.paused for clock in course.ticket.clocks)
    course.at(30)
    assert course.status() == "new"


def test_another_host_in_the_hold_ends_it_too(course: Course) -> None:
    course.at(12)
    course.fires("db2")
    assert (course.ticket.firing, course.ticket.alerts.held) == (1, False)


def test_the_time_of_the_hold_counts_for_no_promise(course: Course) -> None:
    due = course.ticket.clock("response")
    course.at(13)
    course.fires()
    after = course.ticket.clock("response")
    assert due is not None
    assert after is not None
    assert after.due_at - due.due_at == 3 * MINUTE


def test_with_no_hold_it_heals_at_once() -> None:
    course = Course(rulebook(hold="0m"))
    course.fires()
    course.resolves()
    assert course.status() == "closed"


def test_who_worked_on_it_is_asked_to_end_it() -> None:
    course = Course()
    course.fires()
    course.says("!take")
    course.at(10)
    course.resolves()
    course.at(20)
    assert course.status() == "resolved"
    (over,) = course.decisions[-1].letters
    assert (over.template, over.data["asks"]) == ("over", True)
    course.says("!resolve the disk is bigger now")
    assert course.status() == "closed"


def test_the_engineer_who_says_what_was_done_closes_it() -> None:
    course = Course()
    course.fires()
    course.says("!take")
    course.resolves()
    course.at(10)
    course.says("!resolve freed the disk")
    assert (course.status(), course.ticket.solution) == ("closed", "freed the disk")


def test_who_resolves_it_in_the_hold_closes_it(course: Course) -> None:
    course.says("!resolve freed the disk")
    assert (course.status(), course.ticket.alerts.held) == ("closed", False)
    course.at(20)
    assert course.letters.count("over") == 0


def test_who_takes_it_in_the_hold_does_not_end_it(course: Course) -> None:
    course.says("!take")
    assert course.ticket.alerts.held
    assert all(clock.paused for clock in course.ticket.clocks if clock.running)
    course.at(20)
    assert course.status() == "resolved"


def test_a_promise_that_was_broken_before_is_told_in_the_hold() -> None:
    course = Course()
    course.fires()
    course.now += 300 * MINUTE
    course.resolves()
    decided = course.at(301)
    assert any(isinstance(event, ClockOverdue) for decision in decided for event in decision.events)


def test_after_the_hold_a_re_fire_reopens_the_same_ticket_and_counts() -> None:
    course = Course()
    for minute in (0, 60, 120):
        course.at(minute)
        course.fires()
        course.at(minute + 10)
        course.resolves()
    assert len(course.facts.tickets) == 1
    assert (course.ticket.reopened, course.ticket.counted_repeats) == (2, 2)
    assert course.ticket.priority == "P2"


def test_what_li_resolved_while_it_fired_closes_with_its_last_alert() -> None:
    course = Course()
    course.fires()
    course.says("!resolve freed the disk")
    assert course.status() == "resolved"
    assert course.resolves().verdict == "resolved"
    assert course.status() == "closed"
    assert LI in {letter.to for decision in course.decisions for letter in decision.letters}


def test_who_says_what_else_is_to_be_done_keeps_it_open() -> None:
    course = Course()
    course.fires()
    course.says("!take")
    course.resolves()
    course.at(10)
    course.says("The disk must be replaced on Monday.")
    assert course.status() == "in_progress"
    course.says("!resolve replaced the disk")
    assert course.status() == "closed"
