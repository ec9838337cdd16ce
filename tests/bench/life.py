"""How fast the daemon is up, and what it holds while it waits."""

from __future__ import annotations

import compileall
import time
from typing import TYPE_CHECKING

from tests.bench.process import usage_of
from tests.bench.results import Line, Mark, middle
from tests.bench.webhooks import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.desk import MeasuredDesk
    from tests.bench.stage import Stage

START = Mark(at_most=2)
MEMORY = Mark(at_most=200)
RUNS = 3
#: Seconds without work after which a daemon is at rest, and the share of one core that is no work.
REST_SECONDS, REST_SHARE = 1.0, 0.05


def measure_memory(stage: Stage) -> Iterator[Line]:
    """What stays resident once the corpus is through and nothing is left to do."""
    desk = stage.desk
    _wait_for_rest(desk)
    used = desk.usage()
    yield Line(name="memory at rest, workers included", value=used.resident, unit=" MiB", peak=used.peak, mark=MEMORY)


def measure_start(stage: Stage) -> Iterator[Line]:
    """From the command to `/-/ready`: on an empty folder, where the schema is made, and then again."""
    for folder in ("daemon", "rules", "ingest", "outbound"):
        compileall.compile_dir(PROJECT / folder, quiet=1)
    desk = stage.new_desk(stage.mailbox)
    _restart(desk)
    seconds, cpu = zip(*(_restart(desk) for _ in range(RUNS)), strict=True)
    yield Line(name="start until ready", value=middle(seconds), unit=" s", cpu=middle(cpu), mark=START)
    desk.kill()


def _restart(desk: MeasuredDesk) -> tuple[float, float]:
    """Seconds until it is ready, and milliseconds of CPU."""
    assert desk.child is not None
    desk.child.stop()
    began = time.monotonic()
    desk.start()
    seconds = time.monotonic() - began
    return seconds, usage_of(desk.child.pid).cpu


def _wait_for_rest(desk: MeasuredDesk) -> None:
    while True:
        before = desk.usage().cpu
        time.sleep(REST_SECONDS)
        if desk.usage().cpu - before < REST_SECONDS * 1000 * REST_SHARE:
            return
