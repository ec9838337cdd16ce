"""Alerts that end and fire again and again."""

from __future__ import annotations

import pytest

from rules.alerts.events import FlappingEnded
from tests.rules.alerts.course import Course, rulebook

FLAPPING = 'flapping = { times = 3, within = "1h" }'


def flap(course: Course, *minutes: int) -> None:
    for minute in minutes:
        course.at(minute - 1)
        course.resolves()
        course.at(minute)
        course.fires()


@pytest.fixture
def course() -> Course:
    course = Course(rulebook(FLAPPING))
    course.fires()
    return course


def test_the_third_re_fire_within_an_hour_marks_it_and_is_told_once(course: Course) -> None:
    flap(course, 5, 10)
    assert course.marks() == ()
    flap(course, 15, 20, 25)
    assert course.marks() == ("flapping",)
    assert course.letters.count("escalated") == 1
    assert "3 times within 1 hour" in str(next(letter.data["reason"] for letter in course.decisions[-5].letters))


def test_it_goes_on_with_its_clocks_as_if_it_had_never_ended(course: Course) -> None:
    flap(course, 5, 10, 15, 20)
    assert (course.status(), course.ticket.repeats, course.ticket.reopened) == ("new", 0, 0)
    assert not any(clock.paused for clock in course.ticket.clocks)


def test_the_mark_ends_when_it_was_quiet_for_as_long(course: Course) -> None:
    flap(course, 5, 10, 15)
    course.at(74)
    assert course.marks() == ("flapping",)
    (quiet,) = course.at(75)
    assert any(isinstance(event, FlappingEnded) for event in quiet.events)
    assert course.marks() == ()


def test_afterwards_it_is_told_anew(course: Course) -> None:
    flap(course, 5, 10, 15)
    course.at(80)
    flap(course, 90, 95, 100)
    assert course.letters.count("escalated") == 2


def test_re_fires_far_apart_are_none(course: Course) -> None:
    flap(course, 30, 60, 90, 120)
    assert course.marks() == ()


def test_without_the_table_nothing_flaps() -> None:
    course = Course(rulebook())
    course.fires()
    flap(course, 5, 10, 15, 20, 25, 30)
    assert course.marks() == ()


def test_a_ticket_that_closed_and_opens_again_may_flap_too(course: Course) -> None:
    for minute in (0, 15, 30, 45):
        course.at(minute + 1)
        course.resolves()
        course.at(minute + 15)
        course.fires()
    assert course.marks() == ("flapping",)
    assert course.ticket.reopened == 4
