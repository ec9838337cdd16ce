"""How much words tell, as a rulebook writes it: `3 = ["printer", "打印机"]` by weight, or `printer = 3` one by one."""

from __future__ import annotations

from math import nan
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

HEAVIEST: Final = 100

Weight = Annotated[float, Field(gt=0, le=HEAVIEST)]


def by_word(written: object) -> object:
    """Turn lists of words by weight into weights by word; whatever is no table is left to the model.

    Raises ValueError for what is no word or no weight, and for a word written twice.
    """
    if not isinstance(written, dict):
        return written
    weights: dict[str, object] = {}
    for key, value in written.items():
        weight, listed = (_weight(key), value) if isinstance(value, list) else (value, [key])
        for word in listed:
            if not isinstance(word, str) or not word.strip():
                raise ValueError(f"{word!r} is no word: write it in quotes")
            if word in weights:
                raise ValueError(f"{word!r} is written twice")
            weights[word] = weight
    return weights


def _weight(written: str) -> float:
    try:
        weight = float(written)
    except ValueError:
        weight = nan
    if not 0 < weight <= HEAVIEST:
        raise ValueError(f"{written!r} is no weight: write a number above 0, up to {HEAVIEST}, before a list of words")
    return weight


Words = Annotated[
    dict[str, Weight],
    BeforeValidator(by_word),
    Field(
        description="Words and phrases, and how much each tells; one script, width and case stands for all.",
        examples=[{"3": ["printer", "打印机"]}],
    ),
]
