"""The tables of the people: those who report, those who work at the desk, and the duty roster."""

# Annotations are not put off here: pydantic reads them while it makes the classes.

from datetime import date, datetime
from typing import ClassVar

from pydantic import Field, ValidationInfo, field_validator

from daemon.config.table import Table
from daemon.config.values import (
    AddressOrDomain,
    AwayFrom,
    AwayTo,
    Domain,
    ExistingFile,
    FirstDay,
    Hours,
    Line,
    MailAddress,
    Turn,
    Zone,
)
from rules.calendar.shifts import Shift
from rules.letter import LetterLanguage
from rules.people import WEEKDAYS, Role, Weekday


class StaffTable(Table):
    about: ClassVar[str] = "What holds for everybody."
    timezone: Zone | None = Field(
        default=None, description="Of the duty roster. Left out: the rulebook's.", examples=["Asia/Shanghai"]
    )
    known: tuple[AddressOrDomain, ...] = Field(
        default=(),
        description="Addresses and domains whose reports count where nothing proves senders; "
        "with `authserv_id` only proof counts.",
        examples=["@corp.example"],
    )


class RequestersTable(Table):
    about: ClassVar[str] = "The people who report, and which of them are the organisation's own."
    file: ExistingFile | None = Field(
        default=None,
        description="The people file: CSV in UTF-8 or GB 18030, read again at each reload. Its header names `address` "
        "and any of `name`, `relation` (internal, external), `number` (the employee's or customer's), `department`, "
        "`customer`, `phone`, `place`, `zone` (one of the rulebook), `vip` (yes, no) and `language`, or the same in "
        "Chinese.",
        examples=["people.csv"],
    )
    internal_domains: tuple[Domain, ...] = Field(
        default=(),
        description="Whoever writes from these is internal, from others external, unless the people file says "
        "otherwise. A leading dot means the domains below it too.",
        examples=["corp.example", ".group.example"],
    )


class AwayTable(Table):
    """An entry of `away`."""

    begins: AwayFrom = Field(alias="from")
    ends: AwayTo = Field(alias="to")

    @field_validator("ends")
    @classmethod
    def _is_later(cls, ends: datetime, info: ValidationInfo) -> datetime:
        begins = info.data.get("begins")
        if begins is not None and ends <= begins:
            raise ValueError("it must lie after from")
        return ends


class PersonTable(Table):
    about: ClassVar[str] = "A member of staff. Any number."
    address: MailAddress = Field(
        description="The mail address; nobody else may have it.", examples=["li.wei@example.org"]
    )
    name: Line | None = Field(default=None, description="Shown in letters.", examples=["李伟"])
    role: Role = Field(default="engineer", description="What this person may do and is told.")
    teams: tuple[Line, ...] = Field(default=(), description="Teams of the rulebook.", examples=["service-desk"])
    skills: tuple[Line, ...] = Field(
        default=(), description="Skills that categories of the rulebook ask for.", examples=["network"]
    )
    areas: tuple[Line, ...] = Field(
        default=(), description="Zones of the rulebook that this person is responsible for.", examples=["suburbs"]
    )
    lines: tuple[Line, ...] = Field(
        default=(),
        description="Support lines of the rulebook that this person works on. Left out: all of them.",
        examples=["second"],
    )
    language: LetterLanguage | None = Field(
        default=None, description="Of letters to this person. Left out: the rulebook's."
    )
    limit: int | None = Field(
        default=None,
        strict=True,
        ge=1,
        le=10000,
        description="The most open tickets at once. Left out: no limit.",
        examples=[10],
    )
    away: tuple[AwayTable, ...] = Field(
        default=(),
        description="When this person is not there, in the roster's zone: whole days, the last one included, or times "
        'such as `"2026-12-01T13:00"`.',
        examples=[{"from": "2026-12-01", "to": "2026-12-05"}],
    )


class RosterTable(Table):
    about: ClassVar[str] = "Who of a team is on duty when. A team without a line is always on duty."
    team: Line = Field(description="A team of the rulebook.", examples=["service-desk"])
    people: tuple[MailAddress, ...] = Field(
        min_length=1, description="Addresses of `[[people]]`.", examples=["li.wei@example.org"]
    )
    days: tuple[Weekday, ...] = Field(
        default=WEEKDAYS, min_length=1, description="The days on which the hours begin.", examples=["mon", "tue"]
    )
    hours: Hours = Field(
        default=Shift.parse("00:00-24:00"),
        description="May run past midnight: `22:00-06:00`.",
        examples=["09:00-18:00"],
    )
    rotates: Turn | None = Field(
        default=None,
        description="The people take turns in their order, one at a time, each for a day, a week or so many days; a "
        "multiple of 7 counts weeks, other numbers count the days on which the hours begin. Whoever stands next in the "
        "order stands in for somebody away.",
        examples=[14],
    )
    since: FirstDay | None = Field(
        default=None,
        alias="from",
        validate_default=True,
        description="The day on which a turn of the first one begins; turns before it are counted backwards.",
        examples=["2026-11-23"],
    )

    @field_validator("since")
    @classmethod
    def _goes_with_turns(cls, since: date | None, info: ValidationInfo) -> date | None:
        if "rotates" in info.data and (since is None) != (info.data["rotates"] is None):
            raise ValueError("rotates and from are given together, or neither")
        return since
