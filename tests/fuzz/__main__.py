"""`make fuzz`: mangled mails and webhook bodies through reading, deciding, recording and writing letters.

With `--streams` it plays streams of reports, answers, commands and passing time on whole desks instead.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TYPE_CHECKING

from tests.corpora.__main__ import BESIDE_THE_PROJECT
from tests.fuzz.run import fuzz_quietly, own_pool, with_corpora
from tests.fuzz.streams import fuzz_streams

if TYPE_CHECKING:
    from tests.fuzz.run import Outcome


def main() -> int:
    """Feed them and tell how it went; returns 1 where something was found."""
    parser = argparse.ArgumentParser("make fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=200_000, help="mails (200,000)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (one for each core)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="end after so many, whatever the count")
    parser.add_argument("--seed", type=int, default=None, help="the same seed feeds the same bytes")
    parser.add_argument("--first", type=int, default=0, help="begin with this case, to repeat one that was found")
    parser.add_argument("--corpora", action="store_true", help="mangle the collections beside the project too")
    parser.add_argument("--streams", type=int, default=0, help="play so many streams, and mangle nothing")
    arguments = parser.parse_args()
    seed = secrets.randbelow(10**6) if arguments.seed is None else arguments.seed
    if arguments.streams:
        return _play_streams(seed, arguments.streams)
    pool = own_pool()
    if arguments.corpora and BESIDE_THE_PROJECT.is_dir():
        pool = with_corpora(pool, BESIDE_THE_PROJECT)
    elif arguments.corpora:
        print(f"There are no collections in {BESIDE_THE_PROJECT}: only our own mails are mangled.")
    print(f"seed {seed}: {len(pool.mails):,} mails and {len(pool.bodies):,} webhook bodies to begin with")
    share = -(-arguments.count // arguments.jobs)
    with ProcessPoolExecutor(arguments.jobs, mp_context=get_context("spawn")) as processes:
        runs = [
            processes.submit(fuzz_quietly, pool, seed, share, arguments.seconds, arguments.first + job * share)
            for job in range(arguments.jobs)
        ]
        return max(_tell(run.result()) for run in as_completed(runs))


def _tell(outcome: Outcome) -> int:
    print(outcome, flush=True)
    return int(outcome.found is not None)


def _play_streams(seed: int, count: int) -> int:
    print(f"seed {seed}: {count:,} streams")
    fuzz_streams(seed, count)
    print("nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
