"""What becomes of an alert."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immutables import Map

from rules.alerts.identity import ticket_key
from rules.decide import decide
from rules.events import Resolved
from rules.facts import Facts, apply
from rules.fold import fold
from tests.samples import CHEN, DAY, FACTS, LI, MINUTE, NOW, RULEBOOK, an_alert

if TYPE_CHECKING:
    from datetime import datetime

    from rules.decision import Decision
    from rules.report import Alert


def take(facts: Facts, *alerts: Alert, now: datetime = NOW) -> tuple[Facts, list[Decision]]:
    decisions = []
    for alert in alerts:
        decision = decide(alert, facts, RULEBOOK, now)
        facts = apply(facts, alert, decision)
        decisions.append(decision)
    return facts, decisions


def verdicts(*alerts: Alert) -> list[str | None]:
    return [decision.verdict for decision in take(FACTS, *alerts)[1]]


STORIES = [
    pytest.param([an_alert()], ["opened"], id="a first firing opens a ticket"),
    pytest.param([an_alert(), an_alert()], ["opened", "appended"], id="a resend is appended"),
    pytest.param([an_alert(), an_alert(host="db2")], ["opened", "appended"], id="another host joins"),
    pytest.param([an_alert(), an_alert("resolved")], ["opened", "resolved"], id="it heals"),
    pytest.param(
        [an_alert(), an_alert("resolved"), an_alert("resolved")],
        ["opened", "resolved", "ignored"],
        id="a resolve that is told twice changes nothing",
    ),
    pytest.param(
        [an_alert(), an_alert("resolved"), an_alert(minute=9)],
        ["opened", "resolved", "reopened"],
        id="a re-fire reopens the same ticket",
    ),
    pytest.param(
        [an_alert(), an_alert(host="db2"), an_alert("resolved"), an_alert(minute=9)],
        ["opened", "appended", "resolved", "repeated"],
        id="a re-fire on a ticket that still fires is a repeat",
    ),
    pytest.param([an_alert("resolved")], ["ignored"], id="a resolve of nothing that fired here"),
    pytest.param(
        [an_alert(), an_alert("resolved"), an_alert(key="late")],
        ["opened", "resolved", "ignored"],
        id="a late firing of what has resolved changes nothing",
    ),
    pytest.param(
        [an_alert(minute=-9), an_alert("resolved", minute=-9, ends_at=NOW), an_alert(minute=-8)],
        ["opened", "resolved", "ignored"],
        id="nor does one that a twin dated later, but before its end",
    ),
    pytest.param(
        [an_alert("resolved", minute=-9, ends_at=NOW), an_alert(minute=-8)],
        ["ignored", "ignored"],
        id="nor does it where the end is all that was heard",
    ),
    pytest.param(
        [an_alert(minute=-9), an_alert("resolved", minute=-9, ends_at=NOW + 9 * MINUTE), an_alert(minute=1)],
        ["opened", "resolved", "reopened"],
        id="an end that its sender tells in the future hides no new firing",
    ),
    pytest.param(
        [an_alert(minute=5), an_alert(minute=3)],
        ["opened", "appended"],
        id="a twin that saw it earlier tells of the same episode",
    ),
    pytest.param(
        [an_alert(minute=5), an_alert(minute=30)],
        ["opened", "repeated"],
        id="a later start without a resolve is a new firing whose end was lost",
    ),
    pytest.param(
        [an_alert(minute=5, dated=False), an_alert(minute=30, dated=False)],
        ["opened", "appended"],
        id="a sender that tells no start only resends",
    ),
    pytest.param(
        [an_alert(minute=5, dated=False), an_alert("resolved", dated=False), an_alert(minute=30, dated=False)],
        ["opened", "resolved", "reopened"],
        id="a sender that tells no start fires again after the end",
    ),
    pytest.param([an_alert(name="Watchdog"), an_alert(name="InfoInhibitor")], ["ignored"] * 2, id="never tickets"),
]


@pytest.mark.parametrize(("alerts", "wanted"), STORIES)
def test_each_alert_has_its_verdict(alerts: list[Alert], wanted: list[str]) -> None:
    assert verdicts(*alerts) == wanted


def test_a_ticket_heals_with_its_last_episode_and_closes_where_nobody_waits() -> None:
    alerts = [an_alert(), an_alert(host="db2"), an_alert("resolved"), an_alert("resolved", host="db2")]
    _, decisions = take(FACTS, *alerts)
    assert [decision.ticket.status for decision in decisions if decision.ticket] == ["new", "new", "new", "closed"]


def test_a_ticket_that_staff_resolved_closes_with_its_last_episode() -> None:
    facts, (opened,) = take(FACTS, an_alert())
    assert opened.ticket is not None
    resolved = fold(opened.ticket, Resolved(at=NOW, by=LI, how="assignee", solution="freed the disk"))
    facts = replace(facts, tickets=facts.tickets.set(resolved.id, resolved))
    _, (ended,) = take(facts, an_alert("resolved"))
    assert ended.ticket is not None
    assert (ended.ticket.status, ended.ticket.solution) == ("closed", "freed the disk")


def test_the_end_of_an_alert_is_told_to_whom_its_beginning_was() -> None:
    _, (first, last) = take(FACTS, an_alert(), an_alert("resolved"))
    assert [letter.to for letter in first.letters] == [letter.to for letter in last.letters] == [CHEN]


def test_another_host_writes_no_letter() -> None:
    _, decisions = take(FACTS, *(an_alert(host=f"db{n}") for n in range(20)))
    assert sum(len(decision.letters) for decision in decisions) == 1


def test_severity_gives_the_level_and_a_worse_one_raises_it() -> None:
    critical = an_alert(host="db2", labels=Map(alertname="DiskFull", severity="critical", job="node"))
    _, decisions = take(FACTS, an_alert(), critical)
    assert [decision.ticket.priority for decision in decisions if decision.ticket] == ["P3", "P1"]


def test_a_promise_that_was_broken_when_it_healed_is_broken_though_no_tick_saw_it() -> None:
    facts, _ = take(FACTS, an_alert())
    _, (healed,) = take(facts, an_alert("resolved"), now=NOW + DAY)
    assert healed.ticket is not None
    clock = healed.ticket.clock("response")
    assert clock is not None
    assert clock.outcome == "breached"


def test_a_milder_severity_lowers_nothing() -> None:
    critical = an_alert(labels=Map(alertname="DiskFull", severity="critical", job="node"))
    _, decisions = take(FACTS, critical, an_alert(host="db2"))
    assert [decision.ticket.priority for decision in decisions if decision.ticket] == ["P1", "P1"]


def test_an_unknown_severity_is_taken_as_it_is() -> None:
    odd = an_alert(labels=Map(alertname="DiskFull", severity="pink", job="node"))
    _, (decision,) = take(FACTS, odd)
    assert decision.ticket is not None
    assert decision.ticket.priority == "P4"


def test_the_second_re_fire_raises_the_level() -> None:
    rounds = [alert for n in range(3) for alert in (an_alert(minute=10 * n), an_alert("resolved", minute=10 * n))]
    _, decisions = take(FACTS, *rounds)
    assert [decision.ticket.priority for decision in decisions if decision.ticket][::2] == ["P3", "P3", "P2"]


def test_after_the_reopen_window_a_firing_is_a_new_ticket() -> None:
    facts, _ = take(FACTS, an_alert(), an_alert("resolved"))
    _, (late,) = take(facts, an_alert(minute=3000), now=NOW + 2 * DAY)
    assert (late.verdict, late.ticket and late.ticket.id) == ("opened", 2)


def test_a_group_of_a_hundred_in_one_batch_is_one_ticket() -> None:
    facts, _ = take(FACTS, *(an_alert(host=f"db{n}") for n in range(100)))
    (ticket,) = facts.tickets.values()
    assert ticket.firing == 100


def test_alerts_without_any_label_of_the_key_do_not_join_each_other() -> None:
    bare = [an_alert(host=host, labels=Map(instance=host)) for host in ("db1", "db2")]
    assert verdicts(*bare) == ["opened", "opened"]


KEYS = [
    pytest.param(Map(alertname="A", service="shop", job="node", cluster="eu"), "service=shop", id="service before job"),
    pytest.param(Map(alertname="A", job="node", cluster="eu"), "job=node", id="job where there is no service"),
]


@pytest.mark.parametrize(("labels", "part"), KEYS)
def test_the_key_names_its_version_its_source_and_the_labels(labels: Map[str, str], part: str) -> None:
    key = ticket_key(an_alert(labels=labels), RULEBOOK)
    assert key.startswith("am:1:prod\n")
    assert part in key


@given(st.permutations([an_alert(), an_alert("resolved"), an_alert(), an_alert("resolved"), an_alert(host="db2")]))
@settings(max_examples=60)
def test_whatever_the_order_one_ticket_counts_what_still_fires(alerts: list[Alert]) -> None:
    """A resolve that overtakes its own firing is the one thing a desk without the sender's help cannot heal."""
    facts, _ = take(FACTS, *alerts)
    firing = sum(episode.firing for episode in facts.episodes.values())
    assert [ticket.firing for ticket in facts.tickets.values()] == [firing]


