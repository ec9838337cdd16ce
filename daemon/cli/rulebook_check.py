"""What `deskd rulebook` finds: the shipped rulebooks, and whether one is right and does what its examples want."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from daemon.cli.layout import one_line
from daemon.config.problems import ConfigError
from daemon.config.rulebooks import find_rulebook, read_rulebook_file, shipped_rulebooks
from daemon.config.toml_file import read_toml
from rules.rulebook_files.doubts import calendar_doubts
from rules.rulebook_files.examples import check_examples
from rules.toml_files.problems import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from daemon.config.toml_file import TomlFile
    from rules.rulebook import Rulebook
    from rules.rulebook_files.examples import Miss


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check has to say, and whether the rulebook can be used and does what it wants. Warnings do not fail it."""

    lines: tuple[str, ...]
    passed: bool


def shipped_titles() -> list[tuple[str, ...]]:
    """The name of each shipped rulebook, and its title in English and Chinese."""
    books = (read_rulebook_file(find_rulebook(name)) for name in shipped_rulebooks())
    return [(book.name, book.title.get("en", ""), book.title.get("zh-CN", "")) for book in books]


def check_rulebook(path: Path, now: datetime) -> Checked:
    """Read a rulebook and try its examples at `now`, with a look at the calendars of this year and the next."""
    try:
        rulebook, source = read_rulebook_file(path), read_toml(path)
    except ConfigError as error:
        return Checked(tuple(map(str, error.problems)), passed=False)
    doubts = source.problems(calendar_doubts(rulebook, (now.year, now.year + 1)))
    misses = check_examples(rulebook, now)
    return Checked((*map(str, doubts), *_missed(misses, source), _total(rulebook, misses)), passed=not misses)


def _missed(misses: Sequence[Miss], source: TomlFile) -> Iterator[str]:
    """Every miss with its line, and below those of one example why it was decided so."""
    for _, group in groupby(misses, key=lambda miss: miss.index):
        of_one = list(group)
        problems = source.problems(Complaint(miss.at, miss.says) for miss in of_one)
        yield from (one_line(str(problem)) for problem in problems)
        yield from (f"    because {one_line(reason)}" for reason in of_one[0].reasons)


def _total(rulebook: Rulebook, misses: Sequence[Miss]) -> str:
    examples = len(rulebook.examples)
    if not examples:
        return f"{rulebook.name}: no examples"
    kept = examples - len({miss.index for miss in misses})
    return f"{rulebook.name}: {kept} of {examples} examples come out as wanted"
