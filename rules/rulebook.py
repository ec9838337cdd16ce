"""The file that says how a desk works, as data. `rules.rulebook_files.reading` reads it from TOML."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator

from rules.calendar.calendars import Calendar, CalendarSettings, build
from rules.closing.satisfaction import waiting_clock
from rules.judging.needs import NeedSigns
from rules.language.words import Vocabulary
from rules.letter import LetterLanguage
from rules.rulebook_files.agreement import refuse_disagreements, with_disagreements
from rules.rulebook_files.example_tables import Example
from rules.sections.attachments import AttachmentRules
from rules.sections.classification import Category, Classification, KindWords
from rules.sections.closing import ClosingRules, ComplaintRules, SatisfactionRules
from rules.sections.desk import (
    AssignmentRules,
    Authority,
    FloodRules,
    LetterRules,
    Line,
    Need,
    Numbers,
    RequesterRules,
    Team,
    ZonePlace,
)
from rules.sections.escalation import EscalationRule
from rules.sections.joining import JoiningRules, Service
from rules.sections.priority import PriorityRules, ReviewRules
from rules.sections.promises import ClockRule, OwedRule
from rules.sections.reports import AlertRules, RepeatRules
from rules.sections.section import Names, Section, Zone


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
    """Of letters to people whose mails do not tell theirs; who writes one that we do not gets English."""
    timezone: Zone
    """Of serials, and of the times that letters show."""
    numbers: Numbers = Numbers()
    calendars: dict[str, CalendarSettings] = {}
    teams: dict[str, Team]
    lines: tuple[Line, ...] = ()
    desk_team: Annotated[str, Field(examples=["service-desk"])]
    """The team that takes what no category claims."""
    requesters: RequesterRules = RequesterRules()
    zones: dict[str, ZonePlace] = {}
    categories: dict[str, Category]
    classification: Classification
    needs: dict[str, Need] = {}
    priority: PriorityRules
    review: ReviewRules = ReviewRules()
    assignment: AssignmentRules = AssignmentRules()
    clocks: tuple[ClockRule, ...] = ()
    owed: tuple[OwedRule, ...] = ()
    repeats: RepeatRules
    alerts: AlertRules
    services: tuple[Service, ...] = ()
    joining: JoiningRules = JoiningRules()
    escalations: tuple[EscalationRule, ...] = ()
    closing: ClosingRules = ClosingRules()
    satisfaction: SatisfactionRules = SatisfactionRules()
    complaints: ComplaintRules = ComplaintRules()
    authority: Authority = Authority()
    attachments: AttachmentRules = AttachmentRules()
    letters: LetterRules = LetterRules()
    floods: FloodRules = FloodRules()
    examples: tuple[Example, ...] = ()

    @cached_property
    def _calendars(self) -> dict[str, Calendar]:
        return build(self.calendars)

    @cached_property
    def promises(self) -> dict[str, ClockRule]:
        """Every clock by its name: those of `[[clocks]]`, one for each of `[[owed]]`, and the wait for a rating."""
        waiting = waiting_clock(self.satisfaction)
        rules = (*self.clocks, *(owed.as_clock() for owed in self.owed), *((waiting,) if waiting else ()))
        return {rule.name: rule for rule in rules}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every word and pattern that tells something, compiled at its first use."""
        categories, kinds = self.categories.items(), self.classification.kinds.items()
        impacts, urgencies = self.priority.impact.items(), self.priority.urgency.items()
        return Vocabulary(
            (
                *(("category", name, each.words) for name, each in categories),
                *(("kind", kind, each.words) for kind, each in kinds),
                *(("impact", level, each.words) for level, each in impacts),
                *(("urgency", level, each.words) for level, each in urgencies),
                *(("zone", name, each.words) for name, each in self.zones.items()),
            ),
            (
                *(("category", name, each.patterns) for name, each in categories),
                *(("kind", kind, each.patterns) for kind, each in kinds),
                *(("impact", level, dict.fromkeys(each.patterns, 1.0)) for level, each in impacts),
                *(("urgency", level, dict.fromkeys(each.patterns, 1.0)) for level, each in urgencies),
            ),
        )

    @cached_property
    def complaint_signs(self) -> Vocabulary:
        """Of these only what tells a complaint: most mails are none, and that is soon seen."""
        told = self.classification.kinds.get("complaint", KindWords())
        return Vocabulary((("kind", "complaint", told.words),), (("kind", "complaint", told.patterns),))

    @cached_property
    def service_words(self) -> Vocabulary:
        """What people call each of `[[services]]`, its name too, compiled at the first use."""
        told = ((each.name, dict.fromkeys((each.name, *each.words), 1.0)) for each in self.services)
        return Vocabulary(tuple(("service", name, words) for name, words in told))

    @cached_property
    def need_signs(self) -> NeedSigns:
        """By what a report tells each of `[needs]`, compiled at its first use."""
        return NeedSigns(self.needs)

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
