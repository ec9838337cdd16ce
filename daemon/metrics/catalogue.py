"""The totals of the desk: their names, their labels, and the values each label may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from rules.alerts.mails import OUTCOMES
from rules.attachment import REFUSALS
from rules.decision import VERDICTS
from rules.events import Resolution
from rules.letter import Template
from rules.report import Channel, Correction
from rules.sections.escalation import Trigger
from rules.ticket import STATUSES

WHOLE = "whole"
"""The aspect of a rating that is of no single one."""

OTHER = "other"
"""Stands for every value that nothing declares: label values never come from outside."""

Configured = Literal[
    "team",
    "priority",
    "clock",
    "line",
    "owed",
    "aspect",
    "step",
    "source",
    "alert_source",
    "mailbox",
    "listener",
    "monitor",
]
"""Values that the rulebook and the configuration declare; a scrape knows them.

`source` are the senders of webhooks, `alert_source` these and the mailboxes to which monitors write."""

Domain = Configured | tuple[str, ...]

CHANNELS: tuple[str, ...] = get_args(Channel)
RESOLUTIONS: tuple[str, ...] = get_args(Resolution)
TEMPLATES: tuple[str, ...] = get_args(Template)
TRIGGERS: tuple[str, ...] = (*get_args(Trigger), "severity")
APPROVALS = ("asked", "granted", "refused")
JOINING_STEPS = ("suggested", "likeness", "staff", "split")
FINISHES = ("met", "breached")
ALERT_STATUSES = ("firing", "resolved")
CORRECTIONS: tuple[str, ...] = get_args(Correction)
NOTIFICATION_REASONS = ("first", "new", "some_resolved", "all_resolved", "repeat", "unknown")
OPEN_STATUSES = tuple(status for status in STATUSES if status != "closed")
ALERT_MARKS = ("held", "flapping", "muted", "stale")
REFIRES = ("goes_on", "repeated", "reopened", "muted")
CLOCK_STATES = ("ok", "due_soon", "overdue", "paused")
LETTER_STATES = ("queued", "retrying")
SILENCE_STATES = ("wanted", "active", "ending")
ENDS = ("sent", "refused", "bounced", "held", "merged", "withdrawn")
ATTACHMENT_VERDICTS = ("taken", *REFUSALS)
ORIGINAL_STEPS = ("kept", "deleted")
ANSWERS = ("sent", "try_again", "refused", "unknown")


@dataclass(frozen=True, slots=True)
class Total:
    """A number that only grows. On `/metrics` its name ends in `_total`, as it does in the table."""

    name: str
    documentation: str
    labels: dict[str, Domain]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number that a scrape finds out anew."""

    name: str
    documentation: str
    labels: dict[str, Domain]


@dataclass(frozen=True, slots=True)
class Durations:
    """A histogram in seconds. The table holds for each bucket what fell into it alone; a scrape adds them up."""

    name: str
    documentation: str
    labels: dict[str, Domain]
    stops: Literal["responded", "resolved"] | None = None
    """The moment whose promised limits are bucket edges as well; None keeps the common edges."""

    @property
    def bucket(self) -> str:
        return f"{self.name}_bucket"

    @property
    def sum(self) -> str:
        return f"{self.name}_sum"


