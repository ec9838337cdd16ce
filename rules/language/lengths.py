"""How long something takes, in a reader's words: `5m` of a rulebook is 5 minutes, 5 分钟 or 5 分鐘."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.calendar.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.calendar.duration import Unit
    from rules.letter import LetterLanguage

_UNITS: Final[Mapping[Unit, Mapping[LetterLanguage, str]]] = {
    "s": {"en": "{} second", "zh-CN": "{} 秒", "zh-TW": "{} 秒"},
    "m": {"en": "{} minute", "zh-CN": "{} 分钟", "zh-TW": "{} 分鐘"},
    "h": {"en": "{} hour", "zh-CN": "{} 小时", "zh-TW": "{} 小時"},
    "d": {"en": "{} day", "zh-CN": "{} 天", "zh-TW": "{} 天"},
    "wm": {"en": "{} working minute", "zh-CN": "工作时间 {} 分钟", "zh-TW": "工作時間 {} 分鐘"},
    "wh": {"en": "{} working hour", "zh-CN": "工作时间 {} 小时", "zh-TW": "工作時間 {} 小時"},
    "wd": {"en": "{} working day", "zh-CN": "{} 个工作日", "zh-TW": "{} 個工作日"},
}


def speak_length(text: str, language: LetterLanguage) -> str:
    """A duration as a rulebook writes it, in a reader's words. Raises ValueError for what is none."""
    duration = Duration.parse(text)
    said = _UNITS[duration.unit][language].format(str(duration).removesuffix(duration.unit))
    return f"{said}s" if language == "en" and duration.amount != 1 else said
