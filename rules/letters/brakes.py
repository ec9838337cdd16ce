"""How often the desk has written by itself to people whom nobody verified."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from immutables import Map

    from rules.letter import Letter

WHOLE_DESK = "*"
"""The address under which receipts to unverified senders are counted for the whole desk."""


def is_unverified_receipt(letter: Letter) -> bool:
    """Tell whether a letter is a receipt to a sender whom nobody verified."""
    return letter.template == "receipt" and not letter.data["verified"]


def count_receipts(
    receipts: Map[tuple[str, date], int], letters: Iterable[Letter], at: datetime
) -> Map[tuple[str, date], int]:
    """Add the receipts to unverified senders among these letters to the counts of their day (UTC)."""
    for letter in letters:
        if is_unverified_receipt(letter):
            for address in (letter.to, WHOLE_DESK):
                key = (address, receipt_day(at))
                receipts = receipts.set(key, receipts.get(key, 0) + 1)
    return receipts


def receipt_day(at: datetime) -> date:
    """The day on which a receipt counts, in UTC: a brake needs no calendar."""
    return at.astimezone(UTC).date()
