"""When a promise falls due, and how much working time has passed: exact on UTC, whatever the clocks on the wall do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from rules.calendar.calendars import Calendar, Interval
from rules.calendar.duration import LONGEST, Duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

_ZERO: Final = timedelta(0)
_ONE_DAY: Final = timedelta(days=1)
_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)
#: Far enough from both ends of what a datetime holds to look ten years ahead.
_YEARS: Final = range(1900, 9900)
_TOO_LONG: Final = "the calendar has too little working time within ten years"


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count; one that has not ended holds the clock."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit is reached, in UTC, and the intervals that were counted to get there."""

    at: datetime | None
    """None while an open pause holds the clock: then nobody can say."""
    counted: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Worked:
    """How much time counted, and when."""

    time: timedelta
    counted: tuple[Interval, ...]


def due(start: datetime, limit: Duration, calendar: Calendar | None, pauses: Sequence[Pause] = ()) -> Due:
    """The instant at which a limit that started running at `start` is reached.

    - `4h` runs on the 24x7 clock, `4wh` in the calendar's working time. What runs out at closing is due at closing;
      0 is due at once, or at the next opening where `start` lies outside working time (closing itself is outside).
    - `3wd` is the same local time on the third next day that has hours: at the last working instant before it where
      that is in a break or after closing, at opening where it is before it. A start outside working time counts from
      the next opening. The decimals of `1.5wd` are that part of the working time of the day reached, added after.
    - Time inside a pause does not count. Working days gain after their due instant the working time lost in pauses
      before it.

    Raises `ValueError` for naive times, working time without a calendar, or nothing found within ten years.
    """
    since = _utc(start)
    breaks = _merged(pauses)
    if not limit.is_working_time:
        return _run(since, limit.length(), None, breaks)
    if calendar is None:
        raise ValueError(f"{limit} counts working time and needs a calendar")
    if limit.is_working_days and limit.amount:
        return _run_days(since, limit.amount, calendar, breaks)
    return _run(since, _ZERO if limit.is_working_days else limit.length(), calendar, breaks)


def worked(start: datetime, end: datetime, calendar: Calendar | None, pauses: Sequence[Pause] = ()) -> Worked:
    """The time that counted between two instants: working time of the calendar, or all of it where there is none.

    An end before its start gives nothing. Raises `ValueError` for naive times.
    """
    return _worked(_utc(start), _utc(end), calendar, _merged(pauses))


def _worked(start: datetime, end: datetime, calendar: Calendar | None, breaks: tuple[Interval, ...]) -> Worked:
    counted = tuple(_until(end, _counting(start, calendar, breaks, end)))
    return Worked(_total(counted), counted)


def _run(start: datetime, work: timedelta, calendar: Calendar | None, breaks: tuple[Interval, ...]) -> Due:
    counted: list[Interval] = []
    left = work
    for span in _counting(start, calendar, breaks, start + LONGEST):
        length = span.end - span.start
        if length >= left:
            at = span.start + left
            if left:
                counted.append(Interval(span.start, at))
            return Due(at, tuple(counted))
        counted.append(span)
        left -= length
    if breaks and breaks[-1].end == _END_OF_TIME:
        return Due(None, tuple(counted))
    raise ValueError(_TOO_LONG)


def _run_days(start: datetime, amount: Decimal, calendar: Calendar, breaks: tuple[Interval, ...]) -> Due:
    opening, day = _opening(start, calendar)
    reached = _workday_after(day, int(amount), calendar)
    at = _same_time(opening, day, reached, calendar)
    lost = _worked(start, at, calendar, ()).time - _worked(start, at, calendar, breaks).time
    part = _total(calendar.hours(reached)) * float(amount % 1)
    if not lost + part:
        return Due(at, _worked(start, at, calendar, breaks).counted)
    rest = _run(at, lost + part, calendar, breaks)
    return Due(rest.at, _joined((*_worked(start, at, calendar, breaks).counted, *rest.counted)))


def _opening(start: datetime, calendar: Calendar) -> tuple[datetime, date]:
    """The first working instant at or after `start`, and the day whose shift it belongs to."""
    for day in _days(start, calendar, start + LONGEST):
        for span in calendar.hours(day):
            if span.end > start:
                return max(span.start, start), day
    raise ValueError(_TOO_LONG)


def _workday_after(day: date, count: int, calendar: Calendar) -> date:
    """The day that is `count` days with hours later."""
    last = day + LONGEST
    while count:
        day += _ONE_DAY
        if day > last:
            raise ValueError(_TOO_LONG)
        count -= bool(calendar.hours(day))
    return day


def _same_time(at: datetime, day: date, other: date, calendar: Calendar) -> datetime:
    """The local time `at` has in the working day `day`, carried to `other` and moved into its hours."""
    if other == day:
        return at
    wall = at.astimezone(calendar.zone).replace(tzinfo=None)
    target = calendar.instant(other, wall - datetime(day.year, day.month, day.day))  # noqa: DTZ001  # wall clock
    hours = calendar.hours(other)
    reached = [min(span.end, target) for span in hours if span.start <= target]
    return reached[-1] if reached else hours[0].start


def _counting(
    start: datetime, calendar: Calendar | None, breaks: tuple[Interval, ...], until: datetime
) -> Iterator[Interval]:
    """What counts from `start` on: the working time outside pauses, in order, looking no further than `until`."""
    if not breaks:
        return _spans(start, calendar, until)
    if breaks[-1].end == _END_OF_TIME:
        until = min(until, breaks[-1].start)
    return _without(_spans(start, calendar, until), breaks)


def _spans(start: datetime, calendar: Calendar | None, until: datetime) -> Iterator[Interval]:
    if calendar is None:
        yield Interval(start, _END_OF_TIME)
        return
    for day in _days(start, calendar, until):
        for span in calendar.hours(day):
            if span.start >= start:
                yield span
            elif span.end > start:
                yield Interval(start, span.end)


def _days(start: datetime, calendar: Calendar, until: datetime) -> Iterator[date]:
    """The civil days whose shifts may reach into the time between two instants."""
    day = start.astimezone(calendar.zone).date() - _ONE_DAY
    last = until.astimezone(calendar.zone).date()
    while day <= last:
        yield day
        day += _ONE_DAY


def _without(spans: Iterable[Interval], breaks: tuple[Interval, ...]) -> Iterator[Interval]:
    for span in spans:
        start = span.start
        for pause in breaks:
            if pause.start >= span.end:
                break
            if start < pause.start:
                yield Interval(start, pause.start)
            start = max(start, pause.end)
        if start < span.end:
            yield Interval(start, span.end)


def _until(end: datetime, spans: Iterable[Interval]) -> Iterator[Interval]:
    for span in spans:
        if span.start >= end:
            return
        yield span if span.end <= end else Interval(span.start, end)


def _merged(pauses: Sequence[Pause]) -> tuple[Interval, ...]:
    """Pauses in UTC, in order, none touching another; an open one lasts to the end of time."""
    if not pauses:
        return ()
    spans = (Interval(_utc(each.start), _END_OF_TIME if each.end is None else _utc(each.end)) for each in pauses)
    return _joined(sorted(span for span in spans if span.start < span.end))


def _joined(spans: Iterable[Interval]) -> tuple[Interval, ...]:
    joined: list[Interval] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _total(spans: Iterable[Interval]) -> timedelta:
    return sum((span.end - span.start for span in spans), _ZERO)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    if at.year not in _YEARS:
        raise ValueError(f"{at} is not in the years {_YEARS[0]} to {_YEARS[-1]}")
    return at.astimezone(UTC)
