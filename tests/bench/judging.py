"""How long a mail is judged by a rulebook with very many words and patterns: the share of the rules alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rules.judging.priority import judge
from tests.bench.results import Line, Mark, middle, percentile
from tests.rules.crowded import PATTERNS, WORDS, crowded_rulebook, long_mails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.stage import Stage

MAILS = 1_000


def measure_judging(_stage: Stage) -> Iterator[Line]:
    """Each mail once, in this process; nothing is written."""
    rulebook, mails = crowded_rulebook(), long_mails(MAILS)
    judge(mails[0], rulebook, people=1)  # compiles the words, once for the life of a rulebook
    taken = []
    for mail in mails:
        started = time.perf_counter()
        judge(mail, rulebook, people=1)
        taken.append(time.perf_counter() - started)
    milliseconds = [1000 * seconds for seconds in taken]
    yield Line(
        name=f"mails judged by {WORDS:,} words and {PATTERNS} patterns",
        value=MAILS / sum(taken),
        p50=middle(milliseconds),
        p99=percentile(milliseconds, 0.99),
        mark=Mark(p99_below=5),
    )
