"""How long something may take, as a rulebook writes it: `30m` by the clock, `3wd` in working time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

Unit = Literal["s", "m", "h", "d", "wm", "wh", "wd"]

#: Nothing a desk promises takes longer; it also bounds the search for the due instant.
LONGEST: Final = timedelta(days=3660)

# Six decimals keep every amount exact in microseconds, the resolution of a timedelta.
_PATTERN: Final = r"[0-9]{1,9}(\.[0-9]{1,6})?(s|m|h|d|wm|wh|wd)"
_FORM: Final = re.compile(r"(?P<amount>[0-9]{1,9}(?:\.[0-9]{1,6})?)(?P<unit>s|m|h|d|wm|wh|wd)")
_MICROSECONDS: Final = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
_HINT: Final = "write a number and a unit, such as 30m, 4h or 2d by the clock, or 90wm, 4wh or 3wd in working time"


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of clock time (s, m, h, d) or of a calendar's working time (wm, wh, wd).

    Raises `ValueError` for a negative amount, an unknown unit, more than six decimals, or more than ten years.
    """

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in get_args(Unit):
            raise ValueError(f"{self.unit!r} is not a unit of time: {_HINT}")
        if not self.amount.is_finite() or self.amount < 0:
            raise ValueError(f"{self.amount} is not an amount of time: it must be 0 or more")
        if self.amount * _MICROSECONDS[self.unit[-1]] > LONGEST // timedelta(microseconds=1):
            raise ValueError(f"{self} is longer than ten years")
        if self.amount != round(self.amount, 6):
            raise ValueError(f"{self.amount} has more than six decimals")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read `30m`, `0.5h`, `3wd`; raises `ValueError` with a sentence for the writer of the rulebook."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError(_complaint(text.strip()))
        unit: Unit = match["unit"]  # type: ignore[assignment]  # the pattern lets only units through
        return cls(Decimal(match["amount"]), unit)

    def __str__(self) -> str:
        """The canonical text: no exponent, no trailing zeros."""
        number = f"{self.amount:f}"
        return f"{number.rstrip('0').rstrip('.') if '.' in number else number}{self.unit}"

    @property
    def is_working_time(self) -> bool:
        """Whether a calendar is needed to count it."""
        return self.unit.startswith("w")

    @property
    def is_working_days(self) -> bool:
        """Whether it counts days of a calendar, whatever their length."""
        return self.unit == "wd"

    def length(self) -> timedelta:
        """The exact length; raises `ValueError` for working days, whose length their calendar decides."""
        if self.is_working_days:
            raise ValueError(f"{self} has no fixed length: the calendar decides how long a working day is")
        return timedelta(microseconds=int(self.amount * _MICROSECONDS[self.unit[-1]]))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.to_string_ser_schema(when_used="json")
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^{_PATTERN}$", "examples": ["30m", "4wh", "3wd"]}


def _validated(value: object) -> Duration:
    match value:
        case Duration():
            return value
        case str():
            return Duration.parse(value)
        case _:
            raise ValueError(f"{value!r} is not a duration: {_HINT}")


def _complaint(text: str) -> str:
    if not text:
        return f"a duration is empty: {_HINT}"
    if text.startswith(("-", "−")):
        return f"{text!r} is negative: a duration is 0 or more"
    return f"{text!r} is not a duration: {_HINT}"
