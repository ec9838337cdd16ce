"""A ticket, its clocks and its participants, as they stand at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from immutables import Map

from rules.alerts.state import NO_ALERTS, AlertState
from rules.alerts.storm_state import Storm
from rules.attachment import TicketAttachment
from rules.calendar.working_time import Pause
from rules.directory import Relation
from rules.report import Channel, Language

Kind = Literal["incident", "request", "question", "complaint", "suggestion"]
Status = Literal["new", "assigned", "in_progress", "waiting", "resolved", "closed"]
Impact = Literal["large", "medium", "small"]
Urgency = Literal["high", "medium", "low"]
TicketSilence = Literal["wanted", "active"]
Outcome = Literal["met", "breached", "cancelled"]

Milestone = Literal[
    "accepted",
    "acknowledged",
    "responded",
    "diagnosed",
    "arrived",
    "left",
    "reviewed",
    "answered",
    "confirmed",
    "refused",
    "reassessed",
    "complained",
    "verified",
    "decided",
    "rated",
]
"""Something done on a ticket that clocks may wait for. Of a person: `accepted` is anything that staff do first on a
ticket, `acknowledged` anything that its assignee does first. `answered` is the requester's answer to what was asked,
`confirmed` and `refused` his word on the solution, `reassessed` what staff do first after he refused it."""

Moment = (
    Milestone | Literal["opened", "assigned", "unassigned", "handed_over", "asked", "resolved", "closed", "written"]
)
"""All that clocks start or stop with. `written` is what was owed having been written down."""

KINDS: tuple[Kind, ...] = ("incident", "request", "question", "complaint", "suggestion")
SUMMARY = 400
"""How many characters of a report a ticket keeps, for likeness, lists and letters."""

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
    named: bool = False
    """Somebody whom the mail server proves named him: in Cc, or for whom he reported. The address is believed."""
    threads: tuple[str, ...] = ()
    """Message-IDs of this person's own mails, the first and the latest ones, for threading letters."""
    silent: bool = False
    """Never written to: a machine, or an address that may not be answered."""
    came_with: int | None = None
    """The ticket that was merged into this one with him; None where he took part before, or came by himself."""
    confirmed: bool = False
    """Said that it is solved, on a ticket that has no requester and closes when all have."""


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
    warn_at: datetime | None = None
    """When people are to be warned that it will be due; None where nobody is."""
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

    @property
    def next_at(self) -> datetime:
        """The nearest moment at which this clock needs the desk: its warning, or when it is due."""
        return self.due_at if self.warn_at is None or self.warned_at is not None else min(self.warn_at, self.due_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Something written that the ticket leaves behind, such as an on-site report."""

    name: str
    by: str | None
    """Whose it is to write; None where nobody was assigned."""
    since: datetime
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The open ticket that a new one may be the same as."""

    ticket: int
    number: str
    likeness: float
    reason: str


# Without slots: a mail makes seven events, each another ticket, and a dictionary is copied ten times as fast.
@dataclass(frozen=True, kw_only=True)
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
    line: str = ""
    """One of the rulebook's lines of support; empty where it has none."""
    relation: Relation = "internal"
    """Whether the requester is of the organisation itself or a customer."""
    zone: str | None = None
    """The place the ticket comes from, one of the rulebook's zones."""
    subject: str
    summary: str
    """The first lines of the first report, for similarity and for letters."""
    language: Language
    requester: str | None = None
    participants: tuple[Participant, ...] = ()
    forwarded_from: int | None = None
    """The ticket out of whose thread the first report was forwarded."""
    key: str | None = None
    """What alerts join this ticket by, with a version prefix; None for people's tickets."""
    concerns: tuple[str, ...] = ()
    """The services and systems that its episodes are about, by which people's reports find it."""
    suggested: Suggestion | None = None
    """What it may be the same as; staff have not said."""
    merged_into: int | None = None
    """The ticket that it is a part of now: what is written on this one belongs there."""
    absorbed: tuple[int, ...] = ()
    """The tickets that were merged into this one."""
    parted: tuple[tuple[str, int], ...] = ()
    """People who were here by mistake, and the tickets that are theirs: what they answer belongs there."""
    firing: int = 0
    """How many of its episodes have not resolved."""
    silence: TicketSilence | None = None
    """Whether its alerts are silenced at their source, or are to be."""
    alerts: AlertState = NO_ALERTS
    storm: Storm | None = None
    """Set where it takes whatever would open further tickets of its source."""
    reports: int = 1
    repeats: int = 0
    counted_repeats: int = 0
    """The repeats by people who count, and by alerts: these escalate."""
    reopened: int = 0
    raised: int = 0
    rungs: frozenset[str] = frozenset()
    """Every rung taken, as `clock/rung/cycle`; no rung is taken twice."""
    clocks: tuple[Clock, ...] = ()
    milestones: Map[Moment, datetime] = Map()
    """When each was reached the last time."""
    missing: tuple[str, ...] = ()
    """What the requester was asked for and has not told yet, by the names of `[needs]`."""
    approval: str | None = None
    """The role whose approval is asked for and not given yet."""
    owed: tuple[Owed, ...] = ()
    ratings: tuple[tuple[str, str], ...] = ()
    """(aspect, step) of the requester's satisfaction; the aspect is empty for the whole."""
    expected_at: datetime | None = None
    """When the assignee expects to be done, or to be there."""
    attachments: tuple[TicketAttachment, ...] = ()
    """What came with its reports, the newest last; the newest hundred at most."""
    complaint: str | None = None
    """The words of the newest complaint about how it was handled."""
    solution: str | None = None
    imported: bool = False
    """Came from an import of old mail, and nobody has written since: no letters are written of it."""
    flooded: bool = False
    """It takes whatever its requester reports, who has opened too many tickets."""
    opened_at: datetime
    reported_at: datetime
    """When it was last reported, by its first report or a repeat."""
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

    @property
    def ended_at(self) -> datetime:
        """When a ticket without work left came to its end."""
        return self.closed_at or self.resolved_at or self.changed_at

    @property
    def awaits_assignee(self) -> bool:
        """Tell whether its alerts have ended and nobody but the assignee is to say that nothing else is to be done."""
        over = self.channel == "alert" and self.status == "resolved" and self.firing <= 0
        return over and not self.participants and not self.solution

    def participant(self, address: str) -> Participant | None:
        """The participant with this address, or None."""
        return next((person for person in self.participants if person.address == address), None)

    def clock(self, name: str) -> Clock | None:
        """The newest cycle of a clock, or None where it never ran."""
        return next((clock for clock in reversed(self.clocks) if clock.name == name), None)

    def leads_to(self, address: str) -> int | None:
        """The ticket on which somebody's words about this one belong; None where that is this one."""
        return dict(self.parted).get(address, self.merged_into)

    @property
    def next_due(self) -> datetime | None:
        """The nearest moment at which a clock, or the course of its alerts, needs the desk."""
        at = min((clock.next_at for clock in self.clocks if clock.waits), default=None)
        alerts = self.alerts.next_due
        return at if alerts is None else alerts if at is None else min(at, alerts)

    def reached(self, moment: Moment, *, since: Moment | None = None) -> bool:
        """Tell whether a moment came, and with `since` that it came no earlier than the last of that other one."""
        at = self.milestones.get(moment)
        if at is None or since is None:
            return at is not None
        after = self.milestones.get(since)
        return after is None or at >= after
