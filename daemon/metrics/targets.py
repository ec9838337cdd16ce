"""How many seconds a promise is worth, and the bucket edges that promises add to the common ones."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from rules.sections.promises import EVERY_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from daemon.metrics.catalogue import Durations
    from rules.calendar.calendars import CalendarSettings
    from rules.calendar.duration import Duration
    from rules.rulebook import Rulebook
    from rules.sections.promises import ClockRule
    from rules.ticket import Moment

#: Five minutes to two weeks, in seconds.
EDGES = (300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 432_000, 1_209_600)

INFINITE = "+Inf"


def targets(rulebook: Rulebook) -> Iterator[tuple[str, str, float]]:
    """The limits that a rulebook promises, as (clock, priority, seconds of the time the clock counts).

    What a clock's variants promise to some tickets is left out.
    """
    for rule in rulebook.promises.values():
        settings = _settings(rulebook, rule.calendar)
        for priority in rulebook.priority.levels:
            limit = rule.limit.get(priority, rule.limit.get(EVERY_LEVEL))
            if limit is not None:
                yield rule.name, priority, limit_seconds(limit, settings)


def first_promise(rulebook: Rulebook, moment: Moment) -> ClockRule | None:
    """The first clock that this moment keeps, and none other if there is such a one; None where nothing promises it."""
    rules = [rule for rule in rulebook.clocks if moment in rule.stops and not rule.repeats]
    return next((rule for rule in rules if rule.stops == (moment,)), rules[0] if rules else None)


def limit_seconds(limit: Duration, settings: CalendarSettings | None) -> float:
    """The length of a limit in seconds; a working day is as long as most open days of its calendar's week."""
    if not limit.is_working_days:
        return limit.length().total_seconds()
    return float(limit.amount) * (_working_day(settings) if settings else 86_400.0)


def duration_edges(durations: Durations, rulebook: Rulebook) -> tuple[float, ...]:
    """The upper bounds of a histogram's buckets in seconds, without the infinite one.

    What was promised is an edge, so that the share kept can be read without guessing between two others.
    """
    stopping = [rule for rule in rulebook.clocks if durations.stops in rule.stops]
    promised = {seconds for rule in stopping for seconds in _limits(rule, rulebook) if seconds > 0}
    return tuple(sorted(promised.union(EDGES)))


def bucket_of(seconds: float, edges: Sequence[float]) -> str:
    """The `le` of the bucket that a duration falls into, as the table of tallies writes it."""
    place = bisect_left(edges, seconds)
    return str(float(edges[place])) if place < len(edges) else INFINITE


def _limits(rule: ClockRule, rulebook: Rulebook) -> Iterator[float]:
    """Every limit of a clock in seconds, those of its variants included."""
    for limits, calendar in (
        (rule.limit, rule.calendar),
        *((variant.limit, variant.calendar or rule.calendar) for variant in rule.variants),
    ):
        settings = _settings(rulebook, calendar)
        yield from (limit_seconds(limit, settings) for limit in limits.values())


def _settings(rulebook: Rulebook, calendar: str | None) -> CalendarSettings | None:
    return rulebook.calendars.get(calendar) if calendar else None


def _working_day(settings: CalendarSettings) -> float:
    minutes = [sum(shift.closes - shift.opens for shift in shifts) for shifts in settings.week if shifts]
    return Counter(minutes).most_common(1)[0][0] * 60.0
