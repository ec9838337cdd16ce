"""A small rulebook, and databases filled in bulk, for the tests of what a scrape reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import text

from daemon.metrics.scope import Scope
from daemon.store.instants import to_microseconds
from rules.calendar.duration import Duration
from rules.rulebook import Rulebook
from rules.sections.closing import SatisfactionRules, Step
from rules.sections.desk import Line
from rules.sections.promises import EVERY_LEVEL, OwedRule
from tests.databases import make_database

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from daemon.store.database import Database

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)

WORDS = ["hardware", "software", "account", "support"]

RULEBOOK = Rulebook.model_validate(
    {
        "name": "small-desk",
        "language": "en",
        "timezone": "Asia/Shanghai",
        "calendars": {
            "office": {"timezone": "Asia/Shanghai"}
            | {key: ["09:00-17:00"] for key in ["mon", "tue", "wed", "thu", "fri"]}
        },
        "teams": {name: {} for name in WORDS},
        "desk_team": "support",
        "categories": {name: {"team": name} for name in WORDS},
        "classification": {"otherwise": "support"},
        "priority": {
            "levels": ["P1", "P2", "P3", "P4"],
            "matrix": {
                "large": {"high": "P1", "medium": "P2", "low": "P3"},
                "medium": {"high": "P2", "medium": "P3", "low": "P3"},
                "small": {"high": "P3", "medium": "P3", "low": "P4"},
            },
        },
        "clocks": [
            {
                "name": "response",
                "stops": "responded",
                "limit": {"P1": "15m", "P2": "30m", "P3": "4wh", "P4": "1wd"},
                "calendar": "office",
            },
            {
                "name": "resolution",
                "stops": "resolved",
                "limit": {"P1": "4h", "P2": "1d", "P3": "3wd", "P4": "5wd"},
                "calendar": "office",
                "pauses_while_waiting": True,
            },
            {"name": "progress", "stops": "resolved", "limit": {"P1": "1h", "P2": "4h"}, "repeats": True},
        ],
        "repeats": {"window": "7d"},
        "alerts": {"reopen_window": "1d"},
    }
)

SCOPE = Scope(rulebook=RULEBOOK, sources=("prod", "office"), mailboxes=("support",))

#: A desk that has lines of support, writes articles and asks how satisfied people are.
FULL_SCOPE = replace(
    SCOPE,
    listeners=("mx",),
    mailing=("prod",),
    rulebook=RULEBOOK.model_copy(
        update={
            "lines": (Line(name="first"), Line(name="second")),
            "owed": (OwedRule(name="article", limit={EVERY_LEVEL: Duration.parse("5d")}),),
            "satisfaction": SatisfactionRules(
                steps=(Step(name="good", names={"en": "good"}), Step(name="bad", names={"en": "bad"}))
            ),
        }
    ),
)

_TICKETS = """
WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < :tickets)
INSERT INTO tickets (id, number, channel, source, kind, category, impact, urgency, priority, status, team, assignee,
    line, relation, subject, summary, language, firing, reports, repeats, counted_repeats, reopened, raised, milestones,
    imported, opened_at, reported_at, changed_at, last_event)
SELECT id, '2026-' || id, 'mail', 'support', 'incident', 'hardware', 'small', 'medium', 'P' || (1 + id % 4),
    CASE WHEN id % :one_in THEN 'closed' ELSE
        CASE id / :one_in % 4 WHEN 0 THEN 'new' WHEN 1 THEN 'in_progress' WHEN 2 THEN 'waiting' ELSE 'resolved' END END,
    CASE id / :one_in % 5 WHEN 0 THEN 'hardware' WHEN 1 THEN 'software' WHEN 2 THEN 'account' WHEN 3 THEN 'support'
        ELSE 'gone' END,
    CASE WHEN id / :one_in % 4 THEN 'wang.fang@corp.example' END,
    'first', 'internal', 'The printer on floor ' || id % 40,
    'It prints blank pages and blinks. ' || hex(zeroblob(60)), 'en', 0, 1, 0, 0, 0, 0,
    '{"opened": ' || (:now - id * 1000000) || '}', 0, :now - id * 1000000, :now - id * 1000000, :now, 8
FROM n
"""
_CLOCKS = """
INSERT INTO clocks (ticket_id, name, cycle, position, started_at, "limit", due_at, pauses, overdue_at, stopped_at)
SELECT tickets.id, name, 1, 0, opened_at, '4h', :now + (tickets.id % 9 - 2) * 600000000, '[]',
    CASE WHEN tickets.id / :one_in % 10 = 0 THEN :now END,
    CASE WHEN status IN ('closed', 'resolved') THEN :now END
FROM tickets, (SELECT 'response' AS name UNION ALL SELECT 'resolution') WHERE status <> 'closed' OR tickets.id % 10 = 0
"""
_LETTERS = """
INSERT INTO letters (id, ticket_id, recipient, name, template, language, message_id, thread, data, created_at, state,
    message, attempts, next_attempt_at, reply)
SELECT id, id, 'li.na@corp.example', '', 'receipt', 'en', '<' || id || '@desk.example>', '[]', '{}', opened_at,
    CASE WHEN id % :one_in THEN 'sent' ELSE 'queued' END, zeroblob(2000), id % 3, :now, ''
FROM tickets WHERE id % 10 = 0
"""
_EPISODES = """
INSERT INTO episodes (source, fingerprint, ticket_id, name, severity, target, starts_at, resolved_at, cycle, newest)
SELECT 'prod', id, id, 'DiskFull', 'warning', 'db1', opened_at, CASE WHEN id % :one_in THEN :now END, 1, 1
FROM tickets WHERE id % 10 = 0
"""
_HEARTBEAT = """
INSERT INTO heartbeats (source, last_seen, starts_at, missing_since) VALUES ('prod', :now - 3600000000, 0, :now)
"""
_SILENCES = """
INSERT INTO silences (ticket_id, source, labels, "by", until, state, attempts, told_failing, due_at)
SELECT id, 'prod', '[]', 'li.na@corp.example', :now, CASE WHEN id % 20 THEN 'wanted' ELSE 'active' END, 0, 0, :now
FROM tickets WHERE id % :one_in = 0
"""
_STORM = """
UPDATE tickets SET source = 'prod', storm = '{"last_at": 0, "folded": 0, "rows": [], "others": 0}' WHERE id = :one_in
"""
_LEDGER = """
INSERT INTO ledger (source, key, channel, received_at, decided_at, verdict, reason, subject, text, seen, last_seen_at)
SELECT 'support', '7.' || id, 'mail', opened_at, opened_at,
    CASE WHEN id % (:one_in * 10) THEN 'opened' ELSE 'quarantined' END, '', '', '', 1, opened_at
FROM tickets WHERE id % 10 = 0
"""


def open_database(folder: Path) -> Database:
    """A SQLite database with the desk's tables in it and no rows."""
    return make_database(folder / "desk.sqlite3")


def fill(engine: Engine, tickets: int, *, one_in: int = 50, now: datetime = NOW) -> None:
    """Write so many tickets, of which one in `one_in` is not closed, with clocks, letters, episodes and reports."""
    values = {"tickets": tickets, "one_in": one_in, "now": to_microseconds(now)}
    with engine.begin() as connection:
        for statement in (_TICKETS, _CLOCKS, _LETTERS, _EPISODES, _HEARTBEAT, _SILENCES, _STORM, _LEDGER):
            needed = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), needed)
