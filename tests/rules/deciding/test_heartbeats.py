"""A heartbeat that comes, one that stays away, and its return."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rules.alerts.heartbeat import Heartbeat
from rules.decide import decide
from rules.deciding.heartbeats import forgive_absence, judge_heartbeat
from rules.facts import Facts, apply
from tests.samples import FACTS, HOUR, MINUTE, NOW, RULEBOOK, an_alert, rulebook_with

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from rules.decision import Decision
    from rules.report import Alert
    from rules.rulebook import Rulebook

HEARD = Heartbeat(source="prod", last_seen=NOW, starts_at=NOW, due_at=NOW + 10 * MINUTE)
SLOW = rulebook_with('[alerts.heartbeat]\nintervals = { prod = "2h" }')


def watchdog(status: str = "firing", *, at: datetime = NOW, minute: int = 0) -> Alert:
    return an_alert(status, name="Watchdog", host="monitoring", minute=minute, received_at=at)


def hear(*words: Alert, rulebook: Rulebook = RULEBOOK) -> tuple[Facts, list[Decision]]:
    facts, decisions = FACTS, []
    for word in words:
        decisions.append(decide(word, facts, rulebook, word.received_at))
        facts = apply(facts, word, decisions[-1])
    return facts, decisions


def due_after(*words: Alert, rulebook: Rulebook = RULEBOOK) -> datetime | None:
    facts, _ = hear(*words, rulebook=rulebook)
    return facts.heartbeats["prod"].due_at


def test_a_heartbeat_is_recorded_and_ignored_however_often_it_comes() -> None:
    facts, decisions = hear(watchdog(), watchdog(at=NOW + MINUTE), watchdog(at=NOW + 2 * MINUTE))
    assert [decision.verdict for decision in decisions] == ["ignored"] * 3
    assert [decision.seen_before for decision in decisions] == [False, True, True]
    assert {decision.why for decision in decisions} == {"heartbeat of prod"}
    assert not any(decision.events or decision.letters for decision in decisions)
    assert not facts.tickets


@pytest.mark.parametrize(
    ("words", "rulebook", "due"),
    [
        pytest.param([watchdog()], RULEBOOK, 10 * MINUTE, id="it is due an interval after it was heard"),
        pytest.param([watchdog()], SLOW, 2 * HOUR, id="a source has its own interval"),
        pytest.param([watchdog(), watchdog(at=NOW + MINUTE)], RULEBOOK, 11 * MINUTE, id="each resend moves it"),
        pytest.param(
            [watchdog(at=NOW + MINUTE), watchdog()], RULEBOOK, 11 * MINUTE, id="one that was overtaken does not"
        ),
        pytest.param(
            [watchdog(), watchdog("resolved", at=NOW + MINUTE)], RULEBOOK, MINUTE, id="its end makes it due at once"
        ),
        pytest.param(
            [watchdog(minute=5, at=NOW + 6 * MINUTE), watchdog("resolved", at=NOW + 7 * MINUTE)],
            RULEBOOK,
            16 * MINUTE,
            id="a late word of an earlier end changes nothing",
        ),
    ],
)
def test_the_moment_of_a_look(words: list[Alert], rulebook: Rulebook, due: timedelta) -> None:
    assert due_after(*words, rulebook=rulebook) == NOW + due


def test_an_end_told_twice_does_not_end_the_heartbeat_that_came_between() -> None:
    end = watchdog("resolved", at=NOW + MINUTE)
    again = watchdog(at=NOW + 2 * MINUTE, minute=2)
    assert due_after(watchdog(), end, again, replace(end, received_at=NOW + 3 * MINUTE)) == NOW + 12 * MINUTE


def test_the_end_of_a_heartbeat_that_never_came_is_nothing() -> None:
    facts, [decision] = hear(watchdog("resolved"))
    assert (decision.verdict, dict(facts.heartbeats)) == ("ignored", {})


def test_another_alert_that_the_rulebook_ignores_is_no_heartbeat() -> None:
    facts, [decision] = hear(an_alert(name="InfoInhibitor"))
    assert (decision.verdict, decision.heartbeat, dict(facts.heartbeats)) == ("ignored", None, {})


def test_without_an_alertname_there_is_no_heartbeat() -> None:
    facts, [decision] = hear(watchdog(), rulebook=rulebook_with('[alerts.heartbeat]\nalertname = ""'))
    assert (decision.verdict, dict(facts.heartbeats)) == ("ignored", {})
    assert judge_heartbeat(HEARD, rulebook_with('[alerts.heartbeat]\nalertname = ""'), NOW + HOUR).alert is None


def test_a_missing_heartbeat_is_an_alert_of_its_source_with_the_severity_of_the_rulebook() -> None:
    heartbeat, alert = judge_heartbeat(HEARD, RULEBOOK, NOW + HOUR)
    assert heartbeat == replace(HEARD, due_at=None, missing_since=NOW + 10 * MINUTE)
    assert alert is not None
    assert (alert.source, alert.name, alert.status) == ("prod", "HeartbeatMissing", "firing")
    assert alert.summary == "no heartbeat of prod since 2026-11-23 10:00: its alerts may not arrive"
    opened = decide(alert, FACTS, RULEBOOK, NOW + HOUR)
    assert opened.ticket is not None
    assert (opened.verdict, opened.ticket.priority) == ("opened", "P1")


def test_its_return_heals_the_ticket() -> None:
    missing, alert = judge_heartbeat(HEARD, RULEBOOK, NOW + HOUR)
    assert alert is not None
    facts = replace(FACTS, heartbeats=FACTS.heartbeats.set("prod", missing))
    facts = apply(facts, alert, decide(alert, facts, RULEBOOK, NOW + HOUR))
    beat = watchdog(at=NOW + 2 * HOUR)
    facts = apply(facts, beat, decide(beat, facts, RULEBOOK, NOW + 2 * HOUR))
    assert facts.heartbeats["prod"].due_at == NOW + 2 * HOUR
    back, resolve = judge_heartbeat(facts.heartbeats["prod"], RULEBOOK, NOW + 2 * HOUR)
    assert (back.missing_since, back.due_at) == (None, NOW + 2 * HOUR + 10 * MINUTE)
    assert resolve is not None
    assert decide(resolve, facts, RULEBOOK, NOW + 2 * HOUR).verdict == "resolved"


@pytest.mark.parametrize(
    ("heartbeat", "due"),
    [
        pytest.param(HEARD, NOW + HOUR + 10 * MINUTE, id="one that fell due meanwhile has an interval from now"),
        pytest.param(replace(HEARD, due_at=NOW + 3 * HOUR), NOW + 3 * HOUR, id="one that is due later keeps its time"),
        pytest.param(replace(HEARD, due_at=None, missing_since=NOW), None, id="one that was missing stays so"),
        pytest.param(replace(HEARD, due_at=NOW, missing_since=NOW), NOW, id="one that is back is told so"),
    ],
)
def test_the_desks_own_absence_is_not_the_sources(heartbeat: Heartbeat, due: datetime | None) -> None:
    assert forgive_absence(heartbeat, RULEBOOK, NOW + HOUR).due_at == due


def test_one_that_is_back_at_the_instant_it_was_missed_is_healed_too() -> None:
    """As where its sender ends it and begins it anew in one batch, between two looks of the desk."""
    missing, alert = judge_heartbeat(replace(HEARD, due_at=NOW), RULEBOOK, NOW)
    assert alert is not None
    facts = apply(FACTS, alert, decide(alert, FACTS, RULEBOOK, NOW))
    _, resolve = judge_heartbeat(replace(missing, due_at=NOW, last_seen=NOW), RULEBOOK, NOW)
    assert resolve is not None
    assert decide(resolve, facts, RULEBOOK, NOW).verdict == "resolved"


def test_it_is_the_same_alert_whatever_labels_the_rulebook_leaves_out() -> None:
    rulebook = rulebook_with("")
    rulebook = rulebook.model_copy(
        update={"alerts": rulebook.alerts.model_copy(update={"ignore_labels": ("replica",)})}
    )
    _, alert = judge_heartbeat(HEARD, rulebook, NOW + HOUR)
    assert alert is not None
    [episode] = decide(alert, FACTS, rulebook, NOW + HOUR).episodes
    assert (episode.fingerprint, episode.silent_at) == ("heartbeat", None)
