"""What a report is about, and the words that tell it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rules.letter import LetterLanguage
from rules.rulebook_files.weights import Words
from rules.sections.patterns import Pattern
from rules.sections.section import Names, Section
from rules.ticket import Kind

Weighted = Annotated[dict[Pattern, Annotated[float, Field(gt=0, le=100)]], Field(examples=[{"err-[0-9]{4}": 4}])]
"""RE2 patterns and what each tells."""


class Category(Section):
    """What a ticket is about, the words that tell it, and whose work it is."""

    names: Names = {}
    team: Annotated[str, Field(examples=["network"])]
    """One of `[teams.NAME]`."""
    skill: Annotated[str | None, Field(examples=["vpn"])] = None
    """What the assignee must be able to do. Left out: anybody of the team. Where no other category asks for it, letters
    call it as this one."""
    words: Words = {}
    patterns: Weighted = {}
    """RE2 patterns that tell it, each with its weight. Script, width, case and line ends make no difference."""
    senders: Annotated[dict[str, float], Field(examples=[{"@printers.example": 3}])] = {}
    """Addresses and domains whose mails tell it, each with its weight."""
    steps: Annotated[dict[LetterLanguage, tuple[str, ...]], Field(examples=[{"en": ["check the cable"]}])] = {}
    """A checklist for the assignee, by letter language."""


class KindWords(Section):
    """The words that tell a kind of ticket."""

    names: Names = {}
    words: Words = {}
    patterns: Weighted = {}
    """RE2 patterns that tell it, each with its weight."""


class Classification(Section):
    """How much evidence a category needs."""

    threshold: Annotated[float, Field(ge=0)] = 2.0
    """The least weight of all words found that makes a category, or a kind; below it a person is asked."""
    subject_factor: Annotated[float, Field(ge=1)] = 2.0
    """A word in the subject tells so many times what it tells in the text."""
    otherwise: Annotated[str, Field(examples=["other"])]
    """The category where nothing reaches the threshold."""
    after_diagnosis: bool = False
    """The category is set by the assignee's diagnosis; what words tell is a first guess, and nobody is asked for it."""
    default_kind: Kind = "incident"
    """The kind where nothing reaches the threshold."""
    kinds: dict[Kind, KindWords] = {}
