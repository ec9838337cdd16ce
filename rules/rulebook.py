"""The file that says how a desk works, as data. `rules.rulebook_file` reads it from TOML."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PositiveInt,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from rules.calendars import Calendar, CalendarSettings, build
from rules.duration import Duration
from rules.letter import LetterLanguage
from rules.rulebook_checks import disagreements
from rules.similarity import OTHER_PEOPLE, SAME_REQUESTER
from rules.ticket import Impact, Kind, Urgency
from rules.weights import Words
from rules.words import Vocabulary

Names = dict[LetterLanguage, str]


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

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every word that tells something, compiled at its first use."""
        return Vocabulary(
            (
                *(("category", name, each.words) for name, each in self.categories.items()),
                *(("kind", kind, each.words) for kind, each in self.classification.kinds.items()),
                *(("impact", level, each.words) for level, each in self.priority.impact.items()),
                *(("urgency", level, each.words) for level, each in self.priority.urgency.items()),
            )
        )

    def calendar(self, name: str | None) -> Calendar | None:
        """The calendar with this name, built once; None for None."""
        return None if name is None else self._calendars[name]

    @model_validator(mode="wrap")
    @classmethod
    def _agree(cls, written: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        """Tell on what the sections disagree together with what each of them has wrong by itself."""
        try:
            rulebook = check(written)
        except ValidationError as error:
            own = [_again(details) for details in error.errors(include_url=False)]
            raise ValidationError.from_exception_data(cls.__name__, [*own, *_disagreeing(written)]) from None
        if wrong := _disagreeing(rulebook.model_dump()):
            raise ValidationError.from_exception_data(cls.__name__, wrong)
        return rulebook


def _disagreeing(written: object) -> list[InitErrorDetails]:
    complaints = disagreements(written) if isinstance(written, dict) else ()
    return [
        InitErrorDetails(
            type=PydanticCustomError("disagreement", "{says}", {"says": each.says}), loc=each.at, input=None
        )
        for each in complaints
    ]


def _again(details: ErrorDetails) -> InitErrorDetails:
    """What pydantic found, as it takes it back."""
    again = InitErrorDetails(type=details["type"], loc=details["loc"], input=details["input"])
    return {**again, "ctx": details["ctx"]} if "ctx" in details else again
