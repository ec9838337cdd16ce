"""In which words something is told, as pieces of a few letters: a misspelt or an inflected word keeps most of its own.

Where a report is long, two tellings of one problem share more than the names of things.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from rules.language.problem_words import SILENT_WORDS

#: Letters of a piece of an alphabet's words; of Chinese two are a word.
PIECE: Final = 4

_HAN: Final = "㐀-䶿一-鿿豈-﫿぀-ヿ"
_WORD: Final = re.compile(rf"[^\W_{_HAN}]+(?:['’][^\W_{_HAN}]+)*")
_RUN: Final = re.compile(f"[{_HAN}]{{2,}}")


def pieces(folded: str) -> frozenset[str]:
    """Cut a folded text into pieces: four letters at each place of its words with the spaces between, two of Chinese.

    Words that say nothing of the problem are left out.
    """
    words = [word for word in _WORD.findall(folded) if word not in SILENT_WORDS]
    found = set[str]()
    if words:
        row = f" {' '.join(words)} "
        found.update(row[at : at + PIECE] for at in range(max(1, len(row) - PIECE + 1)))
    for run in _RUN.findall(folded):
        found.update(first + second for first, second in pairwise(run))
    return frozenset(found)


def shared_pieces(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of two sets of pieces is in both, from 0 to 1 (the coefficient of Dice)."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)
