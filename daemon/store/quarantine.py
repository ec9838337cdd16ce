"""What could not be read is kept with the reason, where it is counted and can be looked at."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from immutables import Map

from daemon.store import schema
from daemon.store.originals import original_values
from daemon.store.upsert import upsert
from rules.report import Alert, Mail

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from rules.report import Notification, Report


def set_aside_alerts(connection: Connection, notification: Notification, *, now: datetime) -> None:
    """Keep the alerts of a notification that could not be read, once each; a resend is only counted."""
    refused = {_key(raw): (raw, reason) for raw, reason in notification.refused}
    source = notification.source
    rows = [_ledger_values(source, key, reason, now) for key, (_, reason) in refused.items()]
    counted = {"seen", "last_seen_at"}
    kept = set(schema.ledger.c.keys()) - counted
    upsert(connection, schema.ledger, rows, keys=("source", "key"), add=("seen",), keep=kept)
    originals = [original_values(source, key, _encode(raw), now) for key, (raw, _) in refused.items()]
    upsert(connection, schema.originals, originals)


def bare(report: Report) -> Report:
    """A report with no more than its identity and, of a mail, its bytes: what can be kept of it in any case."""
    match report:
        case Mail():
            return Mail(source=report.source, key=report.key, received_at=report.received_at, original=report.original)
        case Alert():
            return replace(report, labels=Map(), annotations=Map())


def storable(text: str) -> str:
    """Text without NUL, which PostgreSQL refuses, and without lone surrogates, which no encoding has."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _key(raw: str) -> str:
    return "unreadable:" + hashlib.sha256(_encode(raw)).hexdigest()


def _encode(raw: str) -> bytes:
    return raw.encode("utf-8", "surrogatepass")


def _ledger_values(source: str, key: str, reason: str, now: datetime) -> dict[str, Any]:
    return {
        "source": source,
        "key": key,
        "channel": "alert",
        "received_at": now,
        "decided_at": now,
        "verdict": "quarantined",
        "reason": reason,
        "subject": "",
        "text": "",
        "seen": 1,
        "last_seen_at": now,
    }
