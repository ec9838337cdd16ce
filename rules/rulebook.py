"""The file that says how a desk works, as data. `rules.rulebook_file` reads it from TOML."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, model_validator

from rules.calendars import Calendar, CalendarSettings, build
from rules.duration import Duration
from rules.letter import LetterLanguage
from rules.people import Role
from rules.similarity import OTHER_PEOPLE, SAME_REQUESTER
from rules.ticket import IMPACTS, URGENCIES, Impact, Kind, Urgency

Names = dict[LetterLanguage, str]
Weight = Annotated[float, Field(gt=0, le=100)]
Words = dict[str, Weight]
"""Word or phrase and how much it tells; matched after folding, so one script and width is enough."""


def _existing_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error
    return name


Zone = Annotated[str, AfterValidator(_existing_zone)]


class Section(BaseModel):
    """One table of a rulebook: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Numbers(Section):
    """Ticket numbers."""

    format: str = "{year}{month}-{serial}"
    """Of `{year}`, `{month}`, `{day}` and `{serial}`."""
    digits: Annotated[int, Field(ge=1, le=9)] = 3
    """The serial has at least so many digits, then more; no number is used again."""
    restart: Literal["never", "year", "month", "day"] = "month"


class Team(Section):
    """A group of people who work on the same things."""

    names: Names = {}


class Category(Section):
    """What a ticket is about, the words that tell it, and whose work it is."""

    names: Names = {}
    team: str
    skill: str | None = None
    """What the assignee must be able to do; None takes anybody of the team."""
    words: Words = {}


class KindWords(Section):
    """The words that tell a kind of ticket."""

    names: Names = {}
    words: Words = {}


class Classification(Section):
    """How much evidence a category needs."""

    threshold: Annotated[float, Field(ge=0)] = 2.0
    subject_factor: Annotated[float, Field(ge=1)] = 2.0
    """A word in the subject tells so many times what it tells in the text."""
    otherwise: str
    """The category where nothing reaches the threshold."""
    default_kind: Kind = "incident"
    kinds: dict[Kind, KindWords] = {}


class ImpactLevel(Section):
    """What makes an impact: how many distinct people report it, or words."""

    people: PositiveInt | None = None
    words: Words = {}


class UrgencyLevel(Section):
    """What makes an urgency."""

    words: Words = {}


class PriorityRules(Section):
    """Impact and urgency give the priority."""

    levels: Annotated[tuple[str, ...], Field(min_length=1)]
    """The names of the levels, the most urgent first."""
    names: dict[str, Names] = {}
    matrix: dict[Impact, dict[Urgency, str]]
    default_impact: Impact = "small"
    default_urgency: Urgency = "medium"
    by_kind: dict[Kind, str] = {}
    """Kinds that always have one level, such as a question."""
    impact: dict[Impact, ImpactLevel] = {}
    urgency: dict[Urgency, UrgencyLevel] = {}


class ClockRule(Section):
    """A promise: what starts it, what keeps it, and how long it may take at each level."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    starts: Literal["opened", "assigned"] = "opened"
    stops: Literal["assigned", "responded", "resolved"]
    limit: dict[str, Duration]
    """By priority; a level that is left out has no such promise."""
    calendar: str | None = None
    """Needed for limits in working time."""
    pauses_while_waiting: bool = False
    kinds: tuple[Kind, ...] = ()
    """Only for these kinds of tickets; empty is all."""
    repeats: bool = False
    """When it is due, what it promises is done by the desk and the next cycle begins."""


class RepeatRules(Section):
    """When a report outside a thread is a repeat of an open ticket."""

    window: Duration
    same_requester: Annotated[float, Field(ge=0, le=1)] = SAME_REQUESTER
    other_people: Annotated[float, Field(ge=0, le=1)] = OTHER_PEOPLE
    """How alike the reports must be, from 0 to 1 (`rules.similarity`)."""
    again: tuple[str, ...] = ()
    """Words by which a mail in its own thread plainly says that it is broken again."""
    thanks: tuple[str, ...] = ()
    """Words of a short reply that only thanks: it does not reopen what is resolved."""


class Severity(Section):
    """What an alert's severity label means."""

    impact: Impact
    urgency: Urgency


