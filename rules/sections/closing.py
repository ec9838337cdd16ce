"""How a ticket ends: the requester's word, his satisfaction, and complaints."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rules.calendar.duration import Duration
from rules.people import Role
from rules.sections.section import Names, Promise, Section


class ClosingRules(Section):
    """What the requester's answer to the solution means."""

    confirms: Annotated[tuple[str, ...], Field(examples=[["已解决", "solved"]])] = ()
    """Words that say it is solved."""
    refuses: Annotated[tuple[str, ...], Field(examples=[["未解决", "not solved"]])] = ()
    """Words that say it is not; any other words on a resolved ticket bring it back to work too."""


class Step(Section):
    """One answer to the satisfaction question."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["very-satisfied"])]
    """In metrics; small letters, digits and `-`."""
    names: Annotated[
        Names,
        Field(
            description="What the letter calls it, and the answer may.",
            examples=[{"zh-CN": "非常满意", "en": "Very satisfied"}],
        ),
    ]
    words: Annotated[tuple[str, ...], Field(examples=[["十分满意", "great"]])] = ()
    """Other words that mean it."""
    unhappy: bool = False
    """The lead is told of this answer."""


class Aspect(Section):
    """Something of the service that is asked about by itself."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["speed"])]
    """In metrics; small letters, digits and `-`."""
    names: Annotated[
        Names,
        Field(
            description="What the letter calls it, and the answer may.", examples=[{"zh-CN": "响应速度", "en": "Speed"}]
        ),
    ]
    words: Annotated[tuple[str, ...], Field(examples=[["速度", "fast"]])] = ()
    """Other words that mean it."""


class SatisfactionRules(Section):
    """The satisfaction question, answered by mail with a word or a number."""

    ask: Literal["before_closing", "after_closing", "never"] = "never"
    """Before: the ticket closes with the answer, or after `wait` without one, as its requester has confirmed it."""
    wait: Promise = Duration.parse("3d")
    """How long an answer is waited for."""
    steps: tuple[Step, ...] = ()
    """The answers, the best first; the best has the highest number."""
    aspects: tuple[Aspect, ...] = ()
    """Left out: one question about the whole."""


class ComplaintRules(Section):
    """What becomes of a complaint beyond its rungs (`on = "complaint"`)."""

    verified_by: Role | None = None
    """Who finds out what happened, by `!findings`. Left out: nobody is asked to."""
    decided_by: Role | None = None
    """Who gets the findings and decides, by `!decide`; the requester is told the decision."""
