"""Further hosts join an open ticket."""

from __future__ import annotations

from tests.rules.alerts.course import Course
from tests.rules.joining.shop import Shop, database_down, letters
from tests.samples import MINUTE, NOW


def test_what_joins_with_the_outbreak_is_listed_and_not_told() -> None:
    course = Course()
    for host in ("db1", "db2", "db3"):
        course.fires(host)
    assert [each.target for each in course.ticket.alerts.firing_on] == ["db1", "db2", "db3"]
    assert course.letters == ["unassigned"]


def test_a_host_that_joins_later_is_told_with_all_that_fire() -> None:
    course = Course()
    course.fires()
    course.at(7)
    (letter,) = course.fires("db2").letters
    assert letter.template == "firing"
    assert letter.data["firing"] == (("db1", "2026-11-23 10:00"), ("db2", "2026-11-23 10:07"))
    assert letter.data["more"] == 0


def test_where_alerts_of_several_names_fire_each_is_named() -> None:
    shop = Shop()
    shop.fires()
    shop.later(2 * MINUTE)
    (letter,) = letters(shop.fires(database_down(minute=2)))
    assert letter.data["firing"] == (
        ("HighLatency checkout answers slowly: p99 above 2 s", "2026-11-23 10:00"),
        ("HostDown db1.corp.example:9100", "2026-11-23 10:02"),
    )


def test_of_hundreds_a_handful_is_told() -> None:
    course = Course()
    course.fires()
    course.at(7)
    for number in range(250):
        course.fires(f"web{number}")
    assert course.letters.count("firing") == 5
    assert course.ticket.firing == 251
    last = [letter for decision in course.decisions for letter in decision.letters if letter.template == "firing"][-1]
    firing = last.data["firing"]
    assert isinstance(firing, tuple)
    assert (len(firing), last.data["more"]) == (10, 91)


def test_who_has_ended_is_listed_no_more() -> None:
    course = Course()
    course.fires()
    course.fires("db2")
    course.resolves()
    (left,) = course.ticket.alerts.firing_on
    assert (left.target, left.since) == ("db2", NOW)


def test_a_host_that_fires_again_is_no_newcomer() -> None:
    course = Course()
    course.fires()
    course.fires("db2")
    course.at(10)
    course.resolves("db2")
    course.at(30)
    assert course.fires("db2").verdict == "repeated"
    assert course.ticket.alerts.newcomers == 0
