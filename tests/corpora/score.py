"""What a collection showed, as one line of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_MISS = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One measurement of one collection."""

    collection: str
    what: str
    reached: str
    goal: str = ""
    is_kept: bool | None = None
    """Whether the goal is reached; None where there is none."""
    must: bool = False
    """The run fails where this goal is missed."""
    misses: tuple[str, ...] = ()
    """What went wrong, for `--misses`."""

    @property
    def mark(self) -> str:
        """How the goal looks in the table."""
        match self.is_kept:
            case None:
                return ""
            case True:
                return "kept"
            case False:
                return "MISSED"


def share(
    collection: str,
    what: str,
    hits: int,
    of: int,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    misses: Iterable[str] = (),
) -> Score:
    """A score in per cent, with the goal in per cent as well."""
    percent = 100 * hits / of if of else 0.0
    goal, is_kept = "", None
    if at_least is not None:
        goal, is_kept = f"≥ {at_least:g} %", percent >= at_least
    if at_most is not None:
        goal, is_kept = f"≤ {at_most:g} %", percent <= at_most
    reached = f"{percent:.1f} % ({hits:,}/{of:,})"
    return Score(collection=collection, what=what, reached=reached, goal=goal, is_kept=is_kept, misses=tuple(misses))


def print_table(scores: Iterable[Score]) -> None:
    """The scores in columns, each collection named once."""
    rows = [(each.collection, each.what, each.reached, each.goal, each.mark) for each in scores]
    heads = ("collection", "what", "reached", "goal", "")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    before = ""
    for row in (heads, tuple("-" * width for width in widths), *rows):
        cells = ("" if row[0] == before else row[0], *row[1:])
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
        before = row[0]


def print_misses(scores: Iterable[Score]) -> None:
    """What went wrong, below the table."""
    for score in scores:
        if score.misses:
            print(f"\n{score.collection}: {score.what}")
            for miss in score.misses:
                print(f"  {miss[:LONGEST_MISS]}")