REPORTS = Total(
    "deskd_reports_total",
    "Reports that arrived, by what became of them; a report seen before counts again.",
    {"channel": CHANNELS, "verdict": VERDICTS},
)
OPENED = Total(
    "deskd_tickets_opened_total",
    "Tickets opened.",
    {"team": "team", "priority": "priority", "channel": CHANNELS},
)
CLOSED = Total(
    "deskd_tickets_closed_total",
    "Tickets closed, by whose word resolved them.",
    {"team": "team", "priority": "priority", "how": RESOLUTIONS},
)
REOPENED = Total(
    "deskd_tickets_reopened_total",
    "Tickets that had work again after they were resolved or closed, by what brought the word.",
    {"team": "team", "channel": CHANNELS},
)
ESCALATIONS = Total(
    "deskd_escalations_total",
    "Rungs taken.",
    {"team": "team", "trigger": TRIGGERS},
)
CLOCKS_FINISHED = Total(
    "deskd_clocks_finished_total",
    "Clocks kept or broken, each counted once: when it stops, or at the moment it is overdue.",
    {"team": "team", "priority": "priority", "clock": "clock", "outcome": FINISHES},
)
JOINED = Total(
    "deskd_people_joined_total",
    "Reports of people about what monitoring reported: suggested to staff, joined by staff or by likeness, and split.",
    {"step": JOINING_STEPS},
)
HANDED_OVER = Total(
    "deskd_tickets_handed_over_total",
    "Tickets handed over, by the line of support that took them.",
    {"team": "team", "line": "line"},
)
SOLUTIONS_REFUSED = Total(
    "deskd_solutions_refused_total",
    "Solutions of which the requester said that they solve nothing.",
    {"team": "team"},
)
COMPLAINTS = Total(
    "deskd_complaints_total",
    "Complaints, on tickets that were there or as tickets of their own.",
    {"team": "team"},
)
APPROVED = Total(
    "deskd_approvals_total",
    "Approvals asked for, and those given or refused.",
    {"team": "team", "step": APPROVALS},
)
RATINGS = Total(
    "deskd_ratings_total",
    "Answers of requesters to the satisfaction question; the aspect is whole where none was asked about by itself.",
    {"team": "team", "aspect": "aspect", "step": "step"},
)
ATTACHMENTS = Total(
    "deskd_attachments_total",
    "Attachments of mails: those that were taken, and the others by why they were refused.",
    {"verdict": ATTACHMENT_VERDICTS},
)
ORIGINALS = Total(
    "deskd_originals_total",
    "Mails that were kept as they came, and those of them that were deleted again when their time was over.",
    {"step": ORIGINAL_STEPS},
)
ORIGINAL_BYTES = Total(
    "deskd_original_bytes_total",
    "The same in bytes, before they are compressed.",
    {"step": ORIGINAL_STEPS},
)
ALERTS = Total(
    "deskd_alerts_total",
    "Alerts of notifications, by what became of them.",
    {"source": "source", "status": ALERT_STATUSES, "verdict": VERDICTS},
)
NOTIFICATIONS = Total(
    "deskd_alert_notifications_total",
    "Notifications recorded, by why Alertmanager sent them.",
    {"source": "source", "reason": NOTIFICATION_REASONS},
)
TRUNCATED = Total(
    "deskd_alerts_truncated_total",
    "Alerts that the sender left out of its notifications (max_alerts).",
    {"source": "source"},
)
RECONCILED = Total(
    "deskd_reconcile_corrections_total",
    "Ends and beginnings of episodes that nobody had told, found by asking Alertmanager.",
    {"source": "source", "kind": CORRECTIONS},
)
REFIRED = Total(
    "deskd_alert_refires_total",
    "Alerts that fired again on their ticket, by what followed; what hardly ended goes on.",
    {"source": "alert_source", "outcome": REFIRES},
)
STORM_ALERTS = Total(
    "deskd_storm_alerts_total",
    "Alerts that joined the ticket of a storm instead of opening or reopening one of their own.",
    {"source": "alert_source"},
)
ALERT_MAILS = Total(
    "deskd_alert_mails_total",
    "Mails of monitors, by what they told; unread are those that became ordinary mail: no pattern fits, or a forger.",
    {"monitor": "monitor", "outcome": OUTCOMES},
)
MAILS = Total(
    "deskd_mails_total",
    "Mails read, by what became of them.",
    {"mailbox": "mailbox", "verdict": VERDICTS},
)
SENDERS = Total(
    "deskd_mail_senders_total",
    "Mails by whether anything proved who sent them; none proven is a wrong authserv_id.",
    {"sender": ("verified", "unverified")},
)
LETTERS_WRITTEN = Total(
    "deskd_letters_written_total",
    "Letters recorded for sending.",
    {"template": TEMPLATES},
)
LETTERS_SETTLED = Total(
    "deskd_letters_settled_total",
    "Letters that came to an end.",
    {"outcome": ENDS},
)
LETTER_ATTEMPTS = Total(
    "deskd_letter_attempts_total",
    "Attempts to hand over a letter, by what the next server answered.",
    {"answer": ANSWERS},
)
RESPONSE = Durations(
    "deskd_ticket_response_duration_seconds",
    "Time to the first answer as the promise counts it: in its calendar, without its pauses.",
    {"priority": "priority"},
    "responded",
)
RESOLUTION = Durations(
    "deskd_ticket_resolution_duration_seconds",
    "Time to the resolution as the promise counts it: in its calendar, without its pauses.",
    {"priority": "priority"},
    "resolved",
)
RESPONSE_WALL = Durations(
    "deskd_ticket_response_wall_duration_seconds",
    "Time from the opening to the first answer on the wall clock.",
    {"team": "team"},
)
RESOLUTION_WALL = Durations(
    "deskd_ticket_resolution_wall_duration_seconds",
    "Time from the opening to the resolution on the wall clock.",
    {"team": "team"},
)

