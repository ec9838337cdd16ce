"""Which label values there are, and what a promise is worth in seconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.metrics.catalogue import RESOLUTION, RESOLUTION_WALL
from daemon.metrics.scope import Scope, fit
from daemon.metrics.targets import EDGES, bucket_of, duration_edges, limit_seconds
from rules.calendar.duration import Duration
from tests.daemon.metrics.filling import RULEBOOK, SCOPE


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
