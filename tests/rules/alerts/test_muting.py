"""A ticket is closed by hand while its alerts fire: nothing more is told of them until all have ended."""

from __future__ import annotations

import pytest

from rules.language.sayings import is_saying
from tests.rules.alerts.course import Course
from tests.samples import CHEN


@pytest.fixture
def course() -> Course:
    """It fires on two hosts, and the lead closes the ticket all the same."""
    course = Course()
    course.fires()
    course.fires("db2")
    course.at(5)
    course.says("!close a known fault, the part comes on Friday", by=CHEN)
    assert (course.status(), course.marks()) == ("closed", ("muted",))
    return course


def test_who_closes_it_is_told_that_it_still_fires(course: Course) -> None:
    (transcript,) = (letter for letter in course.decisions[-1].letters if letter.template == "transcript")
    assert "2 of its alerts still fire" in str(transcript.data["lines"])


def test_a_re_fire_changes_nothing(course: Course) -> None:
    course.at(6)
    course.resolves()
    course.at(20)
    again = course.fires()
    assert (again.verdict, again.letters) == ("appended", ())
    assert any(is_saying(reason, "muted") for reason in again.reasons)
    assert (course.status(), course.ticket.firing) == ("closed", 2)


def test_neither_does_one_whose_end_was_never_told(course: Course) -> None:
    course.at(20)
    assert course.fires().verdict == "appended"
    assert (course.status(), course.ticket.firing, course.marks()) == ("closed", 2, ("muted",))


def test_when_all_have_ended_the_next_firing_reopens_it(course: Course) -> None:
    course.at(6)
    course.resolves()
    last = course.resolves("db2")
    assert any(is_saying(reason, "unmuted") for reason in last.reasons)
    assert (course.status(), course.marks()) == ("closed", ())
    course.at(20)
    assert course.fires().verdict == "reopened"


def test_long_after_the_reopen_window_it_is_still_muted(course: Course) -> None:
    course.resolves()
    course.at(3000)
    assert course.fires().verdict == "appended"
    assert len(course.facts.tickets) == 1


def test_a_host_that_never_fired_on_it_opens_it_again(course: Course) -> None:
    course.at(10)
    assert course.fires("db3").verdict == "reopened"
    assert (course.status(), course.ticket.alerts.muted, course.ticket.firing) == ("new", False, 3)


def test_closed_when_nothing_fires_it_is_not_muted() -> None:
    course = Course()
    course.fires()
    course.resolves()
    course.says("!close done", by=CHEN)
    assert course.marks() == ()
    assert not course.ticket.alerts.held
