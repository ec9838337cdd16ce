"""What the desk does about a report or a due clock: data, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rules.alerts.groups import GroupMail
    from rules.alerts.heartbeat import Heartbeat
    from rules.alerts.mails import AlertMail, UnreadAlertMail
    from rules.episode import Episode
    from rules.events import Event
    from rules.letter import Letter
    from rules.letters.resting import Reach
    from rules.ticket import Ticket

Verdict = Literal[
    "opened", "appended", "repeated", "resolved", "reopened", "command", "bounce", "ignored", "quarantined"
]
VERDICTS: tuple[Verdict, ...] = (
    "opened",
    "appended",
    "repeated",
    "resolved",
    "reopened",
    "command",
    "bounce",
    "ignored",
    "quarantined",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one report, or what one tick of the clock does to one ticket."""

    verdict: Verdict | None
    """None where a clock, not a report, was decided."""
    reasons: tuple[str, ...]
    before: Ticket | None = None
    ticket: Ticket | None = None
    """The ticket afterwards; None where no ticket is touched."""
    events: tuple[Event, ...] = ()
    letters: tuple[Letter, ...] = ()
    episodes: tuple[Episode, ...] = ()
    """Those of its alerts that changed, as they are afterwards, the older of one alert first."""
    heartbeat: Heartbeat | None = None
    """That of the alert's source afterwards, where the alert is its heartbeat."""
    told: AlertMail | UnreadAlertMail | GroupMail | None = None
    """What a mail of a monitor was read as."""
    bounced: str | None = None
    """The Message-ID of the letter that came back."""
    reach: tuple[tuple[str, Reach], ...] = ()
    """Addresses of which something new is known: whether letters reach them."""
    moved: tuple[tuple[str, str], ...] = ()
    """Reports of the ledger, by source and key, that belong to this ticket from now on."""
    beside: tuple[Decision, ...] = ()
    """What the same report does to other tickets: the one that it was merged into, or that parted from it."""
    seen_before: bool = False
    """The ledger holds this report already: it is acknowledged again and only counted."""

    anew: bool = False
    """The ledger holds this report as ignored; what is decided now stands in the place of that."""

    @property
    def whole(self) -> tuple[Decision, ...]:
        """This decision and those beside it, each about one ticket."""
        return (self, *self.beside)

    @property
    def why(self) -> str:
        """All reasons on one line."""
        return "; ".join(self.reasons)
