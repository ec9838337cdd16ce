"""The fields of a ticket that an event may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from datetime import datetime

    from immutables import Map

    from rules.alerts.state import AlertState
    from rules.alerts.storm_state import Storm
    from rules.attachment import TicketAttachment
    from rules.directory import Relation
    from rules.ticket import Clock, Impact, Kind, Moment, Owed, Participant, Status, Suggestion, TicketSilence, Urgency


class Changes(TypedDict, total=False):
    """The fields of a ticket that an event may change."""

    kind: Kind
    category: str
    impact: Impact
    urgency: Urgency
    priority: str
    status: Status
    waiting_for: str | None
    team: str
    assignee: str | None
    line: str
    requester: str | None
    relation: Relation
    zone: str | None
    milestones: Map[Moment, datetime]
    missing: tuple[str, ...]
    approval: str | None
    owed: tuple[Owed, ...]
    ratings: tuple[tuple[str, str], ...]
    expected_at: datetime | None
    participants: tuple[Participant, ...]
    concerns: tuple[str, ...]
    suggested: Suggestion | None
    merged_into: int | None
    absorbed: tuple[int, ...]
    parted: tuple[tuple[str, int], ...]
    firing: int
    alerts: AlertState
    storm: Storm | None
    silence: TicketSilence | None
    reports: int
    repeats: int
    counted_repeats: int
    reopened: int
    raised: int
    rungs: frozenset[str]
    clocks: tuple[Clock, ...]
    attachments: tuple[TicketAttachment, ...]
    complaint: str | None
    solution: str | None
    imported: bool
    flooded: bool
    reported_at: datetime
    changed_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    last_event: int
