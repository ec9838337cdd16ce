"""What a rulebook may write for a length of time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from rules.calendar.duration import Duration


class Limit(BaseModel):
    time: Duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("0m", timedelta(0), id="nothing"),
        pytest.param("30s", timedelta(seconds=30), id="seconds"),
        pytest.param("30m", timedelta(minutes=30), id="minutes"),
        pytest.param("4h", timedelta(hours=4), id="hours"),
        pytest.param("2d", timedelta(hours=48), id="a day on the clock has 24 hours"),
        pytest.param("1.5h", timedelta(minutes=90), id="a decimal hour"),
        pytest.param("90wm", timedelta(minutes=90), id="working minutes"),
        pytest.param(" 4wh ", timedelta(hours=4), id="space around it is forgiven"),
    ],
)
def test_a_duration_has_an_exact_length(text: str, length: timedelta) -> None:
    assert Duration.parse(text).length() == length


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param("-3h", "is negative", id="negative"),
        pytest.param("3", "write a number and a unit", id="no unit"),
        pytest.param("3 weeks", "write a number and a unit", id="an unknown unit"),
        pytest.param("h", "write a number and a unit", id="no number"),
        pytest.param("1e3h", "write a number and a unit", id="an exponent"),
        pytest.param("３h", "write a number and a unit", id="a full-width digit"),
        pytest.param("3H", "write a number and a unit", id="a capital unit"),
        pytest.param("NaNh", "write a number and a unit", id="not a number"),
        pytest.param("3661d", "longer than ten years", id="more than ten years"),
        pytest.param("4000wd", "longer than ten years", id="more than ten years of working days"),
    ],
)
def test_what_is_no_duration_is_refused_with_a_sentence(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        pytest.param("4.500", "4.5h", id="trailing zeros go"),
        pytest.param("10", "10h", id="a zero before the point stays"),
        pytest.param("1E+2", "100h", id="no exponent"),
        pytest.param("0.0", "0h", id="zero"),
    ],
)
def test_the_text_is_canonical(amount: str, text: str) -> None:
    assert str(Duration(Decimal(amount), "h")) == text


def test_the_length_of_working_days_is_not_told() -> None:
    with pytest.raises(ValueError, match="the calendar decides"):
        Duration.parse("3wd").length()


@given(
    amount=st.decimals(min_value=0, max_value=3600, places=3),
    unit=st.sampled_from(["s", "m", "h", "d", "wm", "wh", "wd"]),
)
def test_the_text_reads_back_as_the_same_duration(amount: Decimal, unit: str) -> None:
    duration = Duration.parse(f"{amount:f}{unit}")

    assert Duration.parse(str(duration)) == duration


def test_a_rulebook_field_takes_and_gives_the_text() -> None:
    limit = Limit.model_validate({"time": "3.0wd"})

    assert limit.time == Duration(Decimal(3), "wd")
    assert limit.model_dump(mode="json") == {"time": "3wd"}
    assert Limit.model_json_schema()["properties"]["time"]["type"] == "string"


def test_a_rulebook_field_says_what_is_wrong() -> None:
    with pytest.raises(ValidationError, match="write a number and a unit, such as 30m"):
        Limit.model_validate({"time": 30})
