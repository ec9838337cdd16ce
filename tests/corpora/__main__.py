"""`make corpora`: how well we read what others collected, as a table. Nothing of it is copied, sent or changed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.corpora.alerts import score_alerts
from tests.corpora.bounces import score_bounces
from tests.corpora.duplicates import score_duplicates
from tests.corpora.every_mail import score_every_mail
from tests.corpora.expected_fields import score_stalwart, score_zammad
from tests.corpora.promises import score_promises
from tests.corpora.replies import score_replies
from tests.corpora.score import print_misses, print_table
from tests.corpora.through_the_desk import score_through_the_desk
from tests.corpora.tickets import score_tickets

if TYPE_CHECKING:
    from tests.corpora.score import Score

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[3] / "shared" / "corpora"

MEASUREMENTS = {
    "mail-zammad": score_zammad,
    "mail-stalwart": score_stalwart,
    "reply-trimmer": score_replies,
    "bounce-sisimai": score_bounces,
    "sla-cases": score_promises,
    "tickets-it8": score_tickets,
    "alerts-payloads": score_alerts,
    "dup-openoffice": score_duplicates,
}


def main() -> int:
    """Print the table; returns 1 where something raised or took too long, 0 otherwise."""
    parser = argparse.ArgumentParser("make corpora", description="Read collections of real mails and alerts.")
    parser.add_argument("folder", nargs="?", type=Path, default=BESIDE_THE_PROJECT, help="where they lie")
    parser.add_argument("--misses", action="store_true", help="tell every mail that missed")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        print(f"There are no collections in {arguments.folder}: nothing to read.")
        return 0
    scores = _measure(arguments.folder)
    print_table(scores)
    if arguments.misses:
        print_misses(scores)
    return int(any(score.must and score.is_kept is False for score in scores))


def _measure(corpora: Path) -> list[Score]:
    """All scores; what of the collections is absent is said and left out."""
    scores = [*score_every_mail(corpora), *score_through_the_desk(corpora)]
    for collection, measure in MEASUREMENTS.items():
        if (corpora / collection).is_dir():
            scores += measure(corpora)
        else:
            print(f"{collection} is absent")
    return scores


if __name__ == "__main__":
    sys.exit(main())
