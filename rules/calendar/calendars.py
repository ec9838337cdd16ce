"""When people work: the shifts of a week, the public holidays, and the days that swap places with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from rules.calendar.official_days import OfficialDays, known_place, official_days
from rules.calendar.shifts import MINUTES_OF_A_DAY, WEEKDAYS, Shift, Shifts, Weekday, refuse_overlaps
from rules.calendar.wall_clock import instant, zone_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ONE_DAY: Final = timedelta(days=1)
_YEARLY: Final = re.compile(r"(0[1-9]|1[0-2])-([0-2][0-9]|3[01])")

#: How many years around one are looked at to tell whether a country moves its working days.
_NEIGHBOURING_YEARS: Final = 5


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of time in UTC, its start in it and its end not."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Day:
    """One civil day of a calendar: its shifts, and why they are these."""

    shifts: tuple[Shift, ...]
    reason: str


def _known_zone(name: str) -> str:
    return zone_named(name).key


def _day_or_yearly(value: object) -> date | str:
    """A date, or `MM-DD` for a day of every year; TOML's own dates are taken as they are."""
    if type(value) is date:
        return value
    if isinstance(value, str) and _YEARLY.fullmatch(value):
        _on_a_leap_year(value)
        return value
    return _date(value)


def _on_a_leap_year(yearly: str) -> date:
    try:
        return date.fromisoformat(f"2000-{yearly}")
    except ValueError:
        raise ValueError(f"{yearly!r} is a day no year has") from None


def _date(value: object) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not a day: write a date, such as 2026-12-31") from None


OfTheDay = Annotated[
    Shifts, Field(description="Working hours of the day. Left out: closed.", examples=["09:00-12:00", "13:00-18:00"])
]
ExtraHoliday = Annotated[
    date | str, BeforeValidator(_day_or_yearly), PlainSerializer(str, return_type=str, when_used="json")
]


