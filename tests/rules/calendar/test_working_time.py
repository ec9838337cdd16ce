"""When a promise falls due: tables of single days that matter, then the laws that hold on all others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.calendar.calendars import Calendar, CalendarSettings, Interval
from rules.calendar.duration import Duration
from rules.calendar.working_time import Pause, due, worked

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY = (*WEEKDAYS, "sat", "sun")


def calendar(zone: str, days: tuple[str, ...], *shifts: str, **more: object) -> Calendar:
    return Calendar(CalendarSettings.model_validate({"timezone": zone, **dict.fromkeys(days, shifts), **more}))


OFFICE = calendar("Asia/Shanghai", WEEKDAYS, "09:00-12:00", "13:30-18:00", holidays="CN", extra_holidays=["12-24"])
NIGHT = calendar("America/New_York", WEEKDAYS, "22:00-06:00")
ALWAYS = calendar("America/New_York", EVERY_DAY, "00:00-24:00")


def at(text: str, zone: ZoneInfo = SHANGHAI, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def shanghai(start: str, limit: str, *pauses: Pause) -> str:
    reached = due(at(start), Duration.parse(limit), OFFICE, pauses).at
    assert reached is not None
    return reached.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        pytest.param("2026-11-23 09:00", "2wh", "2026-11-23 11:00", id="within the morning"),
        pytest.param("2026-11-23 11:00", "2wh", "2026-11-23 14:30", id="across the lunch break"),
        pytest.param("2026-11-23 11:00", "60wm", "2026-11-23 12:00", id="runs out at the break: due at its start"),
        pytest.param("2026-11-23 17:00", "1wh", "2026-11-23 18:00", id="runs out at closing: due at closing"),
        pytest.param("2026-11-23 17:00", "90wm", "2026-11-24 09:30", id="overnight"),
        pytest.param("2026-11-27 17:00", "2wh", "2026-11-30 10:00", id="over the weekend"),
        pytest.param("2026-11-23 03:00", "1wh", "2026-11-23 10:00", id="from before opening"),
        pytest.param("2026-11-23 10:00", "0wh", "2026-11-23 10:00", id="nothing, in hours: at once"),
        pytest.param("2026-11-23 12:30", "0wh", "2026-11-23 13:30", id="nothing, in the break: at the next opening"),
        pytest.param("2026-11-23 18:00", "0wm", "2026-11-24 09:00", id="nothing, at closing: at the next opening"),
        pytest.param("2026-11-27 20:00", "0wd", "2026-11-30 09:00", id="no days, outside hours: next opening"),
        pytest.param("2026-02-13 17:00", "2wh", "2026-02-14 10:00", id="a make-up Saturday counts"),
        pytest.param("2026-02-14 17:00", "2wh", "2026-02-24 10:00", id="the Spring Festival does not"),
        pytest.param("2026-12-23 17:00", "2wh", "2026-12-25 10:00", id="a day the company gives every year"),
        pytest.param("2026-11-28 10:00", "24h", "2026-11-29 10:00", id="the clock runs on a Saturday"),
        pytest.param("2026-11-28 10:00", "0m", "2026-11-28 10:00", id="nothing on the clock"),
        pytest.param("2026-11-23 10:15", "3wd", "2026-11-26 10:15", id="the same time three working days on"),
        pytest.param("2026-11-26 10:15", "3wd", "2026-12-01 10:15", id="days without hours are skipped"),
        pytest.param("2026-11-23 19:00", "3wd", "2026-11-27 09:00", id="after closing: counts from the next opening"),
        pytest.param("2026-11-23 18:00", "1wd", "2026-11-25 09:00", id="at closing: counts from the next opening"),
        pytest.param("2026-11-23 12:45", "1wd", "2026-11-24 13:30", id="in the break: counts from its end"),
        pytest.param("2026-02-13 10:00", "1wd", "2026-02-14 10:00", id="a make-up Saturday is a working day"),
        pytest.param("2026-11-23 09:00", "0.5wd", "2026-11-23 14:15", id="half of a day's seven and a half hours"),
        pytest.param("2026-11-23 17:00", "1.2wd", "2026-11-25 09:30", id="a day, and a fifth of one"),
    ],
)
def test_a_limit_falls_due(start: str, limit: str, expected: str) -> None:
    assert shanghai(start, limit) == expected


SHORT_FRIDAY = calendar(
    "Europe/Berlin", WEEKDAYS[:3], "08:00-17:00", thu=["10:00-17:00"], fri=["08:00-12:00", "12:30-14:00"]
)


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        pytest.param("2026-11-25 16:00", "2wd", "2026-11-27 14:00", id="after closing there: at closing"),
        pytest.param("2026-11-25 12:15", "2wd", "2026-11-27 12:00", id="in a break there: at its start"),
        pytest.param("2026-11-25 09:00", "1wd", "2026-11-26 10:00", id="before opening there: at opening"),
        pytest.param("2026-11-27 14:00", "1wd", "2026-12-01 08:00", id="from closing on Friday: Monday's opening"),
    ],
)
def test_days_of_unequal_hours(start: str, limit: str, expected: str) -> None:
    zone = ZoneInfo("Europe/Berlin")

    reached = due(at(start, zone), Duration.parse(limit), SHORT_FRIDAY).at

    assert reached == at(expected, zone)


@pytest.mark.parametrize(
    ("start", "limit", "of", "expected"),
    [
        pytest.param("2026-03-08T01:00", "3wh", ALWAYS, "2026-03-08T05:00", id="the hour of the gap is not worked"),
        pytest.param("2026-11-01T00:00", "3wh", ALWAYS, "2026-11-01T02:00", id="the hour of the fold is worked twice"),
        pytest.param("2026-03-08T01:00", "3h", None, "2026-03-08T05:00", id="the clock over the gap"),
        pytest.param("2026-03-07T12:00", "1d", None, "2026-03-08T13:00", id="a clock day over the gap has 24 hours"),
        pytest.param("2026-03-07T02:30", "1wd", ALWAYS, "2026-03-08T03:00", id="a time of day the gap skips"),
        pytest.param("2026-03-07T12:00", "1wd", ALWAYS, "2026-03-08T12:00", id="a working day keeps the local time"),
        pytest.param("2026-03-10T23:00", "10wh", NIGHT, "2026-03-12T01:00", id="night shifts"),
        pytest.param("2026-03-11T02:00", "2wd", NIGHT, "2026-03-13T02:00", id="after midnight is still that shift"),
        pytest.param("2026-03-14T02:00", "1wd", NIGHT, "2026-03-17T02:00", id="Friday's shift, Monday's shift"),
    ],
)
def test_clocks_that_change_and_nights_that_are_worked(
    start: str, limit: str, of: Calendar | None, expected: str
) -> None:
    assert due(at(start, NEW_YORK), Duration.parse(limit), of).at == at(expected, NEW_YORK)


def test_the_second_pass_of_the_hour_shown_twice() -> None:
    start = at("2026-11-01T01:30", NEW_YORK, fold=1)

    assert due(start, Duration.parse("1wh"), ALWAYS).at == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


def pause(start: str, end: str | None = None) -> Pause:
    return Pause(at(start), None if end is None else at(end))


@pytest.mark.parametrize(
    ("start", "limit", "pauses", "expected"),
    [
        pytest.param(
            "2026-11-23 09:00", "2wh", [pause("2026-11-23 10:00", "2026-11-23 10:30")], "2026-11-23 11:30", id="inside"
        ),
        pytest.param(
            "2026-11-23 16:00", "2wh", [pause("2026-11-23 17:00", "2026-11-24 10:00")], "2026-11-24 11:00", id="closing"
        ),
        pytest.param(
            "2026-11-23 09:00",
            "2wh",
            [pause("2026-11-23 09:30", "2026-11-23 10:00"), pause("2026-11-23 09:45", "2026-11-23 10:30")],
            "2026-11-23 12:00",
            id="two that overlap count once",
        ),
        pytest.param(
            "2026-11-23 09:00",
            "1wh",
            [pause("2026-11-23 10:00", "2026-11-23 11:00")],
            "2026-11-23 10:00",
            id="runs out as it begins",
        ),
        pytest.param("2026-11-23 09:00", "1wh", [pause("2026-11-23 10:30")], "2026-11-23 10:00", id="open, but later"),
        pytest.param(
            "2026-11-28 09:00", "2h", [pause("2026-11-28 10:00", "2026-11-28 12:00")], "2026-11-28 13:00", id="clock"
        ),
        pytest.param(
            "2026-11-23 10:00",
            "1wd",
            [pause("2026-11-23 16:00", "2026-11-23 17:00")],
            "2026-11-24 11:00",
            id="a working day gains the working time lost",
        ),
        pytest.param(
            "2026-11-23 10:00",
            "1wd",
            [pause("2026-11-23 19:00", "2026-11-24 08:00")],
            "2026-11-24 10:00",
            id="a pause at night costs no working day anything",
        ),
        pytest.param(
            "2026-11-23 10:00",
            "1wd",
            [pause("2026-11-24 09:30", "2026-11-24 11:00")],
            "2026-11-24 11:30",
            id="a pause over the due instant of a working day",
        ),
    ],
)
def test_time_in_a_pause_does_not_count(start: str, limit: str, pauses: list[Pause], expected: str) -> None:
    assert shanghai(start, limit, *pauses) == expected


@pytest.mark.parametrize("limit", ["4h", "4wh", "2wd"])
def test_an_open_pause_holds_the_clock(limit: str) -> None:
    held = due(at("2026-11-23 09:00"), Duration.parse(limit), OFFICE, [pause("2026-11-23 10:00")])

    assert held.at is None


def test_the_counted_intervals_explain_the_due_time() -> None:
    reached = due(
        at("2026-11-23 11:00"), Duration.parse("3wh"), OFFICE, [pause("2026-11-23 14:00", "2026-11-23 14:30")]
    )

    assert reached.counted == (
        Interval(at("2026-11-23 11:00"), at("2026-11-23 12:00")),
        Interval(at("2026-11-23 13:30"), at("2026-11-23 14:00")),
        Interval(at("2026-11-23 14:30"), at("2026-11-23 16:00")),
    )


def test_time_worked_is_what_lies_in_hours_and_outside_pauses() -> None:
    found = worked(
        at("2026-11-23 08:00"), at("2026-11-24 10:00"), OFFICE, [pause("2026-11-23 11:00", "2026-11-23 14:00")]
    )

    assert found.time == timedelta(hours=7)
    assert worked(at("2026-11-24 10:00"), at("2026-11-23 10:00"), OFFICE).time == timedelta(0)
    assert worked(at("2026-11-28 10:00"), at("2026-11-29 10:00"), None).time == timedelta(hours=24)


@pytest.mark.parametrize(
    ("limit", "of", "complaint"),
    [
        pytest.param("3wh", None, "3wh counts working time and needs a calendar", id="no calendar"),
        pytest.param("30000wh", OFFICE, "too little working time within ten years", id="too many hours"),
        pytest.param("3000wd", OFFICE, "too little working time within ten years", id="too many days"),
    ],
)
def test_what_cannot_be_found_is_said(limit: str, of: Calendar | None, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        due(at("2026-11-23 09:00"), Duration.parse(limit), of)


@pytest.mark.parametrize(
    ("start", "complaint"),
    [
        pytest.param(datetime(2026, 11, 23, 9), "has no time zone", id="naive"),  # noqa: DTZ001  # that is the point
        pytest.param(datetime(9999, 12, 31, tzinfo=UTC), "not in the years", id="at the end of time"),
    ],
)
def test_a_start_no_report_has_is_refused(start: datetime, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        due(start, Duration.parse("1h"), OFFICE)


ZONES = (
    "UTC",
    "Asia/Shanghai",
    "America/New_York",
    "Europe/London",
    "America/Sao_Paulo",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Havana",
    "Antarctica/Troll",
)
WEEKS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (WEEKDAYS, ("09:00-12:00", "13:30-18:00")),
    (EVERY_DAY, ("00:00-24:00",)),
    (WEEKDAYS, ("22:00-06:00",)),
    (("sun",), ("00:30-01:15", "01:45-02:30", "02:45-23:15")),
)


@lru_cache
def calendar_in(zone: str, week: int) -> Calendar:
    days, shifts = WEEKS[week]
    return calendar(zone, days, *shifts)


calendars = st.builds(calendar_in, st.sampled_from(ZONES), st.sampled_from(range(len(WEEKS))))
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)


def weeks_in_which_clocks_change() -> list[datetime]:
    weeks = [FIRST + number * WEEK for number in range(40 * 52)]
    zones = [ZoneInfo(name) for name in ZONES]
    return [
        week
        for week in weeks
        if any(week.astimezone(zone).utcoffset() != (week + WEEK).astimezone(zone).utcoffset() for zone in zones)
    ]


within_a_week = st.timedeltas(timedelta(0), WEEK)
starts = st.one_of(
    st.builds(lambda days, rest: FIRST + timedelta(days=days) + rest, st.integers(0, 40 * 365), within_a_week),
    st.builds(lambda week, rest: week + rest, st.sampled_from(weeks_in_which_clocks_change()), within_a_week),
)
minutes = st.integers(0, 6000).map(lambda amount: Duration(Decimal(amount), "wm"))
days = st.integers(0, 20).map(lambda amount: Duration(Decimal(amount), "wd"))


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    lengths = st.timedeltas(timedelta(0), timedelta(days=3))
    return [Pause(start, start + draw(lengths)) for start in draw(st.lists(starts, max_size=3))]


def reached(start: datetime, limit: Duration, of: Calendar, breaks: list[Pause] | None = None) -> datetime:
    found = due(start, limit, of, breaks or []).at
    assert found is not None
    return found


@settings(max_examples=150)
@given(start=starts, limit=minutes, of=calendars, gap=st.timedeltas(timedelta(0), timedelta(days=9)), breaks=pauses())
def test_what_is_due_after_some_work_was_worked(
    start: datetime, limit: Duration, of: Calendar, gap: timedelta, breaks: list[Pause]
) -> None:
    near = [*breaks, Pause(start + gap, start + gap * 2)]

    found = due(start, limit, of, near)

    assert found.at is not None
    assert worked(start, found.at, of, near).time == limit.length()
    assert sum((span.length for span in found.counted), timedelta(0)) == limit.length()


@settings(max_examples=100)
@given(start=starts, later=st.timedeltas(timedelta(0), timedelta(days=4)), limit=minutes, of=calendars)
def test_a_later_start_is_never_due_earlier(start: datetime, later: timedelta, limit: Duration, of: Calendar) -> None:
    assert reached(start, limit, of) <= reached(start + later, limit, of)


@settings(max_examples=100)
@given(start=starts, limit=days, more=st.integers(0, 3), of=calendars)
def test_more_working_days_are_never_due_earlier(start: datetime, limit: Duration, more: int, of: Calendar) -> None:
    assert reached(start, limit, of) <= reached(start, Duration(limit.amount + more, "wd"), of)


@settings(max_examples=100)
@given(start=starts, first=minutes, second=minutes.filter(lambda limit: limit.amount > 0), of=calendars)
def test_two_stretches_of_work_add_up(start: datetime, first: Duration, second: Duration, of: Calendar) -> None:
    together = Duration(first.amount + second.amount, "wm")

    assert reached(reached(start, first, of), second, of) == reached(start, together, of)


@settings(max_examples=100)
@given(start=starts, limit=days, of=calendars)
def test_working_days_end_in_working_time(start: datetime, limit: Duration, of: Calendar) -> None:
    end = reached(start, limit, of)

    day = end.astimezone(of.zone).date()
    near = [span for back in range(3) for span in of.hours(day - timedelta(days=back))]
    assert any(span.start <= end <= span.end for span in near)


@settings(max_examples=100)
@given(start=starts, limit=st.one_of(minutes, days), of=calendars, breaks=pauses())
def test_a_pause_never_brings_the_due_time_forward(
    start: datetime, limit: Duration, of: Calendar, breaks: list[Pause]
) -> None:
    assert reached(start, limit, of, breaks) >= reached(start, limit, of)


@settings(max_examples=200)
@given(instant=starts, of=calendars)
def test_an_instant_is_worked_where_the_wall_shows_a_time_in_a_shift(instant: datetime, of: Calendar) -> None:
    near = [(instant + timedelta(hours=hours)).astimezone(of.zone).utcoffset() for hours in range(-48, 49, 6)]
    # An hour shown twice is meant the first time, which the wall does not tell.
    assume(near == sorted(near, key=lambda offset: offset or timedelta(0)))
    wall = instant.astimezone(of.zone)
    minute = wall.hour * 60 + wall.minute
    today, yesterday = of.day(wall.date()), of.day(wall.date() - timedelta(days=1))
    shown = any(shift.opens <= minute < shift.closes for shift in today.shifts)
    shown = shown or any(shift.opens <= minute + 24 * 60 < shift.closes for shift in yesterday.shifts)

    assert (due(instant, Duration.parse("0wm"), of).at == instant) is shown
