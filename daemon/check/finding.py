"""What a check found: one line of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rules.rulebook import Rulebook
    from rules.toml_files.lines import Place

Grade = Literal["ok", "warn", "FAIL"]


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part is, and where it is written down."""

    grade: Grade
    part: str
    says: str
    where: str = ""
    """`FILE:LINE`, where a line of a file is the reason."""


def write_moment(at: datetime, rulebook: Rulebook) -> str:
    """A moment on the rulebook's clocks with its offset: the clock of whoever reads may be another."""
    return f"{at.astimezone(ZoneInfo(rulebook.timezone)):%Y-%m-%d %H:%M %z}"


@dataclass(frozen=True, slots=True)
class Lines:
    """On which lines of a configuration things stand."""

    file: str
    lines: Mapping[Place, int]

    def where(self, *at: str | int) -> str:
        """`FILE:LINE` of a key; of what is not written, of the table it would stand in."""
        for length in range(len(at), 0, -1):
            if (line := self.lines.get(at[:length])) is not None:
                return f"{self.file}:{line}"
        return self.file

    def where_one_of(self, at: Place, *keys: str) -> str:
        """`FILE:LINE` of the first of these keys of a table that is written."""
        written = (key for key in keys if (*at, key) in self.lines)
        return self.where(*at, *list(written)[:1])
