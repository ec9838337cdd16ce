"""Times as people write them in a command. It is Monday, 23 November 2026, 10:00 in Shanghai."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.commands.times import Told, read_time
from tests.samples import NOW, RULEBOOK

SHANGHAI = ZoneInfo("Asia/Shanghai")

READ = [
    pytest.param("15:30", "2026-11-23 15:30", "", id="later today"),
    pytest.param("by 15:30 latest", "2026-11-23 15:30", "latest", id="words behind it"),
    pytest.param("9:30", "2026-11-24 09:30", "", id="past today is tomorrow"),
    pytest.param("3pm", "2026-11-23 15:00", "", id="an English hour"),
    pytest.param("12:30 am", "2026-11-24 00:30", "", id="half past midnight"),
    pytest.param("下午3点半 到现场", "2026-11-23 15:30", "到现场", id="a Chinese hour"),
    pytest.param("下午3點半，到現場", "2026-11-23 15:30", "到現場", id="the same in Traditional Chinese"),
    pytest.param("１５：３０", "2026-11-23 15:30", "", id="full width"),
    pytest.param("tomorrow 15:30", "2026-11-24 15:30", "", id="tomorrow"),
    pytest.param("明天 15:30 更换硬盘", "2026-11-24 15:30", "更换硬盘", id="tomorrow in Chinese"),
    pytest.param("後天上午9點前", "2026-11-25 09:00", "", id="the day after, without blanks"),
    pytest.param("tomorrow\nThe part is on its way.", "2026-11-24 23:59", "The part is on its way.", id="a day alone"),
    pytest.param("2026-12-01 15:30", "2026-12-01 15:30", "", id="a date"),
    pytest.param("2026-12-01T15:30", "2026-12-01 15:30", "", id="a date as machines write it"),
    pytest.param("2026年12月1日15:30", "2026-12-01 15:30", "", id="a date in Chinese"),
    pytest.param("12-01 15:30", "2026-12-01 15:30", "", id="a date without a year"),
    pytest.param("12月1日 15点", "2026-12-01 15:00", "", id="the same in Chinese"),
    pytest.param("01-05 09:00", "2027-01-05 09:00", "", id="a date of next year"),
    pytest.param("Friday 15:00", "2026-11-27 15:00", "", id="a weekday"),
    pytest.param("monday 09:00", "2026-11-30 09:00", "", id="today's weekday, past"),
    pytest.param("周五 15:00", "2026-11-27 15:00", "", id="a weekday in Chinese"),
    pytest.param("下周三上午10点", "2026-12-02 10:00", "", id="of next week"),
    pytest.param("星期天 10:00", "2026-11-29 10:00", "", id="Sunday"),
    pytest.param("2h", "2026-11-23 12:00", "", id="hours"),
    pytest.param("30m the router restarts", "2026-11-23 10:30", "the router restarts", id="minutes"),
    pytest.param("1.5 hours", "2026-11-23 11:30", "", id="in words"),
    pytest.param("1d", "2026-11-24 10:00", "", id="a day"),
    pytest.param("4wh", "2026-11-23 14:00", "", id="working hours"),
    pytest.param("3个工作日", "2026-11-26 10:00", "", id="working days in Chinese"),
    pytest.param("半小时内", "2026-11-23 10:30", "", id="half an hour"),
    pytest.param("兩小時後到", "2026-11-23 12:00", "到", id="two hours in Traditional Chinese"),
]

NOT_READ = [
    pytest.param("", "no-time", id="nothing"),
    pytest.param("soon", "no-time", id="no time"),
    pytest.param("5 people", "no-time", id="a number alone"),
    pytest.param("25:00", "no-time", id="no hour of the day"),
    pytest.param("15:300", "no-time", id="no minute"),
    pytest.param("2026-02-30 10:00", "no-time", id="no day of the year"),
    pytest.param("15pm", "no-time", id="an hour twice over"),
    pytest.param("today 9:00", "time-past", id="past"),
    pytest.param("2025-12-01 15:30", "time-past", id="past long since"),
    pytest.param("2030-01-01", "time-far", id="in years"),
    pytest.param("9999d", "time-far", id="in days without end"),
    pytest.param("0m", "time-past", id="at once"),
]


@pytest.mark.parametrize(("text", "at", "rest"), READ)
def test_a_time_is_read_in_the_zone_of_the_desk(text: str, at: str, rest: str) -> None:
    told = read_time(text, NOW, timezone="Asia/Shanghai", calendar=RULEBOOK.calendar("office"))
    assert told == Told(datetime.fromisoformat(at).replace(tzinfo=SHANGHAI), rest)


@pytest.mark.parametrize(("text", "why"), NOT_READ)
def test_what_tells_no_time_says_why(text: str, why: str) -> None:
    assert read_time(text, NOW, timezone="Asia/Shanghai", calendar=RULEBOOK.calendar("office")) == why


def test_working_time_needs_a_calendar() -> None:
    assert read_time("4wh", NOW, timezone="Asia/Shanghai", calendar=None) == "no-calendar"


@given(st.text(alphabet="0123456789:-/. hmdwptoay点半下午周一明天\n", max_size=30))
def test_any_text_gives_a_time_to_come_or_a_reason(text: str) -> None:
    told = read_time(text, NOW, timezone="Asia/Shanghai", calendar=RULEBOOK.calendar("office"))
    assert isinstance(told, str) or told.at > NOW
