"""Patterns of a rulebook: RE2, so that no pattern and no text makes the desk wait."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from rules.language.automaton import Extractor
from rules.language.automaton import Pattern as _Pattern
from rules.sections.section import OneOrMore


def _usable(written: str) -> str:
    return _Pattern(written).written


def _extracting(written: str) -> str:
    Extractor(written)
    return written


Pattern = Annotated[str, AfterValidator(_usable)]
Patterns = Annotated[tuple[Pattern, ...], Field(examples=[[r"[2-9][0-9] ?(楼|层)"]])]
"""RE2 patterns, looked for in the folded text: small letters, simplified characters, half width, on one line."""

Extracting = Annotated[tuple[Annotated[str, AfterValidator(_extracting)], ...], OneOrMore]
"""RE2 patterns with named groups, looked for in the text as it stands, of any case."""
