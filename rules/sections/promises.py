"""Promises by the clock, and what is owed beside the solution."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rules.calendar.duration import Duration
from rules.sections.section import Condition, Names, OneOrMore, Section
from rules.ticket import Moment, Ticket

EVERY_LEVEL = "*"
"""Stands for every level of priority that a limit does not name."""


def _for_every_level(value: Any) -> Any:
    return {EVERY_LEVEL: value} if isinstance(value, str) else value


Limit = Annotated[
    dict[str, Duration],
    BeforeValidator(_for_every_level),
    Field(examples=[{"P1": "30m", "P2": "4wh", "P3": "3wd"}, "2h"]),
]
ClockName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["response"])]


class ClockVariant(Section):
    """Another limit for some tickets."""

    when: Condition
    """These tickets; the first variant that fits is taken."""
    limit: Limit
    """By level, or one duration for all."""
    calendar: Annotated[str | None, Field(examples=["office"])] = None
    """One of `[calendars.NAME]`. Left out: that of the clock."""


class ClockRule(Section):
    """A promise: what starts it, what keeps it, and how long it may take at each level."""

    name: ClockName
    """In letters, metrics and escalations; small letters, digits and `_`."""
    names: Names = {}
    starts: Annotated[tuple[Moment, ...], OneOrMore, Field(examples=["opened"])] = ("opened",)
    """What sets it running, one moment or several; a reopened ticket is opened again."""
    stops: Annotated[tuple[Moment, ...], OneOrMore, Field(min_length=1, examples=["responded"])]
    """What keeps the promise, one moment or several; letters promise the first."""
    once: bool = False
    """It does not run again when the ticket is reopened."""
    limit: Limit
    """By level, or one duration for all; a level that is left out has no such promise."""
    variants: tuple[ClockVariant, ...] = ()
    calendar: Annotated[str | None, Field(examples=["office"])] = None
    """One of `[calendars.NAME]`; needed for limits in working time."""
    pauses_while_waiting: bool = False
    """It does not run while the desk waits for somebody else."""
    when: Condition = Condition()
    """Only for these tickets."""
    repeats: bool = False
    """When it is due, the requesters are told how far things are, and the next cycle begins."""
    warns: Annotated[Duration | None, Field(examples=["30m"])] = None
    """So long before it is due, by the clock on the wall, the rungs of `on = "warning"` are taken."""

    def limit_of(self, ticket: Ticket) -> tuple[Duration, str | None] | None:
        """The limit and the calendar that hold for a ticket; None where nothing is promised to it."""
        if not self.when.holds(ticket):
            return None
        for variant in self.variants:
            if variant.when.holds(ticket):
                return _at_level(variant.limit, ticket.priority, variant.calendar or self.calendar)
        return _at_level(self.limit, ticket.priority, self.calendar)


class OwedRule(Section):
    """Something written that a ticket leaves behind, such as a report: owed from a moment on, by a clock of its own."""

    name: Annotated[ClockName, Field(examples=["onsite_report"])]
    """In `!report NAME`, letters and metrics; small letters, digits and `_`. It is also the name of its clock."""
    names: Names = {}
    on: Annotated[tuple[Moment, ...], OneOrMore, Field(examples=["left"])] = ()
    """The moments from which it is owed; a rung with `owes` and `!owe NAME` do the same."""
    by: Literal["assignee", "lead", "supervisor"] = "assignee"
    """Who owes it."""
    limit: Limit
    """By level, or one duration for all."""
    calendar: Annotated[str | None, Field(examples=["office"])] = None
    """One of `[calendars.NAME]`; needed for limits in working time."""
    when: Condition = Condition()
    """Only for these tickets."""

    def as_clock(self) -> ClockRule:
        """The clock that runs while it is owed; only its being written stops it."""
        return ClockRule(
            name=self.name, names=self.names, starts=(), stops=("written",), limit=self.limit, calendar=self.calendar
        )


def _at_level(limit: dict[str, Duration], level: str, calendar: str | None) -> tuple[Duration, str | None] | None:
    found = limit.get(level, limit.get(EVERY_LEVEL))
    return None if found is None else (found, calendar)
