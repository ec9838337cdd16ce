"""Every mail of every collection through reading and deciding: none may raise, none may take long."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from rules.decide import decide
from tests.corpora.reading import NOW, Sample, empty_desk, read_sample, samples, shipped_rulebook
from tests.corpora.score import Score, share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLOWEST_SECONDS = 5.0


def score_every_mail(corpora: Path) -> Iterator[Score]:
    """How many there are, which raised, the slowest, and how many subjects lost a character."""
    seconds, raised, garbled = [(0.0, "none")], [], []
    for sample in _all(corpora):
        began = perf_counter()
        try:
            mail = read_sample(sample.path.read_bytes(), sample.name)
            decide(mail, empty_desk(), shipped_rulebook(), NOW)
        except Exception as error:  # noqa: BLE001 - what raises is what is looked for
            raised.append(f"{sample.name}: {error!r}")
            continue
        seconds.append((perf_counter() - began, sample.name))
        if "\N{REPLACEMENT CHARACTER}" in mail.subject:
            garbled.append(f"{sample.name}: {mail.subject}")
    count, (slowest, name) = len(seconds) - 1 + len(raised), max(seconds)
    yield Score(collection="all mails", what="read and decided", reached=f"{count:,}")
    yield Score(
        collection="all mails",
        what="exceptions",
        reached=str(len(raised)),
        goal="0",
        is_kept=not raised,
        must=True,
        misses=tuple(raised),
    )
    yield Score(
        collection="all mails",
        what="slowest",
        reached=f"{slowest:.2f} s ({name})",
        goal=f"< {SLOWEST_SECONDS:g} s",
        is_kept=slowest < SLOWEST_SECONDS,
        must=True,
    )
    yield share("all mails", "subjects free of U+FFFD", count - len(garbled), count, misses=garbled)


def _all(corpora: Path) -> Iterator[Sample]:
    yield from samples(corpora, "mail-*")
    yield from samples(corpora, "bounce-sisimai")
