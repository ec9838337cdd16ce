"""Ticket numbers: they hold what tells them apart, and nothing else."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, Final

from rules.rulebook_files.checking.written import table
from rules.toml_files.problems import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.rulebook_files.checking.written import Table

_FIELDS: Final = ("year", "month", "day", "serial")
_LETTERS: Final = re.compile(r"[A-Za-z0-9._/-]*")
_NEEDED_TO_RESTART: Final = {"year": ("year",), "month": ("year", "month"), "day": ("year", "month", "day")}


def check_numbers(rulebook: Table) -> Iterator[Complaint]:
    """What is wrong with the format of ticket numbers."""
    numbers = table(rulebook, "numbers")
    written = numbers.get("format")
    if not isinstance(written, str):
        return
    try:
        fields = {field for _, field, _, _ in Formatter().parse(written) if field is not None}
        literal = "".join(text for text, _, _, _ in Formatter().parse(written))
    except ValueError:
        fields, literal = {""}, written
    at = ("numbers", "format")
    if not fields <= set(_FIELDS) or not _LETTERS.fullmatch(literal):
        known = ", ".join(f"{{{field}}}" for field in _FIELDS)
        yield Complaint(at, f"{written!r} may hold letters, digits, . _ - / and {known}")
        return
    restart = str(numbers.get("restart", "month"))
    lacking = [field for field in (*_NEEDED_TO_RESTART.get(restart, ()), "serial") if field not in fields]
    if lacking:
        names = " and ".join(f"{{{field}}}" for field in lacking)
        yield Complaint(at, f"{written!r} lacks {names}: numbers that restart every {restart} would come twice")
