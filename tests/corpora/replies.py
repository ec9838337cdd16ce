"""What of a reply is new, beside what people kept of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ingest.replies.replies import what_is_new
from tests.corpora.score import Score, share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXACT = 85.0
LOST = 1.0


def score_replies(corpora: Path) -> Iterator[Score]:
    """Exact answers, white space aside, and the share of human words that were cut."""
    exact, words, lost = 0, 0, 0
    differ: list[str] = []
    for path in sorted(corpora.glob("reply-trimmer/trimmed/*.txt")):
        wanted = _read(path).split()
        got = what_is_new(_read(corpora / "reply-trimmer" / "emails" / path.name)).split()
        missing = sum((Counter(wanted) - Counter(got)).values())
        exact, words, lost = exact + (got == wanted), words + len(wanted), lost + missing
        if got != wanted:
            differ.append(f"{path.name}: {missing} words lost, {max(0, len(got) - len(wanted))} too many")
    yield share("reply-trimmer", "exact", exact, exact + len(differ), at_least=EXACT, misses=differ)
    yield share("reply-trimmer", "human words lost", lost, words, at_most=LOST)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
