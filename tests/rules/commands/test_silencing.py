"""`!silence`: the alerts of a ticket notify nobody while somebody works on it."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from rules.alerts.identity import ticket_key
from rules.decide import decide
from rules.facts import apply
from rules.silences.events import Silenced, SilenceEnded
from rules.silences.labels import silenced_labels
from tests.rules.commands.scene import EMPTY, RULEBOOK, TABLES, after, changed, results, ticket_of, writes
from tests.samples import CHEN, HOUR, LI, NOW, an_alert, rulebook_with

if TYPE_CHECKING:
    from rules.decision import Decision
    from rules.facts import Facts
    from rules.report import Alert
    from rules.rulebook import Rulebook

REACHABLE = replace(EMPTY, silencing=frozenset({"prod"}))
WORKING = rulebook_with(TABLES + "[alerts.silence]\nwhile_in_progress = true\n")
LABELS = (("alertname", "DiskFull"), ("service", ""), ("job", "node"), ("cluster", ""))


def firing(facts: Facts = REACHABLE, rulebook: Rulebook = RULEBOOK, **more: Any) -> Facts:
    alert = an_alert(**more)
    return apply(facts, alert, decide(alert, facts, rulebook, NOW))


def silenced(decision: Decision) -> Silenced:
    (event,) = [event for event in decision.events if isinstance(event, Silenced)]
    return event


def labels_of(alert: Alert, rulebook: Rulebook = RULEBOOK) -> dict[str, str]:
    ticket = decide(alert, REACHABLE, rulebook, NOW).ticket
    assert ticket is not None
    return dict(chain.from_iterable(silenced_labels(ticket, rulebook)))


@pytest.mark.parametrize(
    ("text", "hours", "why"),
    [
        pytest.param("!silence", 24, "Li Na asks for it", id="for as long as may be"),
        pytest.param("!silence 2h", 2, "Li Na asks for it", id="for so long"),
        pytest.param("!静默 2小时 更换硬盘", 2, "更换硬盘", id="in Chinese, with the reason"),
        pytest.param("!silence until 13:00", 3, "Li Na asks for it", id="until a time"),
        pytest.param("!silence replacing the disk", 24, "replacing the disk", id="with a reason alone"),
        pytest.param("!silence 3d", 24, "Li Na asks for it", id="never longer than the rulebook lets it"),
        pytest.param("!mute 900d", 24, "Li Na asks for it", id="far too long"),
    ],
)
def test_it_is_wanted_until_then_at_the_latest(text: str, hours: int, why: str) -> None:
    decision = writes(text, facts=firing())
    event = silenced(decision)
    assert (event.until, event.reason) == (NOW + hours * HOUR, why)
    assert (event.by, event.source, event.labels) == (LI, "prod", (LABELS,))
    assert ticket_of(decision).silence == "wanted"


def test_the_answer_says_that_it_is_being_set_and_until_when() -> None:
    (answer,) = results(writes("!silence 2h", facts=firing()))
    assert answer == ("a silence is being set at prod, for as long as it fires, until 2026-11-23 12:00 at the latest")


@pytest.mark.parametrize(
    ("facts", "text", "answer"),
    [
        pytest.param(firing(EMPTY), "!silence", "no api is configured for it", id="a source that cannot be asked"),
        pytest.param(
            firing(labels=Map(severity="critical")),
            "!silence",
            "no labels tell its alerts",
            id="nothing but a severity",
        ),
        pytest.param(
            firing(firing(), status="resolved", minute=1),
            "!silence",
            "not done",
            id="what fires no more",
        ),
        pytest.param(firing(), "!silence off", "202611-001 has no silence", id="no silence to end"),
    ],
)
def test_what_cannot_be_silenced_says_why(facts: Facts, text: str, answer: str) -> None:
    decision = writes(text, facts=facts)
    assert results(decision)[0].startswith("not done")
    assert answer in results(decision)[0]
    assert "silenced" not in changed(decision)


def test_a_ticket_of_people_has_nothing_to_silence() -> None:
    assert "did not come of alerts" in results(writes("!silence"))[0]


@pytest.mark.parametrize(
    ("text", "by"),
    [
        pytest.param("!silence off", CHEN, id="by command"),
        pytest.param("!静默 结束", CHEN, id="in Chinese"),
        pytest.param("!resolve freed the disk", LI, id="with the solution"),
        pytest.param("!close it is gone", CHEN, id="with the ticket"),
    ],
)
def test_it_ends(text: str, by: str) -> None:
    decision = writes(text, by, facts=after("!silence", facts=firing()))
    assert [event.kind for event in decision.events if isinstance(event, SilenceEnded)] == ["silence_ended"]
    assert ticket_of(decision).silence is None


def test_the_rulebook_may_silence_whatever_is_worked_on() -> None:
    facts = firing(rulebook=WORKING)
    decision = writes("!take", facts=facts, rulebook=WORKING)
    assert silenced(decision).by == LI
    assert "silenced" not in changed(writes("!take", facts=facts))
    assert "silenced" not in changed(writes("!take", facts=firing(EMPTY), rulebook=WORKING))


KEYS = [
    pytest.param(
        {"alertname": "Slow", "service": "checkout", "job": "web"},
        {"alertname": "Slow", "service": "checkout", "cluster": ""},
        id="of a choice the first label that is there",
    ),
    pytest.param(
        {"alertname": "Slow", "job": "web", "cluster": "eu"},
        {"alertname": "Slow", "service": "", "job": "web", "cluster": "eu"},
        id="an alert with the label before it would belong to another ticket",
    ),
    pytest.param({"job": "a\nb"}, {}, id="a value that the key cannot tell from two"),
    pytest.param({"severity": "page"}, {}, id="no label of the key"),
]


@pytest.mark.parametrize(("labels", "wanted"), KEYS)
def test_the_silence_covers_what_would_join_the_ticket_and_nothing_else(
    labels: dict[str, str], wanted: dict[str, str]
) -> None:
    assert labels_of(an_alert(labels=Map(labels))) == wanted


NAMES = st.sampled_from(("alertname", "service", "job", "cluster", "instance"))
SOME_LABELS = st.dictionaries(NAMES, st.sampled_from(("", "a", "b", "a=b")), max_size=5)


@given(SOME_LABELS, SOME_LABELS)
def test_an_alert_is_silenced_exactly_where_it_would_join_the_ticket(
    ours: dict[str, str], other: dict[str, str]
) -> None:
    ticket, alert = an_alert(labels=Map(ours)), an_alert(labels=Map(other))
    silenced = labels_of(ticket)
    if silenced:
        matches = all(other.get(name, "") == value for name, value in silenced.items())
        assert matches == (ticket_key(alert, RULEBOOK) == ticket_key(ticket, RULEBOOK))


def test_a_key_of_another_rulebook_silences_nothing() -> None:
    ticket = decide(an_alert(), REACHABLE, RULEBOOK, NOW).ticket
    assert ticket is not None
    alerts = RULEBOOK.alerts.model_copy(update={"key": ("namespace", "pod", "cluster")})
    assert silenced_labels(ticket, RULEBOOK.model_copy(update={"alerts": alerts})) == ()
