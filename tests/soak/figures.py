"""What a long run is watched by, and what of it must not grow."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.process import usage_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FIRST_SECONDS = 60.0
"""What happens within these is what later figures are compared with, or within a third of a shorter run."""
MEMORY_MAY_GROW = 1.2
SPARE_FILES = 6
"""A scrape and a webhook that are under way when the files are counted, and the courier's four connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The daemon at one moment."""

    at: float
    """Seconds since the run began."""
    memory: float
    """MiB resident."""
    files: int
    threads: int
    scrape: float
    """Seconds that `/metrics` took."""


def take_sample(pid: int, at: float, scrape: float) -> Sample | None:
    """Look at a process; None where it has ended."""
    process = Path(f"/proc/{pid}")
    try:
        files = len(list((process / "fd").iterdir()))
        threads = len(list((process / "task").iterdir()))
    except OSError:
        return None
    return Sample(at=at, memory=usage_of(pid).resident, files=files, threads=threads, scrape=scrape)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in the first and in the last part of a run."""

    name: str
    first: float
    last: float
    highest: float
    limit: float = inf

    @property
    def kept(self) -> bool:
        """Whether the last part is within what the first allows."""
        return self.last <= self.limit


@dataclass(slots=True)
class Figures:
    """Everything seen in one run."""

    seconds: float
    samples: list[Sample] = field(default_factory=list)
    lags: list[tuple[float, float]] = field(default_factory=list)
    """When a mail was delivered, in seconds since the run began, and how long it then took to its ticket."""

    @property
    def window(self) -> float:
        """Seconds of the first and of the last part."""
        return min(FIRST_SECONDS, self.seconds / 3)

    def rows(self) -> list[Row]:
        """The table: the highest memory, files and threads of each part, and the middle of the durations."""
        return [
            self._row("memory, MiB", lambda sample: sample.memory, max, limit=lambda first: first * MEMORY_MAY_GROW),
            self._row("open files", lambda sample: sample.files, max, limit=lambda first: first + SPARE_FILES),
            self._row("threads", lambda sample: sample.threads, max, limit=lambda first: first),
            self._row("/metrics, ms", lambda sample: sample.scrape * 1000, median),
            self._in_parts("mail to ticket, ms", [(at, lag * 1000) for at, lag in self.lags], median),
        ]

    def _row(
        self,
        name: str,
        read: Callable[[Sample], float],
        sum_up: Callable[[Sequence[float]], float],
        limit: Callable[[float], float] = lambda _: inf,
    ) -> Row:
        return self._in_parts(name, [(sample.at, read(sample)) for sample in self.samples], sum_up, limit)

    def _in_parts(
        self,
        name: str,
        values: Sequence[tuple[float, float]],
        sum_up: Callable[[Sequence[float]], float],
        limit: Callable[[float], float] = lambda _: inf,
    ) -> Row:
        first = sum_up([value for at, value in values if at <= self.window] or [0])
        last = sum_up([value for at, value in values if at >= self.seconds - self.window] or [0])
        return Row(name, first, last, max((value for _, value in values), default=0), limit(first))


def as_table(rows: Sequence[Row]) -> str:
    """The rows as lines, a failed one with the limit it missed."""
    lines = [f"{'':20}{'first':>10}{'last':>10}{'highest':>10}"]
    for row in rows:
        missed = "" if row.kept else f"  grew: at most {row.limit:,.0f} is allowed"
        lines.append(f"{row.name:20}{row.first:10,.1f}{row.last:10,.1f}{row.highest:10,.1f}{missed}")
    return "\n".join(lines)
