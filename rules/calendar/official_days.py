"""The public holidays of a country, and the weekend days it makes working days in exchange."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

_PLACE: Final = re.compile(r"(?P<country>[A-Z]{2,3})(-(?P<subdivision>[A-Z0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class OfficialDays:
    """What a place laid down for one year."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    """Make-up working days: Saturdays and Sundays worked in exchange for a longer holiday."""


@lru_cache(maxsize=256)
def official_days(place: str | None, year: int) -> OfficialDays:
    """The official days of `CN` or `DE-BY` in one year; raises `ValueError` for a place the library does not know."""
    if place is None:
        return OfficialDays()
    import holidays  # noqa: PLC0415  # takes half a second, and most command lines ask no calendar

    country, _, subdivision = place.partition("-")
    try:
        days = holidays.country_holidays(country, subdiv=subdivision or None, years=year, expand=False)
    except NotImplementedError:
        raise ValueError(f"{place!r}: the holidays library knows no such place") from None
    # The library lists the make-up days of several years at once.
    return OfficialDays(frozenset(days), frozenset(day for day in days.weekend_workdays if day.year == year))


def known_place(place: str) -> str:
    """Give back the code of a place whose holidays are known; raises `ValueError` for any other.

    A country is looked up in the library's list of names, which costs less than half of loading its countries.
    """
    match = _PLACE.fullmatch(place)
    if match is None:
        raise ValueError(f"{place!r} is not a country: write its ISO code, such as CN, or with a subdivision DE-BY")
    from holidays.registry import COUNTRIES  # noqa: PLC0415  # see official_days

    if not any(match["country"] in names for names in COUNTRIES.values()):
        raise ValueError(f"{place!r}: the holidays library knows no such country")
    if match["subdivision"]:
        official_days(place, 2026)
    return place
