"""Which hours of which days are worked, and what a calendar refuses."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from rules.calendar.calendars import Calendar, CalendarSettings, build
from rules.calendar.shifts import WEEKDAYS

OFFICE_WEEK: dict[str, object] = {day: ["09:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def calendar(zone: str, **settings: object) -> Calendar:
    return Calendar(CalendarSettings.model_validate({"timezone": zone, **(settings or OFFICE_WEEK)}))


def local_hours(of: Calendar, day: str) -> list[str]:
    spans = of.hours(date.fromisoformat(day))
    return [f"{span.start.astimezone(of.zone):%dT%H:%M}-{span.end.astimezone(of.zone):%dT%H:%M}" for span in spans]


def test_a_calendar_is_read_from_a_rulebook() -> None:
    text = """
    [calendars.office]
    timezone = "Asia/Shanghai"
    mon = ["13:30-18:00", "9:00-12:00"]
    holidays = "CN"
    extra_holidays = ["2026-12-31", 2026-12-30, "12-24"]
    extra_workdays = { "2027-02-06" = "mon" }
    """
    settings = CalendarSettings.model_validate(tomllib.loads(text)["calendars"]["office"])

    office = build({"office": settings})["office"]

    assert local_hours(office, "2026-11-23") == ["23T09:00-23T12:00", "23T13:30-23T18:00"]
    assert [str(shift) for shift in office.day(date(2026, 11, 23)).shifts] == ["09:00-12:00", "13:30-18:00"]


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        pytest.param({"mon": ["9-12"]}, "'9-12' is not a shift", id="not two times of day"),
        pytest.param({"mon": ["09:00-25:00"]}, "25:00 is no time of day", id="an hour no clock shows"),
        pytest.param({"mon": ["09:60-12:00"]}, "09:60 is no time of day", id="a minute no clock shows"),
        pytest.param({"mon": ["09:00-09:00"]}, "has no length", id="a shift of no length"),
        pytest.param({"mon": ["24:00-06:00"]}, "has no length", id="a shift that starts at the day's end"),
        pytest.param(
            {"mon": ["09:00-12:00", "11:00-18:00"]}, "mon 09:00-12:00 and mon 11:00-18:00 overlap", id="two of one day"
        ),
        pytest.param(
            {"sun": ["22:00-06:00"], "mon": ["05:00-09:00"]}, "sun 22:00-06:00 and mon 05:00-09:00", id="over midnight"
        ),
        pytest.param({"timezone": "Mars/Olympus"}, "'Mars/Olympus' is not a time zone", id="an unknown zone"),
        pytest.param({"timezone": "America"}, "'America' is not a time zone", id="a folder of zones"),
        pytest.param({"timezone": "/etc/passwd"}, "is not a time zone", id="a path"),
        pytest.param({"holidays": "china"}, "write its ISO code", id="a country by its name"),
        pytest.param({"holidays": "XX"}, "knows no such country", id="an unknown country"),
        pytest.param({"holidays": "DE-ZZ"}, "knows no such place", id="an unknown subdivision"),
        pytest.param({"extra_holidays": ["tomorrow"]}, "'tomorrow' is not a day", id="a word for a day"),
        pytest.param({"extra_holidays": ["02-30"]}, "a day no year has", id="the thirtieth of February"),
        pytest.param({"extra_workdays": {"2026-02-30": "mon"}}, "is not a day", id="a workday no calendar shows"),
        pytest.param({"extra_workdays": {"2026-02-28": "monday"}}, "extra_workdays", id="a weekday by its long name"),
        pytest.param(
            {"extra_holidays": ["2026-02-28"], "extra_workdays": {"2026-02-28": "mon"}},
            "2026-02-28 is in extra_holidays and in extra_workdays",
            id="a day both free and worked",
        ),
        pytest.param({"fry": ["09:00-12:00"]}, "fry", id="an unknown key"),
        pytest.param({"mon": []}, "no working hours", id="no hours at all"),
    ],
)
def test_a_mistake_is_named(settings: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        CalendarSettings.model_validate({"timezone": "Asia/Shanghai", "mon": ["09:00-12:00"]} | settings)


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    night = calendar("Europe/Berlin", mon=["22:00-06:00"])

    assert local_hours(night, "2026-11-23") == ["23T22:00-24T06:00"]
    assert local_hours(night, "2026-11-24") == []


@pytest.mark.parametrize(
    ("day", "hours", "reason"),
    [
        pytest.param("2026-11-23", 2, "mon", id="a weekday"),
        pytest.param("2026-11-22", 0, "sun", id="a Sunday"),
        pytest.param("2026-10-01", 0, "public holiday of CN", id="the National Day"),
        pytest.param("2026-02-14", 2, "make-up working day of CN, like mon", id="a make-up Saturday"),
        pytest.param("2026-12-31", 0, "extra holiday", id="a day the company gives"),
        pytest.param("2031-12-24", 0, "extra holiday", id="a day the company gives every year"),
        pytest.param("2027-02-06", 2, "extra workday, like mon", id="a holiday the company works on"),
    ],
)
def test_a_day_says_why_it_is_worked_or_free(day: str, hours: int, reason: str) -> None:
    office = calendar(
        "Asia/Shanghai",
        **OFFICE_WEEK,
        holidays="CN",
        extra_holidays=["2026-12-31", "12-24"],
        extra_workdays={"2027-02-06": "mon"},
    )

    found = office.day(date.fromisoformat(day))

    assert (len(found.shifts), found.reason) == (hours, reason)


def test_a_make_up_saturday_after_a_night_shift_is_not_counted_twice() -> None:
    week: dict[str, object] = {"mon": ["00:00-24:00"], "fri": ["22:00-06:00"], "sat": [], "holidays": "CN"}

    assert local_hours(calendar("Asia/Shanghai", **week), "2026-02-14") == ["14T06:00-15T00:00"]


@pytest.mark.parametrize(
    ("zone", "day", "shift", "hours"),
    [
        pytest.param("America/New_York", "2026-03-08", "00:00-24:00", ["08T00:00-09T00:00"], id="a day of 23 hours"),
        pytest.param("America/New_York", "2026-03-08", "02:30-10:00", ["08T03:00-08T10:00"], id="opens in the gap"),
        pytest.param("America/New_York", "2026-03-08", "02:15-02:45", [], id="lies in the gap"),
        pytest.param("America/New_York", "2026-11-01", "01:30-03:00", ["01T01:30-01T03:00"], id="opens in the fold"),
        pytest.param("America/Sao_Paulo", "2017-10-15", "00:00-24:00", ["15T01:00-16T00:00"], id="no midnight"),
        pytest.param("Pacific/Apia", "2011-12-30", "00:00-24:00", [], id="the day Samoa left out"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", "02:10-03:00", ["04T02:30-04T03:00"], id="half an hour"),
    ],
)
def test_hours_are_right_when_clocks_change(zone: str, day: str, shift: str, hours: list[str]) -> None:
    every_day: dict[str, object] = {weekday: [shift] for weekday in WEEKDAYS}

    assert local_hours(calendar(zone, **every_day), day) == hours


def test_an_hour_shown_twice_is_meant_the_first_time() -> None:
    new_york = calendar("America/New_York", sun=["01:30-03:00"])

    (span,) = new_york.hours(date(2026, 11, 1))

    assert span.start == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert span.length.total_seconds() == 2.5 * 3600


@pytest.mark.parametrize(
    ("place", "year", "known"),
    [
        pytest.param("CN", 2026, True, id="announced"),
        pytest.param("HU", 2023, True, id="a year in which none was moved"),
        pytest.param("DE", 2040, True, id="a country that moves no days"),
        pytest.param("CN", 2150, False, id="past the end of what the library computes"),
    ],
)
def test_a_year_whose_official_days_are_not_announced_is_doubted(place: str, year: int, known: bool) -> None:
    assert calendar("Asia/Shanghai", **OFFICE_WEEK, holidays=place).knows(year) is known


def test_the_first_year_not_announced_yet_gives_a_warning() -> None:
    years = range(2020, 2100)
    # Which year that is changes with every release of the library.
    first = next(year for year in years if not calendar("Asia/Shanghai", **OFFICE_WEEK, holidays="CN").knows(year))

    assert first > 2026
    assert calendar("Asia/Shanghai", **OFFICE_WEEK, holidays="CN").warnings([2025, first]) == (
        f"CN has not announced its make-up working days of {first}: only statutory holidays are counted",
    )
    assert calendar("Asia/Shanghai").warnings(years) == ()


def test_the_zone_is_the_one_of_the_settings() -> None:
    assert calendar("Asia/Kathmandu", mon=["10:00-17:00"]).zone == ZoneInfo("Asia/Kathmandu")
