"""The lines of the report: what was measured, beside its mark."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What must be reached; more is better, except for `at_most`."""

    at_least: float | None = None
    """Of the value of the line, such as its rate."""
    at_most: float | None = None
    p99_below: float | None = None
    """Milliseconds."""

    def __str__(self) -> str:
        parts = (
            f"≥ {self.at_least:,.0f}" if self.at_least is not None else "",
            f"< {self.at_most:,.0f}" if self.at_most is not None else "",
            f"p99 < {self.p99_below:.0f} ms" if self.p99_below is not None else "",
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measurement: the median of its runs."""

    name: str
    value: float
    unit: str = "/s"
    p50: float | None = None
    """Milliseconds, like p99."""
    p99: float | None = None
    cpu: float | None = None
    """Milliseconds of the daemon for one of what is counted."""
    peak: float | None = None
    """MiB of the daemon, at the most until then."""
    mark: Mark | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the mark is reached; None where there is none."""
        mark = self.mark
        if mark is None:
            return None
        return (
            (mark.at_least is None or self.value >= mark.at_least)
            and (mark.at_most is None or self.value < mark.at_most)
            and (mark.p99_below is None or (self.p99 is not None and self.p99 < mark.p99_below))
        )


def middle(values: Iterable[float]) -> float:
    """The median; runs are few, so that one which the machine disturbed must not count."""
    return median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of `values` does not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


_HEADINGS = ("", "median", "p50 ms", "p99 ms", "CPU ms each", "peak MiB", "mark", "")


def as_table(lines: Sequence[Line]) -> str:
    """A table for people, its numbers right-aligned, with the load of the machine below it."""
    rows = [_HEADINGS, *map(_cells, lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    table = [_format(row, widths) for row in rows]
    table.insert(1, "-" * len(table[0]))
    notes = [f"{line.name}: {line.note}" for line in lines if line.note]
    return "\n".join([*table, "", *notes, _machine()])


def as_json(lines: Sequence[Line]) -> str:
    """The same for programs: one object, one entry for each line."""
    entries = [asdict(line) | {"met": line.met} for line in lines]
    return json.dumps({"lines": entries, "load": os.getloadavg(), "cores": os.cpu_count()}, ensure_ascii=False)


def _cells(line: Line) -> tuple[str, ...]:
    verdict = {True: "met", False: "MISSED", None: ""}[line.met]
    value = f"{line.value:,.0f}" if line.value >= 100 else f"{line.value:,.2f}"
    return (
        line.name,
        value + line.unit,
        _number(line.p50),
        _number(line.p99),
        _number(line.cpu),
        _number(line.peak),
        str(line.mark or ""),
        verdict,
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}" if value < 10 else f"{value:,.0f}"


def _format(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.rjust(width) if 0 < column < 6 else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _machine() -> str:
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores; load average {one:.1f} in the last minute, {five:.1f} in five"
