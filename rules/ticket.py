"""A ticket, its clocks and its participants, as they stand at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rules.calendar.working_time import Pause
from rules.report import Channel, Language

Kind = Literal["incident", "request", "question", "complaint", "suggestion"]
Status = Literal["new", "assigned", "in_progress", "waiting", "resolved", "closed"]
Impact = Literal["large", "medium", "small"]
Urgency = Literal["high", "medium", "low"]
Outcome = Literal["met", "breached", "cancelled"]

KINDS: tuple[Kind, ...] = ("incident", "request", "question", "complaint", "suggestion")
STATUSES: tuple[Status, ...] = ("new", "assigned", "in_progress", "waiting", "resolved", "closed")
IMPACTS: tuple[Impact, ...] = ("large", "medium", "small")
URGENCIES: tuple[Urgency, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who reported the problem or was added to it: may read and write on the ticket."""

    address: str
    name: str = ""
    subject: str = ""
    """Of this person's own first mail: letters keep to it, and nobody is sent another reporter's words."""
    language: Language = "und"
    counted: bool = False
    """Verified or known: only such people count towards impact and level."""
    by_similarity: bool = False
    """Joined because the report looked alike: gets the desk's own words only, until staff confirm."""
    threads: tuple[str, ...] = ()
    """Message-IDs of this person's own mails, the first and the latest ones, for threading letters."""
    silent: bool = False
    """Never written to: a machine, or an address that may not be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One running or finished promise of a ticket."""

    name: str
    cycle: int = 1
    started_at: datetime
    limit: str
    """As the rulebook writes it, such as `4h` or `3wd`."""
    calendar: str | None = None
    due_at: datetime
    pauses: tuple[Pause, ...] = ()
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    """When the desk recorded that the promise was broken; a clock is counted as breached once."""
    stopped_at: datetime | None = None
    outcome: Outcome | None = None

    @property
    def running(self) -> bool:
        return self.stopped_at is None

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None

    @property
    def waits(self) -> bool:
        """Tell whether this clock still has its due moment before it."""
        return self.running and not self.paused and self.overdue_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What the events of one ticket add up to."""

    id: int
    number: str
    channel: Channel
    source: str
    kind: Kind
    category: str
    impact: Impact
    urgency: Urgency
    priority: str
    status: Status
    waiting_for: str | None = None
    team: str
    assignee: str | None = None
    line: int = 1
    subject: str
    summary: str
    """The first lines of the first report, for similarity and for letters."""
    language: Language
    requester: str | None = None
    participants: tuple[Participant, ...] = ()
    key: str | None = None
    """What alerts join this ticket by, with a version prefix; None for people's tickets."""
    firing: int = 0
    """How many of its episodes have not resolved."""
    reports: int = 1
    repeats: int = 0
    counted_repeats: int = 0
    """The repeats by people who count, and by alerts: these escalate."""
    reopened: int = 0
    raised: int = 0
    rungs: frozenset[str] = frozenset()
    """Every rung taken, as `clock/rung/cycle`; no rung is taken twice."""
    clocks: tuple[Clock, ...] = ()
    solution: str | None = None
    imported: bool = False
    """Came from an import of old mail, and nobody has written since: no letters are written of it."""
    opened_at: datetime
    changed_at: datetime
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    last_event: int = 0
    """The sequence number of the newest event, without gaps from 1."""

    @property
    def open(self) -> bool:
        """Tell whether work remains: neither resolved nor closed."""
        return self.status not in ("resolved", "closed")

    def participant(self, address: str) -> Participant | None:
        """The participant with this address, or None."""
        return next((person for person in self.participants if person.address == address), None)

    def clock(self, name: str) -> Clock | None:
        """The newest cycle of a clock, or None where it never ran."""
        return next((clock for clock in reversed(self.clocks) if clock.name == name), None)

    @property
    def next_due(self) -> datetime | None:
        """The nearest moment at which a clock needs the desk."""
        return min((clock.due_at for clock in self.clocks if clock.waits), default=None)
