"""What a process and its children cost, as Linux counts it."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICK = 1000 / os.sysconf("SC_CLK_TCK")
_KIBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process and its living children have used until now."""

    cpu: float
    """Milliseconds, user and system."""
    resident: float
    """MiB in memory now; what several share, such as a worker and the server it was forked from, counts once."""
    peak: float
    """MiB at the most: the sum of each one's peak."""


def usage_of(pid: int) -> Usage:
    """Look at a process and all its descendants; those that end meanwhile count nothing."""
    seen = [used for each in family_of(pid) if (used := _usage_of_one(each)) is not None]
    return Usage(sum(used.cpu for used in seen), sum(used.resident for used in seen), sum(used.peak for used in seen))


def family_of(pid: int) -> list[int]:
    """A process and all its living descendants, parents first; a child belongs to the thread that started it."""
    family = [pid]
    for member in family:
        for children in Path(f"/proc/{member}/task").glob("*/children"):
            with suppress(OSError):
                family += map(int, children.read_text().split())
    return family


def _usage_of_one(pid: int) -> Usage | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        status = Path(f"/proc/{pid}/status").read_text()
        shares = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    sizes = dict(line.split(":", 1) for line in (*status.splitlines(), *shares.splitlines()[1:]))
    return Usage((int(fields[11]) + int(fields[12])) * _TICK, _mebibytes(sizes["Pss"]), _mebibytes(sizes["VmHWM"]))


def _mebibytes(size: str) -> float:
    return int(size.removesuffix("kB")) / _KIBIBYTE