TICKETS = Gauge(
    "deskd_tickets",
    "Tickets that are not closed.",
    {"team": "team", "priority": "priority", "status": OPEN_STATUSES},
)
UNASSIGNED = Gauge(
    "deskd_tickets_unassigned",
    "Tickets with work left that nobody has.",
    {"team": "team"},
)
OLDEST_TICKET = Gauge(
    "deskd_oldest_open_ticket_timestamp_seconds",
    "When the oldest ticket with work left was opened; NaN where there is none.",
    {"team": "team"},
)
CLOCKS = Gauge(
    "deskd_clocks",
    "Running clocks; due_soon is within 30 minutes.",
    {"team": "team", "clock": "clock", "state": CLOCK_STATES},
)
NEXT_DUE = Gauge(
    "deskd_clock_next_due_timestamp_seconds",
    "The nearest due moment of the clocks that are neither paused nor overdue; NaN where there is none.",
    {"team": "team", "clock": "clock"},
)
TARGET = Gauge(
    "deskd_clock_target_seconds",
    "What the rulebook promises, in seconds of the time that the clock counts; NaN where it promises nothing.",
    {"clock": "clock", "priority": "priority"},
)
OWED = Gauge(
    "deskd_owed",
    "Reports and articles that are owed and not written yet, of closed tickets too.",
    {"team": "team", "owed": "owed"},
)
INCOMPLETE = Gauge(
    "deskd_tickets_incomplete",
    "Tickets with work left whose requester has not told yet what he was asked for.",
    {"team": "team"},
)
OBJECTIVE = Gauge(
    "deskd_clock_objective_ratio",
    "The share of its clocks that the desk means to keep.",
    {"clock": "clock"},
)
EPISODES = Gauge(
    "deskd_episodes",
    "Episodes of alerts that have not resolved; suppressed are those of which Alertmanager notifies nobody.",
    {"source": "alert_source", "state": ("firing", "suppressed")},
)
ALERT_TICKETS = Gauge(
    "deskd_alert_tickets",
    "Tickets of alerts that are held open after the last one ended, flap, are muted, or hear nothing of what fires.",
    {"team": "team", "state": ALERT_MARKS},
)
STORMS = Gauge(
    "deskd_storms",
    "Open tickets of storms of alerts.",
    {"source": "alert_source"},
)
HEARTBEAT_SEEN = Gauge(
    "deskd_heartbeat_last_timestamp_seconds",
    "When the heartbeat of a source was heard last; NaN where it never was.",
    {"source": "source"},
)
HEARTBEAT_MISSING = Gauge(
    "deskd_heartbeat_missing",
    "1 where a source's heartbeat was heard once and is silent for longer than its interval, else 0.",
    {"source": "source"},
)
SILENCES = Gauge(
    "deskd_silences",
    "Silences that the desk keeps at Alertmanager; wanted are not set yet, ending not expired yet.",
    {"state": SILENCE_STATES},
)
LETTERS = Gauge(
    "deskd_letters",
    "Letters on their way out: not tried yet, or to be tried again.",
    {"state": LETTER_STATES},
)
OLDEST_LETTER = Gauge(
    "deskd_oldest_queued_letter_timestamp_seconds",
    "When the oldest letter on its way out was written; NaN where there is none.",
    {},
)
QUARANTINED = Gauge(
    "deskd_quarantined_reports",
    "Reports set aside because they could not be read or decided.",
    {},
)
RESTING = Gauge(
    "deskd_resting_addresses",
    "Addresses to which nothing is sent because letters came back from them.",
    {},
)

TOTALS: tuple[Total, ...] = (
    REPORTS,
    OPENED,
    CLOSED,
    REOPENED,
    ESCALATIONS,
    CLOCKS_FINISHED,
    JOINED,
    HANDED_OVER,
    SOLUTIONS_REFUSED,
    COMPLAINTS,
    APPROVED,
    RATINGS,
    ATTACHMENTS,
    ORIGINALS,
    ORIGINAL_BYTES,
    ALERTS,
    NOTIFICATIONS,
    TRUNCATED,
    RECONCILED,
    REFIRED,
    STORM_ALERTS,
    MAILS,
    ALERT_MAILS,
    SENDERS,
    LETTERS_WRITTEN,
    LETTERS_SETTLED,
    LETTER_ATTEMPTS,
)
DURATIONS: tuple[Durations, ...] = (RESPONSE, RESOLUTION, RESPONSE_WALL, RESOLUTION_WALL)
GAUGES: tuple[Gauge, ...] = (
    TICKETS,
    UNASSIGNED,
    INCOMPLETE,
    OWED,
    OLDEST_TICKET,
    CLOCKS,
    NEXT_DUE,
    TARGET,
    OBJECTIVE,
    EPISODES,
    ALERT_TICKETS,
    STORMS,
    HEARTBEAT_SEEN,
    HEARTBEAT_MISSING,
    SILENCES,
    LETTERS,
    OLDEST_LETTER,
    QUARANTINED,
    RESTING,
)
