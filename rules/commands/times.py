"""Times as people write them in a command: `15:30`, `tomorrow 9:00`, `明天下午3点`, `12-01 15:30`, `2h`, `4wh`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from immutables import Map

from rules.calendar.duration import Duration, Unit
from rules.calendar.working_time import due
from rules.commands.terms import fold_in_place

if TYPE_CHECKING:
    from datetime import date

    from rules.calendar.calendars import Calendar

#: Why a text tells no time: it holds none, one that is past, one too far away, or working time of no calendar.
NoTime = Literal["no-time", "time-past", "time-far", "no-calendar"]

_HEAD: Final = 60
_FARTHEST: Final = timedelta(days=366)
_END_OF_DAY: Final = time(23, 59)

_UNIT_WORDS: Final[dict[Unit, tuple[str, ...]]] = {
    "m": ("m", "min", "mins", "minute", "minutes", "分钟", "分"),
    "h": ("h", "hr", "hrs", "hour", "hours", "小时", "钟头"),
    "d": ("d", "day", "days", "天"),
    "wd": ("wd", "working day", "working days", "工作日", "工作天"),
    "wh": ("wh", "working hour", "working hours", "工作小时", "工时"),
    "wm": ("wm",),
}
_UNITS: Final = Map((word, unit) for unit, words in _UNIT_WORDS.items() for word in words)
_NUMBERS: Final = Map({"半": "0.5", "两": "2"} | {word: str(n) for n, word in enumerate("一二三四五六七八九十", 1)})
_DAYS: Final = Map({"today": 0, "今天": 0, "今日": 0, "tomorrow": 1, "明天": 1, "明日": 1, "后天": 2})
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AFTERNOON: Final = ("pm", "下午", "晚上", "傍晚")

_BEFORE: Final = r"(?:(?:at|by|in|before|within|until|on)\s+)?"
_AFTER: Final = r"(?:之?前|左右|以?内|之内|之?后)?"
_UNIT: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
_SPAN: Final = re.compile(
    rf"\s*{_BEFORE}(?P<amount>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?|[半两一二三四五六七八九十])\s*个?\s*"
    rf"(?P<unit>{_UNIT})(?![a-z0-9]){_AFTER}"
)
_DAY: Final = re.compile(
    rf"\s*{_BEFORE}(?:"
    rf"(?P<named>{'|'.join(_DAYS)})"
    r"|(?P<year>[0-9]{4})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})(?![0-9])日?"
    r"|(?P<month_only>[0-9]{1,2})[-/月](?P<day_only>[0-9]{1,2})(?![0-9])[日号]?"
    r"|(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?(?![a-z])"
    rf"|(?P<next>下)?[这本]?(?:周|星期|礼拜)(?P<chinese>[一二三四五六日天])){_AFTER}"
)
_CLOCK: Final = re.compile(
    rf"[\st,，]*{_BEFORE}(?P<part>上午|早上|中午|下午|傍晚|晚上)?\s*(?P<hour>[0-9]{{1,2}})"
    r"(?:(?P<mark>:(?=[0-9]{2})|[点时])(?P<minute>[0-9]{2}(?![0-9])|半)?分?)?\s*(?P<half>am|pm)?"
    rf"(?![0-9a-z]){_AFTER}"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A time that somebody wrote, in UTC, and the words behind it."""

    at: datetime
    rest: str


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as it was written, and how many days later the same words mean a day again that is not past."""

    day: date
    again: Literal["never", "week", "year"] = "never"


def read_time(text: str, now: datetime, *, timezone: str, calendar: Calendar | None) -> Told | NoTime:
    """Read the time that a text begins with; a time of day that is past means tomorrow, a day alone its end.

    Days and times of day are of `timezone`; `calendar` counts working time (`4wh`).
    """
    first, newline, below = text.partition("\n")
    head = fold_in_place(first[:_HEAD])
    if span := _SPAN.match(head):
        at: datetime | NoTime = _after(span, now, calendar)
        end = span.end()
    else:
        at, end = _read_moment(head, now.astimezone(ZoneInfo(timezone)))
    if isinstance(at, datetime):
        at = _within_reason(at.astimezone(UTC), now)
    if not isinstance(at, datetime):
        return at
    return Told(at, f"{first[end:].lstrip(' ,，:：;；。')}{newline}{below}".strip())


def _within_reason(at: datetime, now: datetime) -> datetime | NoTime:
    if at <= now:
        return "time-past"
    return at if at - now <= _FARTHEST else "time-far"


def _after(span: re.Match[str], now: datetime, calendar: Calendar | None) -> datetime | NoTime:
    """The end of a span of time that begins now."""
    amount = _NUMBERS.get(span["amount"], span["amount"])
    try:
        limit = Duration.parse(f"{amount}{_UNITS[span['unit']]}")
        if limit.is_working_time and calendar is None:
            return "no-calendar"
        return due(now, limit, calendar).at or "no-time"
    except ValueError:  # more than ten years, or so much working time is not found within them
        return "time-far"


def _read_moment(head: str, local: datetime) -> tuple[datetime | NoTime, int]:
    """The moment that a day, a time of day or both tell, and where they end."""
    try:
        day = _read_day(found, local) if (found := _DAY.match(head)) else None
        end = found.end() if found else 0
        clock = _CLOCK.match(head, end)
        at = _time_of(clock) if clock else None
        moment = _join(day, at, local) if day or at else None
    except ValueError:  # the thirtieth of February, 25 o'clock
        return "no-time", 0
    return moment or "no-time", clock.end() if clock and at else end


def _join(day: _Day | None, at: time | None, local: datetime) -> datetime:
    if day is None:
        moment = datetime.combine(local.date(), at or _END_OF_DAY, local.tzinfo)
        return moment if moment > local else moment + timedelta(days=1)
    moment = datetime.combine(day.day, at or _END_OF_DAY, local.tzinfo)
    if moment > local or day.again == "never":
        return moment
    if day.again == "week":
        return moment + timedelta(days=7)
    return moment.replace(year=moment.year + 1)


def _read_day(found: re.Match[str], local: datetime) -> _Day:
    today = local.date()
    if found["named"]:
        return _Day(today + timedelta(days=_DAYS[found["named"]]))
    if found["year"]:
        return _Day(today.replace(year=int(found["year"]), month=int(found["month"]), day=int(found["day"])))
    if found["month_only"]:
        return _Day(today.replace(month=int(found["month_only"]), day=int(found["day_only"])), "year")
    wanted = _WEEKDAYS.index(found["weekday"] or _WEEKDAYS[min("一二三四五六日天".index(found["chinese"]), 6)])
    if found["next"]:
        return _Day(today + timedelta(days=7 - today.weekday() + wanted))
    return _Day(today + timedelta(days=(wanted - today.weekday()) % 7), "week")


def _time_of(clock: re.Match[str]) -> time | None:
    """The time of day; None for a number alone, which tells none."""
    if not (clock["mark"] or clock["half"]):
        return None
    hour, minute = int(clock["hour"]), {"半": 30, None: 0}.get(clock["minute"])
    if clock["half"] and hour > 12:
        raise ValueError("15pm is no time of day")
    later = clock["half"] in _AFTERNOON or clock["part"] in _AFTERNOON
    if clock["half"] == "am" and hour == 12:
        hour = 0
    return time(hour + 12 if later and hour < 12 else hour, int(clock["minute"]) if minute is None else minute)
