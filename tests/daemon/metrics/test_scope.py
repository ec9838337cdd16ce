"""Which label values there are, and what a promise is worth in seconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.metrics.catalogue import CLOCKS_FINISHED, RESOLUTION, RESOLUTION_WALL, RESPONSE
from daemon.metrics.scope import Scope, fit
from daemon.metrics.targets import EDGES, bucket_of, duration_edges, first_promise, limit_seconds, targets
from rules.calendar.duration import Duration
from rules.sections.closing import Aspect, SatisfactionRules, Step
from rules.sections.promises import ClockRule, ClockVariant, OwedRule
from rules.sections.section import Condition
from tests.daemon.metrics.filling import RULEBOOK, SCOPE

BUSY = RULEBOOK.model_copy(
    update={
        "clocks": (
            ClockRule(name="first_word", stops=("accepted", "responded"), limit={"*": Duration.parse("1h")}),
            *(
                rule.model_copy(
                    update={"variants": (ClockVariant(when=Condition(), limit={"*": Duration.parse("4m")}),)}
                )
                for rule in RULEBOOK.clocks
            ),
            *(ClockRule(name=f"clock{n}", stops=("closed",), limit={"*": Duration.parse("1h")}) for n in range(6)),
        ),
        "owed": (
            OwedRule(name="article", limit={"*": Duration.parse("5d")}),
            OwedRule(name="onsite_report", limit={"*": Duration.parse("1d")}),
        ),
        "satisfaction": SatisfactionRules(
            steps=(Step(name="good", names={"en": "good"}), Step(name="bad", names={"en": "bad"})),
            aspects=(Aspect(name="speed", names={"en": "speed"}),),
        ),
    }
)


def test_a_usual_desk_fits_whole() -> None:
    space = fit(SCOPE)
    assert space.values("team") == ("hardware", "software", "account", "support")
    assert space.values("source") == ("prod", "office")
    assert space.values("clock") == ("response", "resolution", "progress")


def test_of_too_many_names_the_last_ones_are_other() -> None:
    crowd = tuple(f"source {n}" for n in range(400))
    space = fit(Scope(rulebook=RULEBOOK, sources=crowd))
    shown = space.values("source")
    assert shown == crowd[: len(shown)]
    assert 10 < len(shown) < 100
    assert space.values("team") == ("hardware", "software", "account", "support")
    assert space.fold({"source": "source"}, ["source 399"]) == ("other",)


def test_what_an_earlier_file_declared_is_other_as_a_whole() -> None:
    labels = CLOCKS_FINISHED.labels
    assert fit(SCOPE).fold(labels, ["gone", "P1", "response", "met"]) == ("other", "other", "other", "met")
    assert fit(SCOPE).fold(labels, ["hardware", "P1", "response", "met"]) == ("hardware", "P1", "response", "met")


def test_a_desk_of_ten_clocks_and_two_debts_is_shown_whole() -> None:
    space = fit(Scope(rulebook=BUSY, sources=("prod",), mailboxes=("support",)))
    assert len(space.values("clock")) == 12
    assert space.values("owed") == ("article", "onsite_report")
    assert space.values("aspect") == ("whole", "speed")
    assert space.values("step") == ("good", "bad")


def test_a_limit_for_every_level_is_told_for_each() -> None:
    told = {(clock, level): seconds for clock, level, seconds in targets(BUSY)}
    assert [told["article", level] for level in BUSY.priority.levels] == [5 * 86_400.0] * 4


def test_the_limits_of_variants_are_edges_too() -> None:
    assert 240.0 in duration_edges(RESPONSE, BUSY)
    assert 240.0 not in duration_edges(RESPONSE, RULEBOOK)


def test_the_clock_of_a_promise_is_the_one_that_nothing_else_stops() -> None:
    first = first_promise(BUSY, "responded")
    assert first is not None
    assert first.name == "response"
    assert first_promise(BUSY, "arrived") is None


def test_a_wrong_number_of_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        fit(SCOPE).fold({"team": "team"}, ["hardware", "P1"])


@pytest.mark.parametrize(
    ("limit", "seconds"),
    [
        pytest.param("90m", 5_400, id="clock time"),
        pytest.param("4wh", 14_400, id="working hours are hours"),
        pytest.param("1.5wd", 43_200, id="a working day has eight hours here"),
    ],
)
def test_what_a_promise_is_worth(limit: str, seconds: float) -> None:
    assert limit_seconds(Duration.parse(limit), RULEBOOK.calendars["office"]) == seconds


def test_only_promised_time_has_the_promises_as_edges() -> None:
    assert set(duration_edges(RESOLUTION, RULEBOOK)) == {*EDGES, 4 * 3600, 24 * 3600, 3 * 8 * 3600, 5 * 8 * 3600}
    assert duration_edges(RESOLUTION_WALL, RULEBOOK) == EDGES


@given(st.floats(min_value=0, max_value=1e8))
def test_a_duration_falls_into_the_first_bucket_that_holds_it(seconds: float) -> None:
    bound = float(bucket_of(seconds, EDGES))
    assert seconds <= bound
    assert all(edge < seconds for edge in EDGES if edge < bound)
