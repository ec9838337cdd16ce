"""How impact and urgency are told, and the level they give."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from rules.rulebook_files.weights import Words
from rules.sections.patterns import Patterns
from rules.sections.section import Condition, Names, Section
from rules.ticket import Impact, Kind, Urgency


class ImpactLevel(Section):
    """What makes an impact: how many distinct people report it, or words."""

    people: Annotated[PositiveInt | None, Field(examples=[10])] = None
    """So many distinct people make it. Left out: only words do."""
    words: Words = {}
    patterns: Patterns = ()
    """RE2 patterns, each of which makes it."""


class UrgencyLevel(Section):
    """What makes an urgency; of several the highest wins."""

    words: Words = {}
    patterns: Patterns = ()
    """RE2 patterns, each of which makes it."""
    vip: bool = False
    """A requester whom the people file calls a VIP makes it."""
    departments: Annotated[tuple[str, ...], Field(examples=[["Executive Office"]])] = ()
    """Requesters of these departments of the people file make it."""


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
    """Where nothing tells."""
    by_kind: Annotated[dict[Kind, str], Field(examples=[{"question": "P4"}])] = {}
    """Kinds that always begin at one level."""
    impact: dict[Impact, ImpactLevel] = {}
    urgency: dict[Urgency, UrgencyLevel] = {}


class ReviewRules(Section):
    """A second look at category and priority, by `!review`."""

    by: Literal["lead", "supervisor", "manager", "head"] | None = None
    """Who is asked for it. Left out: nobody."""
    when: Condition = Condition()
    """Only of these tickets."""