def test_what_fired_before_the_rulebook_ignored_it_still_ends() -> None:
    fired = decide(an_alert(), FACTS, RULEBOOK, NOW)
    facts = apply(FACTS, an_alert(), fired)
    alerts = RULEBOOK.alerts.model_copy(update={"ignore": ("DiskFull",)})
    now_ignoring = RULEBOOK.model_copy(update={"alerts": alerts})
    assert decide(an_alert(minute=5), facts, now_ignoring, NOW).verdict == "ignored"
    assert decide(an_alert("resolved"), facts, now_ignoring, NOW).verdict == "resolved"


def test_of_two_replicas_one_that_is_found_to_have_ended_leaves_the_other_firing() -> None:
    alerts = RULEBOOK.alerts.model_copy(update={"ignore_labels": ("replica",)})
    replicas = RULEBOOK.model_copy(update={"alerts": alerts})
    facts = FACTS
    for name in ("a", "b"):
        labels = Map(alertname="DiskFull", instance="db1", replica=name)
        alert = replace(an_alert(labels=labels), fingerprint=name, key=f"{name} firing")
        facts = apply(facts, alert, decide(alert, facts, replicas, NOW))
    (episode,) = facts.episodes.values()
    verdicts = []
    for name in episode.series:
        found = an_alert("resolved", fingerprint=name, key=f"{name} ended", episode=episode.fingerprint)
        found = replace(found, correction="healed", ends_at=NOW + MINUTE)
        decision = decide(found, facts, replicas, NOW + 7 * MINUTE)
        facts = apply(facts, found, decision)
        verdicts.append((decision.verdict, facts.tickets[1].firing))
    assert verdicts == [("appended", 1), ("resolved", 0)]
