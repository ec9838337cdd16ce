"""Webhooks: groups the desk has never seen, and then the same bodies again."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.desk import SOURCE
from tests.bench.results import Line, Mark, middle, percentile
from tests.servers.desk import TOKEN
from tests.servers.postgres import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.desk import MeasuredDesk
    from tests.bench.stage import Stage

PROJECT = Path(__file__).resolve().parents[2]
RUNS = 3
CONNECTIONS = 64
#: At one connection every body waits for a commit of its own; a quarter of them tells as much.
SHARE_ALONE = 4

NEW_GROUPS = Mark(at_least=200)
REPEATS = Mark(at_least=1000, p99_below=150)
ON_POSTGRES = Mark(at_least=600)


@dataclass(frozen=True, slots=True)
class Run:
    """What one pass over the bodies came to."""

    rate: float
    milliseconds: tuple[float, ...]
    cpu: float
    """Milliseconds of the daemon for each body."""


def measure_new_groups(stage: Stage) -> Iterator[Line]:
    """Every body once, to a desk that knows none of them: one run, for nothing is new twice."""
    yield _line("webhooks: new groups, 64 connections", stage, stage.desk, runs=1, mark=NEW_GROUPS)


def measure_repeats(stage: Stage) -> Iterator[Line]:
    """The same bodies again, at many connections and at one."""
    yield _line("webhooks: repeats, 64 connections", stage, stage.desk, mark=REPEATS)
    yield _line("webhooks: repeats, 1 connection", stage, stage.desk, connections=1)


def measure_postgres(stage: Stage) -> Iterator[Line]:
    """The same on PostgreSQL, which syncs every commit as it does by default."""
    with PostgresServer(fsync=True) as server:
        desk = stage.new_desk(database=server.new_database())
        yield _line("PostgreSQL: new groups, 64 connections", stage, desk, runs=1)
        yield _line("PostgreSQL: repeats, 64 connections", stage, desk, mark=ON_POSTGRES)
        desk.kill()


def _line(
    name: str,
    stage: Stage,
    desk: MeasuredDesk,
    *,
    connections: int = CONNECTIONS,
    runs: int = RUNS,
    mark: Mark | None = None,
) -> Line:
    bodies = stage.corpus.bodies
    if connections == 1:
        bodies = bodies[: len(bodies) // SHARE_ALONE]
    done = [_post_all(stage, desk, bodies, connections) for _ in range(runs)]
    return Line(
        name=name,
        value=middle(run.rate for run in done),
        p50=middle(percentile(run.milliseconds, 0.5) for run in done),
        p99=middle(percentile(run.milliseconds, 0.99) for run in done),
        cpu=middle(run.cpu for run in done),
        peak=desk.usage().peak,
        mark=mark,
    )


def _post_all(stage: Stage, desk: MeasuredDesk, bodies: Sequence[bytes], connections: int) -> Run:
    file = stage.folder / "bodies"
    file.write_bytes(b"\n".join(bodies))
    before = desk.usage()
    words = [desk.port, f"/alertmanager/{SOURCE}", TOKEN, connections, file]
    command = [sys.executable, "-m", "tests.bench.http_load", *map(str, words)]
    told = subprocess.run(command, check=True, capture_output=True, cwd=PROJECT).stdout
    after, outcome = desk.usage(), json.loads(told)
    assert not outcome["refused"], f"{outcome['refused']} of {len(bodies)} bodies were refused"
    return Run(
        rate=len(bodies) / outcome["seconds"],
        milliseconds=tuple(outcome["milliseconds"]),
        cpu=(after.cpu - before.cpu) / len(bodies),
    )
