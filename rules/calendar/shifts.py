"""The working hours of one day of the week, as a rulebook writes them: `09:00-12:00`, `22:00-06:00`, `00:00-24:00`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)

MINUTES_OF_A_DAY: Final = 24 * 60

_FORM: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Working hours of one day, in minutes after its midnight; `closes` is past 1440 for a shift into the next day."""

    opens: int
    closes: int

    @classmethod
    def parse(cls, text: str) -> Shift:
        """Read `09:00-12:00`, `22:00-06:00` (ends the next day) or `00:00-24:00`; raises `ValueError` naming it."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a shift: write two times of day, such as 09:00-12:00")
        opens, closes = _minutes(match[1], match[2], text), _minutes(match[3], match[4], text)
        if opens in (closes, MINUTES_OF_A_DAY):
            raise ValueError(f"{text!r} is not a shift: it has no length (all day is 00:00-24:00)")
        return cls(opens, closes if closes > opens else closes + MINUTES_OF_A_DAY)

    def __str__(self) -> str:
        closes = self.closes if self.closes <= MINUTES_OF_A_DAY else self.closes - MINUTES_OF_A_DAY
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{closes // 60:02}:{closes % 60:02}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.to_string_ser_schema(when_used="json")
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "examples": ["09:00-12:00", "22:00-06:00", "00:00-24:00"]}


Shifts = tuple[Shift, ...]


def refuse_overlaps(week: tuple[Shifts, ...]) -> None:
    """Raise `ValueError` where two shifts of a week, Sunday's last and Monday's first among them, cover one minute."""
    all_shifts = [
        (number * MINUTES_OF_A_DAY, WEEKDAYS[number], shift) for number, shifts in enumerate(week) for shift in shifts
    ]
    following = [*all_shifts[1:], *((start + 7 * MINUTES_OF_A_DAY, day, shift) for start, day, shift in all_shifts[:1])]
    for (start, day, shift), (next_start, next_day, next_shift) in zip(all_shifts, following, strict=True):
        if start + shift.closes > next_start + next_shift.opens:
            raise ValueError(f"the shifts {day} {shift} and {next_day} {next_shift} overlap")


def _validated(value: object) -> Shift:
    if isinstance(value, Shift):
        return value
    return Shift.parse(str(value))


def _minutes(hour: str, minute: str, text: str) -> int:
    at = int(hour) * 60 + int(minute)
    if int(minute) > 59 or at > MINUTES_OF_A_DAY:
        raise ValueError(f"{text!r} is not a shift: {hour}:{minute} is no time of day")
    return at
