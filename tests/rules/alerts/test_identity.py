"""Which alerts are one: by the sender's fingerprint, or by the labels that the rulebook does not ignore."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from immutables import Map

from rules.alerts.identity import identify, labels_to_show, links_to_show, target_of, ticket_key
from tests.rules.alerts.course import Course, rulebook
from tests.rules.joining.shop import Shop, latency, letters
from tests.samples import an_alert

if TYPE_CHECKING:
    from rules.decision import Decision

PLAIN = rulebook()
REPLICAS = rulebook('ignore_labels = ["replica", "value"]')


def labels(**more: str) -> Map[str, str]:
    return Map({"alertname": "DiskFull", "severity": "warning", "job": "node", "instance": "db1", **more})


def test_by_default_it_is_the_senders_fingerprint() -> None:
    assert identify(an_alert(), PLAIN) == "DiskFull db1"


def test_ignored_labels_make_no_other_alert_in_any_source() -> None:
    one = an_alert(labels=labels(replica="a"), fingerprint="1")
    other = an_alert(labels=labels(replica="b", value="17.3"), fingerprint="2", source="lab")
    assert identify(one, REPLICAS) == identify(other, REPLICAS)
    assert identify(one, REPLICAS) != identify(an_alert(labels=labels(device="sda")), REPLICAS)


def test_the_key_of_a_ticket_without_its_labels_follows_the_identity() -> None:
    one, other = (an_alert(labels=Map(instance="db1", replica=replica), fingerprint=replica) for replica in "ab")
    assert ticket_key(one, REPLICAS) == ticket_key(other, REPLICAS)
    assert ticket_key(one, PLAIN) != ticket_key(other, PLAIN)


def test_the_target_is_the_most_telling_label() -> None:
    assert target_of(an_alert(labels=Map(pod="web-1", node="n1"))) == "n1"
    assert target_of(an_alert(labels=Map(alertname="A"), annotations=Map(summary="all is slow"))) == "all is slow"


def word(course: Course, replica: str, status: str = "firing", *, minute: int = 0) -> Decision:
    key = f"{replica}.{minute}.{status}"
    return course.take(
        an_alert(
            status, labels=labels(replica=replica), fingerprint=replica, minute=minute, key=key, ends_at=course.now
        )
    )


def test_two_replicas_make_one_episode_that_ends_with_the_last() -> None:
    course = Course(REPLICAS)
    assert word(course, "a").verdict == "opened"
    assert word(course, "b", minute=1).verdict == "appended"
    assert course.ticket.firing == 1
    course.at(10)
    assert word(course, "a", "resolved").verdict == "appended"
    assert course.ticket.firing == 1
    assert word(course, "b", "resolved", minute=1).verdict == "resolved"
    assert (course.ticket.firing, course.ticket.reports) == (0, 1)


def test_a_replica_that_never_fired_ends_nothing() -> None:
    course = Course(REPLICAS)
    word(course, "a")
    assert word(course, "c", "resolved").verdict == "ignored"
    assert course.ticket.firing == 1


def test_a_replica_whose_end_was_lost_fires_again() -> None:
    course = Course(REPLICAS)
    word(course, "a")
    course.at(30)
    assert word(course, "a", minute=30).verdict == "repeated"


RUNBOOK, GRAPH = "https://wiki.example.org/runbooks/disk-full", "http://prometheus.example.org/graph?g0.expr=disk"


def test_the_assignee_gets_the_links_of_runbook_and_graph() -> None:
    notes = Map(summary="db1 is full", runbook_url=RUNBOOK, owner="ops", dashboard="see http://grafana.example.org")
    decision = Shop().takes(replace(latency(), annotations=notes, generator_url=GRAPH))
    (letter,) = letters(decision)
    assert letter.template == "assigned"
    assert letter.data["links"] == (("runbook_url", RUNBOOK), ("generatorURL", GRAPH))


def test_so_do_those_who_are_to_find_somebody() -> None:
    alert = an_alert(annotations=Map(summary="db1 is full", runbook_url=RUNBOOK))
    (letter,) = Course().take(alert).letters
    assert letter.template == "unassigned"
    assert letter.data["links"] == (("runbook_url", RUNBOOK),)
    assert letter.data["labels"] == labels_to_show(alert)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "/graph?g0.expr=disk", f"https://{'a' * 4_000}.example.org"])
def test_what_leads_nowhere_is_not_shown(link: str) -> None:
    assert links_to_show(an_alert(annotations=Map(runbook_url=link))) == ()


@pytest.mark.parametrize(("sources", "offered"), [({"prod"}, True), (set(), False)])
def test_a_silence_is_offered_where_the_source_can_be_asked_for_one(sources: set[str], offered: bool) -> None:
    shop = Shop()
    shop.facts = replace(shop.facts, silencing=frozenset(sources))
    (letter,) = letters(shop.fires())
    assert letter.data["silences"] is offered
