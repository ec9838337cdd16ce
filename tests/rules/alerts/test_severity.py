"""Severity is an attribute of each episode; a worse one than before is told."""

from __future__ import annotations

from immutables import Map

from rules.events import Judged
from tests.rules.alerts.course import Course, rulebook

WARNING, CRITICAL = (
    Map(alertname="DiskFull", severity=severity, job="node", instance="db1") for severity in ("warning", "critical")
)


def test_a_worse_severity_raises_the_level_and_is_told_once() -> None:
    course = Course()
    course.fires(labels=WARNING)
    assert course.ticket.priority == "P3"
    course.fires("db1 critical", labels=CRITICAL)
    assert course.ticket.priority == "P1"
    told = [letter for letter in course.decisions[-1].letters if letter.template == "escalated"]
    assert [(letter.data["was"], letter.data["priority"]) for letter in told] == [("P3", "P1")]
    course.fires("db2", labels=CRITICAL)
    assert course.letters.count("escalated") == 1


def test_a_milder_one_changes_the_attribute_alone() -> None:
    course = Course()
    course.fires(labels=CRITICAL)
    decision = course.fires("db2", labels=WARNING)
    assert dict(course.ticket.alerts.severities) == {"critical": 1, "warning": 1}
    assert course.ticket.priority == "P1"
    assert not any(letter.template == "escalated" for letter in decision.letters)
    course.resolves()
    assert (dict(course.ticket.alerts.severities), course.ticket.priority) == ({"warning": 1}, "P1")


def test_after_it_has_fallen_it_is_told_when_it_rises_again() -> None:
    course = Course()
    course.fires(labels=WARNING)
    course.fires("db2", labels=CRITICAL)
    course.at(1)
    course.resolves("db2")
    course.at(20)
    course.fires("db3", labels=CRITICAL)
    assert course.letters.count("escalated") == 2


def test_a_resend_with_another_severity_is_the_same_episode() -> None:
    course = Course(rulebook('ignore_labels = ["severity"]'))
    course.fires(labels=WARNING, fingerprint="a")
    decision = course.fires(labels=CRITICAL, fingerprint="b", key="again")
    assert (decision.verdict, course.ticket.firing) == ("appended", 1)
    assert dict(course.ticket.alerts.severities) == {"critical": 1}
    assert any(isinstance(event, Judged) for event in decision.events)
    assert [letter.template for letter in decision.letters] == ["escalated"]


def test_a_level_that_was_raised_already_stays_and_the_rise_is_told() -> None:
    course = Course()
    course.fires(labels=WARNING)
    for minute in (20, 40, 60):
        course.at(minute - 10)
        course.resolves()
        course.at(minute)
        course.fires(labels=WARNING)
    assert course.ticket.priority == "P1"
    decision = course.fires("db2", labels=CRITICAL)
    (told,) = (letter for letter in decision.letters if letter.template == "escalated")
    assert told.data["was"] == told.data["priority"] == "P1"
