"""What came of the play, gathered while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daemon.demo.records import Entry, Escalation, Totals, Written
    from daemon.demo.smtp_server import Delivered


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the daemon made of one report."""

    verdict: str
    entry: Entry | None
    """None for a resend, which has no row of its own."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter at its recipient, and what the desk has recorded of it."""

    letter: Delivered
    written: Written | None


@dataclass(slots=True)
class Found:
    """Everything that the reckoning looks at."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    """By the name of the step."""
    arrived: list[Arrived] = field(default_factory=list)
    announced: int = 0
    """How many letters the daemon said it has decided."""
    troubles: list[str] = field(default_factory=list)
    """What kept a step from being played or heard of."""
    escalations: list[Escalation] = field(default_factory=list)
    totals: Totals | None = None

    def number(self, step: str) -> str | None:
        """The number of the ticket that a step came to."""
        tickets = (outcome.entry.ticket for outcome in self.outcomes.get(step, ()) if outcome.entry)
        return next((ticket.number for ticket in tickets if ticket), None)
