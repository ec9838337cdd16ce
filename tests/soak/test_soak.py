"""A short cut of `make soak`, and that it would see what grows."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.soak.figures import Figures, Sample, as_table
from tests.soak.run import Plan, soak

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink


@pytest.mark.slow
def test_the_books_balance_and_nothing_grows(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    outcome = soak(Plan(seconds=12, pace=10, life=4), mailbox, smtp_sink, Random(8))
    assert outcome.is_good, "\n".join((as_table(outcome.figures.rows()), *outcome.troubles))
    assert outcome.kills + outcome.stops, "how many and which depends on how fast the machine starts the daemon again"
    assert outcome.mails > 20


def a_run(**last: float) -> Figures:
    """Two minutes whose last half may differ."""
    usual = {"memory": 90, "files": 20, "threads": 5, "scrape": 0.01}
    samples = [Sample(at=at, **(usual | (last if at > 60 else {}))) for at in range(1, 121)]  # type: ignore[arg-type]
    return Figures(120, samples)


@pytest.mark.parametrize(
    ("last", "grown"),
    [
        pytest.param({}, [], id="a steady run is good"),
        pytest.param({"memory": 107}, [], id="memory may grow by a fifth"),
        pytest.param({"memory": 110}, ["memory, MiB"], id="but by no more"),
        pytest.param({"files": 26}, [], id="requests and letters under way are no leak"),
        pytest.param({"files": 30}, ["open files"], id="open files may not grow"),
        pytest.param({"threads": 6}, ["threads"], id="nor may threads"),
        pytest.param({"scrape": 1}, [], id="how long a scrape takes is only told"),
    ],
)
def test_what_grows_is_seen(last: dict[str, float], grown: list[str]) -> None:
    assert [row.name for row in a_run(**last).rows() if not row.kept] == grown
