"""What can happen to a ticket. Events are only ever added; a ticket is what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from rules.alerts.events import AlertEvent
from rules.attachment import TicketAttachment
from rules.directory import Relation
from rules.joining.events import JoiningEvent
from rules.report import Channel, Language
from rules.silences.events import SilenceEvent
from rules.ticket import Clock, Impact, Kind, Milestone, Outcome, Participant, Status, Urgency

Resolution = Literal["requester", "assignee", "alert", "silence", "merged"]
"""Whose word it was: `silence` is nobody's, where the rulebook lets a ticket close without the requester's. What is
`merged` goes on as a part of another ticket."""


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
    relation: Relation = "internal"
    zone: str | None = None
    line: str = ""
    forwarded_from: int | None = None
    """The ticket out of whose thread the report was forwarded."""
    key: str | None = None
    concerns: tuple[str, ...] = ()
    """The services that a person names."""
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
class Attached:
    """Attachments came with a report; those that the rulebook refuses say why."""

    kind: Literal["attached"] = "attached"
    at: datetime
    attachments: tuple[TicketAttachment, ...]


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
    trigger: Literal["repeat", "overdue", "warning", "reopened", "complaint", "asked", "severity"]
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
class Reached:
    """A milestone was reached, such as the first response, a diagnosis or the requester's word."""

    kind: Literal["reached"] = "reached"
    at: datetime
    milestone: Milestone
    by: str | None = None
    text: str = ""
    """What was written with it: findings, a decision, the parts used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """The ticket went to another line of support."""

    kind: Literal["handed_over"] = "handed_over"
    at: datetime
    was: str
    line: str
    team: str
    by: str | None = None
    """None where a clock or a rung did it."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The requester was asked for what his report does not tell."""

    kind: Literal["asked"] = "asked"
    at: datetime
    missing: tuple[str, ...]
    """Of the rulebook's `[needs]`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The assignee told when he expects to be done, or to be there."""

    kind: Literal["expected"] = "expected"
    at: datetime
    until: datetime
    by: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsked:
    """Somebody's approval was asked for."""

    kind: Literal["approval_asked"] = "approval_asked"
    at: datetime
    of: str
    """The role."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGiven:
    """An approval was given or refused."""

    kind: Literal["approval_given"] = "approval_given"
    at: datetime
    by: str
    granted: bool
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owes:
    """Something written is owed from now on; a clock of the same name runs."""

    kind: Literal["owes"] = "owes"
    at: datetime
    name: str
    by: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was owed has been written."""

    kind: Literal["written"] = "written"
    at: datetime
    name: str
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The requester said how satisfied he is."""

    kind: Literal["rated"] = "rated"
    at: datetime
    by: str
    ratings: tuple[tuple[str, str], ...]
    """(aspect, step); the aspect is empty for the whole."""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented:
    """The ticket is somebody else's than who reported it: he becomes its requester."""

    kind: Literal["represented"] = "represented"
    at: datetime
    requester: str
    relation: Relation
    zone: str | None = None
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
class ClockWarned:
    """People were warned that a promise will soon be due."""

    kind: Literal["clock_warned"] = "clock_warned"
    at: datetime
    name: str
    cycle: int
    due_at: datetime


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
    reason: str = ""
    """Why, where it was not what the clock waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFailed:
    """A letter was refused for good or came back."""

    kind: Literal["letter_failed"] = "letter_failed"
    at: datetime
    recipient: str
    template: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHeld:
    """The gate held a letter back, the first to this recipient in a day; the others are among the letters."""

    kind: Literal["letter_held"] = "letter_held"
    at: datetime
    recipient: str
    template: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flooded:
    """One sender opened so many tickets that this one takes whatever else he reports for now."""

    kind: Literal["flooded"] = "flooded"
    at: datetime
    by: str
    reason: str


Event = (
    Opened
    | Reported
    | Attached
    | Joined
    | JoiningEvent
    | Judged
    | Escalated
    | Assigned
    | Moved
    | Reached
    | HandedOver
    | Asked
    | Expected
    | ApprovalAsked
    | ApprovalGiven
    | Owes
    | Written
    | Rated
    | Represented
    | Noted
    | Resolved
    | Reopened
    | Closed
    | AlertEvent
    | SilenceEvent
    | ClockStarted
    | ClockChanged
    | ClockWarned
    | ClockOverdue
    | ClockStopped
    | LetterFailed
    | LetterHeld
    | Flooded
)

AnyEvent = Annotated[Event, Field(discriminator="kind")]
"""The union as pydantic reads and writes it."""
