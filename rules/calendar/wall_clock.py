"""From the clock on the wall to the instant it means, in every zone and on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ONE_SECOND: Final = timedelta(seconds=1)


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises `ValueError` with a sentence for any other."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # An absolute path is a ValueError, a folder of the zone database such as "America" an OSError.
        raise ValueError(f"{name!r} is not a time zone: write an IANA name, such as Asia/Shanghai") from None


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive wall time: later on the wall is never earlier in time.

    What the wall shows twice is meant the first time. What it skips is the instant of the skip; the reading of
    RFC 5545 (the offset from before) would put 02:30 after 03:00 on the night the clocks go forward.
    """
    first = wall.replace(tzinfo=zone, fold=0)
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    if before is None or after is None or after <= before:
        return first.astimezone(UTC)
    return _skip_between((wall - after).replace(tzinfo=UTC), (wall - before).replace(tzinfo=UTC), zone)


def _skip_between(earlier: datetime, later: datetime, zone: ZoneInfo) -> datetime:
    """The whole second, after one instant and not after the other, at which the zone changed its offset."""
    earlier, later = earlier.replace(microsecond=0), later.replace(microsecond=0)
    old = earlier.astimezone(zone).utcoffset()
    while later - earlier > _ONE_SECOND:
        middle = earlier + (later - earlier) // _ONE_SECOND // 2 * _ONE_SECOND
        if middle.astimezone(zone).utcoffset() == old:
            earlier = middle
        else:
            later = middle
    return later