class AlertRules(Section):
    """What becomes of alerts."""

    ignore: tuple[str, ...] = ("Watchdog", "InfoInhibitor")
    key: Annotated[tuple[str, ...], Field(min_length=1)] = ("alertname", "service|job", "cluster")
    """The labels that make one ticket; `a|b` takes the first that is there."""
    reopen_window: Duration
    severities: dict[str, Severity] = {}
    otherwise: Severity = Severity(impact="small", urgency="medium")
    """For a severity that is not listed, or none."""


class EscalationRule(Section):
    """One rung of the ladder."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    on: Literal["repeat", "overdue", "reopened"]
    count: PositiveInt | None = None
    """For `repeat` and `reopened`: the how many-th it is."""
    clock: str | None = None
    """For `overdue`: the clock's name."""
    raises: Annotated[int, Field(ge=0, le=9)] = 0
    """How many levels the priority goes up."""
    tell: tuple[Literal["assignee", "lead", "manager", "head", "requester"], ...] = ()


class LetterRules(Section):
    """Brakes on what is written by itself."""

    unverified_receipts_per_day: PositiveInt = 100
    """To senders whom nobody verified, for the whole desk; each address gets one a day."""


class Rulebook(Section):
    """How one desk works. Read it with `rules.rulebook_file.read_rulebook`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    title: Names = {}
    language: LetterLanguage
    """Of letters to people whose own language we do not write."""
    timezone: Zone
    """Of serials, and of the times that letters show."""
    numbers: Numbers = Numbers()
    calendars: dict[str, CalendarSettings] = {}
    teams: dict[str, Team]
    desk_team: str
    """Who takes what no category claims."""
    categories: dict[str, Category]
    classification: Classification
    priority: PriorityRules
    clocks: tuple[ClockRule, ...] = ()
    repeats: RepeatRules
    alerts: AlertRules
    escalations: tuple[EscalationRule, ...] = ()
    letters: LetterRules = LetterRules()

    @cached_property
    def _calendars(self) -> dict[str, Calendar]:
        return build(self.calendars)

    def calendar(self, name: str | None) -> Calendar | None:
        """The calendar with this name, built once; None for None."""
        return None if name is None else self._calendars[name]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        """Refuse names that nothing else in the file declares."""
        problems = [*self._wrong_teams(), *self._wrong_levels(), *self._wrong_clocks(), *self._wrong_escalations()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _wrong_teams(self) -> list[str]:
        used = {f"categories.{name}.team": category.team for name, category in self.categories.items()}
        used["desk_team"] = self.desk_team
        wrong = [f"{key} = {team!r} is no team of [teams]" for key, team in used.items() if team not in self.teams]
        if self.classification.otherwise not in self.categories:
            wrong.append(f"classification.otherwise = {self.classification.otherwise!r} is no category")
        return wrong

    def _wrong_levels(self) -> list[str]:
        levels = self.priority.levels
        cells = [(impact, urgency) for impact in IMPACTS for urgency in URGENCIES]
        named = {f"priority.matrix.{i}.{u}": self.priority.matrix.get(i, {}).get(u) for i, u in cells}
        named |= {f"priority.by_kind.{kind}": level for kind, level in self.priority.by_kind.items()}
        return [f"{key} = {level!r} is none of priority.levels" for key, level in named.items() if level not in levels]

    def _wrong_clocks(self) -> list[str]:
        wrong: list[str] = []
        for clock in self.clocks:
            where = f"clocks.{clock.name}"
            wrong += [
                f"{where}.limit.{level} is none of priority.levels"
                for level in clock.limit
                if level not in self.priority.levels
            ]
            if clock.calendar is not None and clock.calendar not in self.calendars:
                wrong.append(f"{where}.calendar = {clock.calendar!r} is no calendar")
            if clock.calendar is None and any(limit.is_working_time for limit in clock.limit.values()):
                wrong.append(f"{where} counts working time and names no calendar")
        names = [clock.name for clock in self.clocks]
        return wrong + [f"clocks.{name} is declared twice" for name in set(names) if names.count(name) > 1]

    def _wrong_escalations(self) -> list[str]:
        wrong: list[str] = []
        clocks = {clock.name for clock in self.clocks}
        for rung in self.escalations:
            where = f"escalations.{rung.name}"
            if rung.on == "overdue" and rung.clock not in clocks:
                wrong.append(f"{where}.clock = {rung.clock!r} is no clock")
            if rung.on != "overdue" and rung.count is None:
                wrong.append(f"{where} needs count: the how many-th {rung.on} it is")
        names = [rung.name for rung in self.escalations]
        return wrong + [f"escalations.{name} is declared twice" for name in set(names) if names.count(name) > 1]
