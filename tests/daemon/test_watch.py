"""What works and what does not is said once for each change."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from daemon.watch import Watch


def test_a_part_that_is_expected_does_not_work_yet() -> None:
    watch = Watch()
    watch.expect("database")
    assert not watch.conditions()["database"].working
    watch.works("database")
    watch.expect("database")
    assert watch.conditions()["database"].working


def test_a_change_is_logged_once_however_often_it_is_told() -> None:
    watch = Watch()
    with capture_logs() as logs:
        for _ in range(3):
            watch.fails("smtp", "refused")
        watch.fails("smtp", "timed out")
        for _ in range(3):
            watch.works("smtp")
    said = [(line["event"], line.get("reason")) for line in logs]
    assert said == [("part.fails", "refused"), ("part.fails", "timed out"), ("part.works", None)]


@pytest.mark.parametrize(("allowed", "late"), [(60.0, []), (-1.0, ["clock", "desk"])])
def test_a_loop_is_late_when_it_has_not_come_round(allowed: float, late: list[str]) -> None:
    watch = Watch()
    watch.beat("desk")
    watch.beat("clock")
    assert watch.late(allowed) == late