class CalendarSettings(BaseModel):
    """When people work, for clocks that count working time."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    timezone: Annotated[str, AfterValidator(_known_zone), Field(examples=["Asia/Shanghai"])]
    """Of the hours; an IANA name."""
    mon: OfTheDay = ()
    tue: OfTheDay = ()
    wed: OfTheDay = ()
    thu: OfTheDay = ()
    fri: OfTheDay = ()
    sat: OfTheDay = ()
    sun: OfTheDay = ()
    holidays: Annotated[Annotated[str, AfterValidator(known_place)] | None, Field(examples=["CN", "DE-BY"])] = None
    """Whose public holidays are free and whose make-up days work like a Monday."""
    extra_holidays: Annotated[tuple[ExtraHoliday, ...], Field(examples=["12-24", "2026-10-08"])] = ()
    """Further free days: a date, or `MM-DD` for every year."""
    extra_workdays: Annotated[
        dict[Annotated[date, BeforeValidator(_date)], Weekday], Field(examples=[{"2026-10-10": "fri"}])
    ] = {}
    """Days that work like the weekday named; the strongest word on a day."""

    @property
    def week(self) -> tuple[Shifts, ...]:
        """The shifts of Monday to Sunday, each in order of time."""
        return tuple(tuple(sorted(getattr(self, day))) for day in WEEKDAYS)

    @model_validator(mode="after")
    def _is_a_week(self) -> CalendarSettings:
        if not any(self.week):
            raise ValueError(
                'the calendar has no working hours: give at least one day shifts, as mon = ["09:00-17:00"]'
            )
        refuse_overlaps(self.week)
        twice = sorted(set(self.extra_workdays) & set(self.extra_holidays))
        if twice:
            raise ValueError(f"{twice[0]} is in extra_holidays and in extra_workdays")
        return self


class Calendar:
    """Working hours day by day, computed once for each day asked for.

    Two calendars built from equal settings give the same answers; what is remembered only saves time.
    """

    __slots__ = ("_hours", "_official", "_settings", "_week", "zone")

    def __init__(self, settings: CalendarSettings) -> None:
        self.zone: Final = zone_named(settings.timezone)
        self._settings: Final = settings
        self._week: Final = settings.week
        self._hours: Final[dict[date, tuple[Interval, ...]]] = {}
        self._official: Final[dict[int, OfficialDays]] = {}

    def day(self, day: date) -> Day:
        """The shifts of a civil day and why: extra days come before official ones, and those before the weekday."""
        if like := self._settings.extra_workdays.get(day):
            return Day(self._week[WEEKDAYS.index(like)], f"extra workday, like {like}")
        if self._is_extra_holiday(day):
            return Day((), "extra holiday")
        official = self._official_days(day.year)
        if day in official.workdays:
            return Day(self._week[0], f"make-up working day of {self._settings.holidays}, like mon")
        if day in official.holidays:
            return Day((), f"public holiday of {self._settings.holidays}")
        return Day(self._week[day.weekday()], WEEKDAYS[day.weekday()])

    def hours(self, day: date) -> tuple[Interval, ...]:
        """The working time, in UTC, of the shifts that start on a civil day, in order, none of it twice."""
        known = self._hours.get(day)
        if known is None:
            known = self._hours[day] = tuple(self._hours_of(day))
        return known

    def instant(self, day: date, offset: timedelta) -> datetime:
        """The UTC instant at which the clock on the wall shows `offset` after the midnight that began `day`.

        What the clock shows twice is meant the first time; what a gap skips is the instant of the gap, so that later
        on the wall is never earlier in time.
        """
        return instant(datetime(day.year, day.month, day.day) + offset, self.zone)  # noqa: DTZ001  # the wall has no zone

    def knows(self, year: int) -> bool:
        """Whether the official days of a year are known; without `holidays` every year is."""
        return self.doubt(year) is None

    def doubt(self, year: int) -> str | None:
        """Why the official days of a year are not to be relied on, or None.

        Countries that move working days around holidays announce them late in the year before. A year with no such
        day, in a country that had some in the five years before and has none in the five after, is not announced yet.
        """
        entity = self._settings.holidays
        if entity is None or self._official_days(year).workdays:
            return None
        if not self._official_days(year).holidays:
            return f"the public holidays of {entity} are not known for {year}"
        before, after = range(year - _NEIGHBOURING_YEARS, year), range(year + 1, year + 1 + _NEIGHBOURING_YEARS)
        moves_days = any(self._moved_days_in(each) for each in before)
        if moves_days and not any(self._moved_days_in(each) for each in after):
            return f"{entity} has not announced its make-up working days of {year}: only statutory holidays are counted"
        return None

    def warnings(self, years: Iterable[int]) -> tuple[str, ...]:
        """What to tell the owner of the rulebook about these years, one sentence each."""
        return tuple(doubt for year in years if (doubt := self.doubt(year)))

    def _moved_days_in(self, year: int) -> bool:
        return bool(self._official_days(year).workdays)

    def _hours_of(self, day: date) -> Iterator[Interval]:
        last = max((shift.closes for shift in self.day(day - _ONE_DAY).shifts), default=0) - MINUTES_OF_A_DAY
        for shift in self.day(day).shifts:
            opens = self.instant(day, timedelta(minutes=max(shift.opens, last)))
            closes = self.instant(day, timedelta(minutes=shift.closes))
            if opens < closes:
                yield Interval(opens, closes)

    def _is_extra_holiday(self, day: date) -> bool:
        extra = self._settings.extra_holidays
        return bool(extra) and (day in extra or f"{day:%m-%d}" in extra)

    def _official_days(self, year: int) -> OfficialDays:
        known = self._official.get(year)
        if known is None:
            known = self._official[year] = official_days(self._settings.holidays, year)
        return known


def build(settings: Mapping[str, CalendarSettings]) -> dict[str, Calendar]:
    """The calendars of a rulebook by name. Costs nothing until a calendar is asked about a day."""
    return {name: Calendar(each) for name, each in settings.items()}
