"""What tickets are about, where the labels of others can be trusted: hardware against account."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, Final

from rules.judging.classify import classify
from rules.report import Mail
from tests.corpora.reading import NOW, shipped_rulebook
from tests.corpora.score import Score, share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CATEGORY_OF: Final = {"Hardware": "hardware", "Access": "account", "Administrative rights": "account"}


def score_tickets(corpora: Path) -> Iterator[Score]:
    """Of those told as one of the two: how many rightly; and how many were told as either."""
    told: Counter[tuple[str, str]] = Counter()
    with (corpora / "tickets-it8" / "sample_8000.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if wanted := CATEGORY_OF.get(row["label"]):
                mail = Mail(source="corpora", key=row["row"], received_at=NOW, text=row["text"])
                told[wanted, classify(mail, shipped_rulebook()).category] += 1
    either = sum(count for (_, got), count in told.items() if got in CATEGORY_OF.values())
    right = told["hardware", "hardware"] + told["account", "account"]
    yield share("tickets-it8", "hardware against account, of those told", right, either)
    yield share("tickets-it8", "told as one of the two", either, told.total())
