"""What every table of a rulebook is made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from rules.calendar.duration import Duration
from rules.directory import Relation
from rules.letter import LetterLanguage
from rules.report import Channel
from rules.ticket import Kind, Ticket

Names = Annotated[
    dict[LetterLanguage, str], Field(description="Shown in letters.", examples=[{"zh-CN": "网络", "en": "Network"}])
]
Promise = Annotated[Duration, Field(examples=["30m", "4h", "14d"])]


def _by_the_clock(duration: Duration) -> Duration:
    if duration.is_working_time or not duration.amount:
        raise ValueError(f"{duration} must be some time by the clock, such as 10m or 4h")
    return duration


Interval = Annotated[Duration, AfterValidator(_by_the_clock), Field(examples=["10m", "4h"])]
"""Time by the clock, and not none."""

Told = Literal["assignee", "lead", "supervisor", "manager", "head", "requester"]
"""Who hears of something."""


def _existing_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error
    return name


Zone = Annotated[str, AfterValidator(_existing_zone), Field(examples=["Asia/Shanghai"])]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


OneOrMore = BeforeValidator(_listed)
"""A single word stands for a list of one."""


class Section(BaseModel):
    """One table of a rulebook: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Condition(Section):
    """Which tickets something is for. Every key that is given must hold; left out, it is for all."""

    kinds: Annotated[tuple[Kind, ...], OneOrMore] = ()
    """These kinds of tickets."""
    categories: Annotated[tuple[str, ...], OneOrMore, Field(examples=[["hardware"]])] = ()
    """These categories."""
    levels: Annotated[tuple[str, ...], OneOrMore, Field(examples=[["P1", "P2"]])] = ()
    """These levels of priority."""
    channels: Annotated[tuple[Channel, ...], OneOrMore] = ()
    """What came by mail, or as an alert."""
    requesters: Annotated[tuple[Relation, ...], OneOrMore] = ()
    """Requesters of the organisation itself, or its customers."""
    zones: Annotated[tuple[str, ...], OneOrMore, Field(examples=[["suburbs"]])] = ()
    """Places, each one of `[zones.NAME]`."""
    lines: Annotated[tuple[str, ...], OneOrMore, Field(examples=[["first"]])] = ()
    """Lines of support, each one of `[[lines]]`."""

    people: bool | None = None
    """`true`: tickets on which people take part, also those of alerts that somebody joined; `false`: the others."""

    def holds(self, ticket: Ticket) -> bool:
        """Tell whether a ticket is one of those meant."""
        return (
            _among(ticket.kind, self.kinds)
            and _among(ticket.category, self.categories)
            and _among(ticket.priority, self.levels)
            and _among(ticket.channel, self.channels)
            and _among(ticket.relation, self.requesters)
            and _among(ticket.zone, self.zones)
            and _among(ticket.line, self.lines)
            and self.people in (None, bool(ticket.participants))
        )


def _among(value: str | None, values: tuple[str, ...]) -> bool:
    return not values or value in values
