"""What can happen to a ticket. Events are only ever added; a ticket is what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from rules.report import Channel, Language
from rules.ticket import Clock, Impact, Kind, Outcome, Participant, Status, Urgency

Resolution = Literal["requester", "assignee", "alert"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A report became a ticket."""

    kind: Literal["opened"] = "opened"
    at: datetime
    ticket: int
    number: str
    channel: Channel
    source: str
    ticket_kind: Kind
    category: str
    impact: Impact
    urgency: Urgency
    priority: str
    team: str
    subject: str
    summary: str
    language: Language
    requester: str | None = None
    key: str | None = None
    imported: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A further report reached the ticket, with the verdict that the ledger holds too."""

    kind: Literal["reported"] = "reported"
    at: datetime
    verdict: Literal["appended", "repeated", "reopened", "resolved"]
    source: str
    key: str
    reporter: str | None = None
    counts: bool = True
    """False for a report that is kept and does not escalate, as of somebody neither verified nor known."""
    imported: bool = False
    """Old mail: only a live report makes an imported ticket one that letters are written of."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Somebody became a participant, or a participant wrote again and more is known of him."""

    kind: Literal["joined"] = "joined"
    at: datetime
    participant: Participant
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Kind, category, impact, urgency or priority were judged again."""

    kind: Literal["judged"] = "judged"
    at: datetime
    ticket_kind: Kind
    category: str
    impact: Impact
    urgency: Urgency
    priority: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """A rung was taken."""

    kind: Literal["escalated"] = "escalated"
    at: datetime
    rung: str
    """`clock/rung/cycle`: unique in the ticket."""
    trigger: Literal["repeat", "overdue", "reopened", "severity"]
    was: str
    now: str
    """The priority before and after; the same where the rung only tells people."""
    told: tuple[str, ...] = ()
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """The ticket came to a team and, where somebody was free, to a person."""

    kind: Literal["assigned"] = "assigned"
    at: datetime
    team: str
    assignee: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The status changed."""

    kind: Literal["moved"] = "moved"
    at: datetime
    status: Status
    waiting_for: str | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Responded:
    """Staff answered the requester for the first time: what response clocks wait for."""

    kind: Literal["responded"] = "responded"
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Words were added to the ticket: between requester and staff, or inside the desk only."""

    kind: Literal["noted"] = "noted"
    at: datetime
    by: str
    text: str
    inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The work is done, and the requester is asked; or the last episode of an alert ticket resolved."""

    kind: Literal["resolved"] = "resolved"
    at: datetime
    by: str
    how: Resolution
    solution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A resolved or closed ticket has work again."""

    kind: Literal["reopened"] = "reopened"
    at: datetime
    by: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Nothing is left to do or to ask."""

    kind: Literal["closed"] = "closed"
    at: datetime
    how: Resolution
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFired:
    """An episode of an alert joined the ticket."""

    kind: Literal["episode_fired"] = "episode_fired"
    at: datetime
    source: str
    fingerprint: str
    name: str
    again: bool = False
    """The same alert fired on this ticket before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeResolved:
    """An episode of the ticket resolved."""

    kind: Literal["episode_resolved"] = "episode_resolved"
    at: datetime
    source: str
    fingerprint: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted:
    """A promise began to run."""

    kind: Literal["clock_started"] = "clock_started"
    at: datetime
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChanged:
    """A clock got another limit, was paused or went on: `clock` is the whole clock as it now stands."""

    kind: Literal["clock_changed"] = "clock_changed"
    at: datetime
    clock: Clock
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOverdue:
    """A promise was not kept in time. It may still be running."""

    kind: Literal["clock_overdue"] = "clock_overdue"
    at: datetime
    name: str
    cycle: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped:
    """What the clock waited for happened, or can happen no more."""

    kind: Literal["clock_stopped"] = "clock_stopped"
    at: datetime
    name: str
    cycle: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFailed:
    """A letter was refused for good or came back."""

    kind: Literal["letter_failed"] = "letter_failed"
    at: datetime
    recipient: str
    template: str
    reason: str


Event = (
    Opened
    | Reported
    | Joined
    | Judged
    | Escalated
    | Assigned
    | Moved
    | Responded
    | Noted
    | Resolved
    | Reopened
    | Closed
    | EpisodeFired
    | EpisodeResolved
    | ClockStarted
    | ClockChanged
    | ClockOverdue
    | ClockStopped
    | LetterFailed
)

AnyEvent = Annotated[Event, Field(discriminator="kind")]
"""The union as pydantic reads and writes it."""
