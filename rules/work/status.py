"""How the status of a ticket follows the work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.events import Moved
from rules.language.sayings import say
from rules.silences.wanting import silence_while_worked
from rules.work.clocks import pause_clocks, resume_clocks

if TYPE_CHECKING:
    from rules.change import Change

#: For whom a ticket waits that is with a vendor of no line of the rulebook's.
VENDOR: Final = "vendor"


def start_work(change: Change) -> None:
    """Staff works on the ticket: it is in progress, and held clocks go on."""
    if change.ticket.status in ("new", "assigned", "waiting"):
        reason = say("staff-works")
        change.happen(Moved(at=change.now, status="in_progress", reason=reason))
        resume_clocks(change, reason=reason)
        silence_while_worked(change)


def wait_for(change: Change, whom: str, *, reason: str) -> None:
    """The ticket waits for somebody else: the clocks that may be held are held."""
    change.happen(Moved(at=change.now, status="waiting", waiting_for=whom, reason=reason))
    pause_clocks(change, reason="waiting")
