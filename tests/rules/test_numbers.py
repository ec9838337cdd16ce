"""Ticket numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.numbers import format_number, serial_period
from rules.sections.desk import Numbers
from tests.samples import RULEBOOK

#: Half past one in the night of the first of December in Shanghai, still November in London.
TURN = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("serial", "number"),
    [
        pytest.param(1, "202612-001", id="at least three digits"),
        pytest.param(999, "202612-999", id="the last of three"),
        pytest.param(1000, "202612-1000", id="then wider, never cut"),
    ],
)
def test_a_number_names_its_month_in_the_rulebooks_zone(serial: int, number: str) -> None:
    assert format_number(RULEBOOK, serial, TURN) == number


@pytest.mark.parametrize(
    ("restart", "period"), [("never", "all"), ("year", "2026"), ("month", "2026-12"), ("day", "2026-12-01")]
)
def test_serials_restart_with_their_period(restart: str, period: str) -> None:
    rulebook = RULEBOOK.model_copy(update={"numbers": Numbers.model_validate({"restart": restart})})
    assert serial_period(rulebook, TURN) == period


def test_a_daily_number_can_be_written_as_the_second_standard_does() -> None:
    numbers = Numbers(format="SR{year}{month}{day}{serial}", digits=4, restart="day")
    assert format_number(RULEBOOK.model_copy(update={"numbers": numbers}), 1, TURN) == "SR202612010001"
