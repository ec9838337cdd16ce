from __future__ import annotations

import pytest

from rules.language.lengths import speak_length
from rules.language.sayings import say


@pytest.mark.parametrize(
    ("text", "english", "simplified", "traditional"),
    [
        pytest.param("5m", "5 minutes", "5 分钟", "5 分鐘", id="minutes"),
        pytest.param("1h", "1 hour", "1 小时", "1 小時", id="one of them"),
        pytest.param("1.5h", "1.5 hours", "1.5 小时", "1.5 小時", id="a part of one"),
        pytest.param("2d", "2 days", "2 天", "2 天", id="days by the clock"),
        pytest.param("90wm", "90 working minutes", "工作时间 90 分钟", "工作時間 90 分鐘", id="working time"),
        pytest.param("3wd", "3 working days", "3 个工作日", "3 個工作日", id="working days"),
    ],
)
def test_a_duration_is_said_in_words(text: str, english: str, simplified: str, traditional: str) -> None:
    said = [speak_length(text, language) for language in ("en", "zh-CN", "zh-TW")]
    assert said == [english, simplified, traditional]


def test_letters_say_the_window_of_a_storm_and_the_log_has_it_as_it_is_written() -> None:
    reason = say("storm", source="prod", count=30, window="5m")
    assert reason == "a storm: alerts of prod have opened 30 tickets within 5m, the others join one"
    assert "5 分钟内来自 prod" in reason.spoken("zh-CN", lambda _, value: value)
    assert "within 5 minutes," in reason.spoken("en", lambda _, value: value)
