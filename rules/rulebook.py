"""The file that says how a desk works, as data. `rules.rulebook_files.reading` reads it from TOML."""

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

from rules.calendar.calendars import Calendar, CalendarSettings, build
from rules.calendar.duration import Duration
from rules.language.similarity import OTHER_PEOPLE, SAME_REQUESTER
from rules.language.words import Vocabulary
from rules.letter import LetterLanguage
from rules.rulebook_files.agreement import refuse_disagreements, with_disagreements
from rules.rulebook_files.example_tables import Example
from rules.rulebook_files.weights import Words
from rules.ticket import Impact, Kind, Urgency

Names = Annotated[
    dict[LetterLanguage, str], Field(description="Shown in letters.", examples=[{"zh-CN": "网络", "en": "Network"}])
]
Promise = Annotated[Duration, Field(examples=["30m", "4h", "14d"])]


def _existing_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error
    return name


Zone = Annotated[str, AfterValidator(_existing_zone), Field(examples=["Asia/Shanghai"])]


class Section(BaseModel):
    """One table of a rulebook: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Numbers(Section):
    """Ticket numbers."""

    format: str = "{year}{month}-{serial}"
    """Of `{year}`, `{month}`, `{day}` and `{serial}`."""
    digits: Annotated[int, Field(ge=1, le=9)] = 3
    """The serial has at least so many digits, then more; no number is used again."""
    restart: Literal["never", "year", "month", "day"] = "month"
    """When the serial begins at 1 again; the format must then tell the periods apart."""


class Team(Section):
    """A group of people who work on the same things."""

    names: Names = {}


class Category(Section):
    """What a ticket is about, the words that tell it, and whose work it is."""

    names: Names = {}
    team: Annotated[str, Field(examples=["network"])]
    """One of `[teams.NAME]`."""
    skill: Annotated[str | None, Field(examples=["vpn"])] = None
    """What the assignee must be able to do. Left out: anybody of the team."""
    words: Words = {}


class KindWords(Section):
    """The words that tell a kind of ticket."""

    names: Names = {}
    words: Words = {}


class Classification(Section):
    """How much evidence a category needs."""

    threshold: Annotated[float, Field(ge=0)] = 2.0
    """The least weight of all words found that makes a category, or a kind."""
    subject_factor: Annotated[float, Field(ge=1)] = 2.0
    """A word in the subject tells so many times what it tells in the text."""
    otherwise: Annotated[str, Field(examples=["other"])]
    """The category where nothing reaches the threshold."""
    default_kind: Kind = "incident"
    """The kind where nothing reaches the threshold."""
    kinds: dict[Kind, KindWords] = {}


class ImpactLevel(Section):
    """What makes an impact: how many distinct people report it, or words."""

    people: Annotated[PositiveInt | None, Field(examples=[10])] = None
    """So many distinct people make it. Left out: only words do."""
    words: Words = {}


class UrgencyLevel(Section):
    """The words that make an urgency."""

    words: Words = {}


class PriorityRules(Section):
    """Impact and urgency give the priority."""

    levels: Annotated[tuple[str, ...], Field(min_length=1, examples=["P1", "P2", "P3", "P4"])]
    """The levels, the most urgent first."""
    names: Annotated[dict[str, Names], Field(examples=[{"P1": {"zh-CN": "紧急", "en": "Urgent"}}])] = {}
    """What letters call the levels."""
    matrix: Annotated[
        dict[Impact, dict[Urgency, str]], Field(examples=[{"large": {"high": "P1", "medium": "P2", "low": "P3"}}])
    ]
    """The level for every impact and every urgency."""
    default_impact: Impact = "small"
    """Where neither people nor words tell."""
    default_urgency: Urgency = "medium"
    """Where no words tell."""
    by_kind: Annotated[dict[Kind, str], Field(examples=[{"question": "P4"}])] = {}
    """Kinds that always begin at one level."""
    impact: dict[Impact, ImpactLevel] = {}
    urgency: dict[Urgency, UrgencyLevel] = {}


class ClockRule(Section):
    """A promise: what starts it, what keeps it, and how long it may take at each level."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["response"])]
    """In letters, metrics and escalations; small letters, digits and `_`."""
    starts: Literal["opened", "assigned"] = "opened"
    """What sets it running."""
    stops: Literal["assigned", "responded", "resolved"]
    """What keeps the promise."""
    limit: Annotated[dict[str, Duration], Field(examples=[{"P1": "30m", "P2": "4wh", "P3": "3wd"}])]
    """By level; a level that is left out has no such promise."""
    calendar: Annotated[str | None, Field(examples=["office"])] = None
    """One of `[calendars.NAME]`; needed for limits in working time."""
    pauses_while_waiting: bool = False
    """It does not run while the desk waits for somebody else."""
    kinds: tuple[Kind, ...] = ()
    """Only for these kinds of tickets; empty is all."""
    repeats: bool = False
    """When it is due, what it promises is done by the desk and the next cycle begins."""


