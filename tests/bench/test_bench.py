"""A short cut of `make bench`: that it runs, and that nothing has become slower by a multiple."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.bench.__main__ import PARTS, measure
from tests.bench.corpus import make_corpus
from tests.bench.results import Line, Mark, as_json, as_table

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Of the mark: the machine may be busy, small, or both.
LOW_FLOOR = 0.2
SIZE = 100


@pytest.fixture(scope="module")
def lines() -> Sequence[Line]:
    return measure(["all"], make_corpus(SIZE))


@pytest.mark.slow
def test_every_rate_is_above_a_low_floor(lines: Sequence[Line]) -> None:
    marked = {line.name: (line.value, line.mark.at_least) for line in lines if line.mark and line.mark.at_least}
    slow = {name: value for name, (value, wanted) in marked.items() if value < wanted * LOW_FLOOR}
    assert len(marked) == 6
    assert not slow


@pytest.mark.slow
def test_the_daemon_stays_small(lines: Sequence[Line]) -> None:
    assert next(line for line in lines if line.unit == " MiB").met


def test_a_mark_is_missed_by_its_rate_or_by_its_slowest_answers() -> None:
    mark = Mark(at_least=1000, p99_below=150)
    verdicts = [
        Line(name="repeats", value=value, p99=p99, mark=mark).met for value, p99 in ((1200, 90), (900, 90), (1200, 180))
    ]
    assert verdicts == [True, False, False]


def test_the_table_and_the_json_tell_the_same() -> None:
    line = Line(name="start until ready", value=1.25, unit=" s", mark=Mark(at_most=2))
    assert "1.25 s" in as_table([line])
    assert json.loads(as_json([line]))["lines"][0]["met"] is True


def test_every_part_can_be_asked_for_alone() -> None:
    assert {"mails", "letters", "webhooks", "new-groups", "storm", "postgres", "start", "memory"} <= set(PARTS)
