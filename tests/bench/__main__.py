"""`make bench`: what the desk does in a second, beside what this machine could do.

    python -m tests.bench [PART ...] [--json], of the parts below or all

The real daemon runs as a child, with the shipped rulebook and a database that syncs every commit.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from daemon.service import collect_less
from tests.bench.corpus import LARGEST, Corpus, find_corpus
from tests.bench.crowd import measure_crowd
from tests.bench.floors import measure_commits, measure_parsing
from tests.bench.incidents import measure_incidents
from tests.bench.judging import measure_judging
from tests.bench.life import measure_memory, measure_start
from tests.bench.mail import measure_letters, measure_mails
from tests.bench.results import Line, as_json, as_table
from tests.bench.stage import Stage
from tests.bench.storm import measure_storm
from tests.bench.webhooks import measure_new_groups, measure_postgres, measure_repeats
from tests.servers.process import ServerAbsentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def _measure_floors(stage: Stage) -> Iterator[Line]:
    yield measure_commits(stage.folder)
    yield measure_parsing(stage.corpus.mails)


#: In the order in which they are measured: each finds the desk as the ones before have left it.
PARTS: dict[str, Callable[[Stage], Iterator[Line]]] = {
    "floors": _measure_floors,
    "judging": measure_judging,
    "crowd": measure_crowd,
    "incidents": measure_incidents,
    "mails": measure_mails,
    "letters": measure_letters,
    "new-groups": measure_new_groups,
    "webhooks": measure_repeats,
    "memory": measure_memory,
    "storm": measure_storm,
    "postgres": measure_postgres,
    "start": measure_start,
}
NEEDED = {
    "letters": {"mails"},
    "webhooks": {"new-groups"},
    "memory": {"mails", "letters", "new-groups"},
}


def measure(parts: Sequence[str], corpus: Corpus, *, tell: Callable[[str], None] = lambda _: None) -> list[Line]:
    """Measure these parts, and what they need before them.

    Raises ServerAbsentError where a server is not installed.
    """
    needed = (need for part in parts for need in NEEDED.get(part, ()))
    wanted = set(PARTS) if "all" in parts else {"floors", *parts, *needed}
    lines: list[Line] = []
    with Stage(corpus) as stage:
        tell(
            f"{len(stage.corpus.mails):,} mails and {len(stage.corpus.bodies):,} webhook bodies: {stage.corpus.origin}"
        )
        for part, measure_part in PARTS.items():
            if part in wanted:
                tell(f"measuring {part} ...")
                lines += measure_part(stage)
    return lines


def main() -> int:
    """Measure and print; returns 1 where a server is absent."""
    arguments = _read_arguments()
    collect_less()  # what is decided in this process is decided as in the daemon's
    try:
        lines = measure(arguments.parts, find_corpus(arguments.size), tell=_tell)
    except ServerAbsentError as absent:
        _tell(str(absent))
        return 1
    print(as_json(lines) if arguments.json else as_table(lines))
    return 0


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the desk on this machine.")
    parser.add_argument("parts", nargs="*", default=["all"], metavar="PART", help=f"all, or some of {', '.join(PARTS)}")
    parser.add_argument("--size", type=int, default=LARGEST, help="how many mails and bodies of the corpus")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - {"all", *PARTS}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return arguments


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
