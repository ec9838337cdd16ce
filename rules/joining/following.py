"""Where what is written about a ticket belongs now: tickets are merged, and people are parted from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rules.facts import Facts

#: A ticket is merged into one that is merged into another. Nothing leads in a circle; if it did, this would end it.
MOST_STEPS: Final = 10


def follow(ticket: int, address: str, facts: Facts) -> int:
    """The ticket on which somebody's words about a ticket belong: itself, or the one that it became a part of."""
    for _ in range(MOST_STEPS):
        known = facts.tickets.get(ticket)
        further = known.leads_to(address) if known is not None else None
        if further is None or further not in facts.tickets:
            break
        ticket = further
    return ticket