class RepeatRules(Section):
    """When a report outside a thread is a repeat of an open ticket."""

    window: Promise
    """How long after its last change a ticket takes repeats."""
    same_requester: Annotated[float, Field(ge=0, le=1)] = SAME_REQUESTER
    """How alike two reports of one person must be, from 0 to 1."""
    other_people: Annotated[float, Field(ge=0, le=1)] = OTHER_PEOPLE
    """How alike the reports of two people must be, from 0 to 1."""
    again: Annotated[tuple[str, ...], Field(examples=["又", "still not working"])] = ()
    """Words by which a mail in its own thread plainly says that it is broken again."""
    thanks: Annotated[tuple[str, ...], Field(examples=["谢谢", "thank you"])] = ()
    """Words of a short reply that only thanks: it does not reopen what is resolved."""


class Severity(Section):
    """What an alert's severity label means."""

    impact: Impact
    """How far it reaches."""
    urgency: Urgency
    """How soon it hurts."""


class AlertRules(Section):
    """What becomes of alerts."""

    ignore: Annotated[tuple[str, ...], Field(examples=["Watchdog"])] = ("Watchdog", "InfoInhibitor")
    """The `alertname` of alerts that never become tickets."""
    key: Annotated[tuple[str, ...], Field(min_length=1, examples=["alertname", "service|job"])] = (
        "alertname",
        "service|job",
        "cluster",
    )
    """The labels that make one ticket; `a|b` takes the first that is there."""
    reopen_window: Promise
    """How long after it was resolved a ticket is reopened by the same alert."""
    severities: dict[str, Severity] = {}
    otherwise: Severity = Severity(impact="small", urgency="medium")
    """For a severity that is not listed, or none. Left out: small and medium."""


class EscalationRule(Section):
    """One rung of the ladder."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["second-repeat"])]
    """In letters and metrics; small letters, digits and `-`."""
    on: Literal["repeat", "overdue", "reopened"]
    """What takes it."""
    count: Annotated[PositiveInt | None, Field(examples=[2])] = None
    """For `repeat` and `reopened`: the how many-th it is."""
    clock: Annotated[str | None, Field(examples=["response"])] = None
    """For `overdue`: one of `[[clocks]]`."""
    raises: Annotated[int, Field(ge=0, le=9)] = 0
    """How many levels the priority goes up."""
    tell: tuple[Literal["assignee", "lead", "manager", "head", "requester"], ...] = ()
    """Who gets a letter about it."""


class LetterRules(Section):
    """Brakes on what is written by itself."""

    unverified_receipts_per_day: PositiveInt = 100
    """To senders whom nobody verified, for the whole desk; each address gets one a day."""


class Rulebook(Section):
    """How one desk works. Read it with `rules.rulebook_files.reading.read_rulebook`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["enterprise-itsm"])]
    """What the rulebook is called; small letters, digits and `-`."""
    extends: Annotated[str | None, Field(examples=["enterprise-itsm", "our-desk.toml"])] = None
    """Start from this rulebook, a shipped one or a file, and change what is written here: tables are merged key by key,
    lists of tables by their `name`, words word by word; everything else takes the place of what was there."""
    remove: Annotated[tuple[str, ...], Field(examples=["clocks.progress", "categories.network.words.vpn"])] = ()
    """What of it is not taken over."""
    title: Annotated[Names, Field(examples=[{"zh-CN": "企业 IT 服务台", "en": "Enterprise IT service desk"}])] = {}
    language: LetterLanguage
    """Of letters to people whose own language we do not write."""
    timezone: Zone
    """Of serials, and of the times that letters show."""
    numbers: Numbers = Numbers()
    calendars: dict[str, CalendarSettings] = {}
    teams: dict[str, Team]
    desk_team: Annotated[str, Field(examples=["service-desk"])]
    """The team that takes what no category claims."""
    categories: dict[str, Category]
    classification: Classification
    priority: PriorityRules
    clocks: tuple[ClockRule, ...] = ()
    repeats: RepeatRules
    alerts: AlertRules
    escalations: tuple[EscalationRule, ...] = ()
    letters: LetterRules = LetterRules()
    examples: tuple[Example, ...] = ()

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
            raise with_disagreements(error, written) from None
        refuse_disagreements(rulebook.model_dump(), cls.__name__)
        return rulebook
