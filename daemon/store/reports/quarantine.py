"""What could not be read is kept with the reason, where it is counted and can be looked at."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from immutables import Map
from sqlalchemy import delete, select, text, update

from daemon.store import schema
from daemon.store.bulk import upsert
from daemon.store.reports.originals import original_values, read_original
from rules.report import Alert, Mail

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from rules.report import Channel, Notification, Report

_FIELDS = ("id", "source", "key", "channel", "received_at", "reporter", "subject", "reason", "seen")
# Written out, not bound: a partial index is used only where its condition is seen while planning.
_QUARANTINED = select(*(schema.ledger.c[name] for name in _FIELDS)).where(text("ledger.verdict = 'quarantined'"))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """Something that lies in quarantine."""

    id: int
    source: str
    key: str
    channel: Channel
    received_at: datetime
    reporter: str | None
    subject: str
    reason: str
    seen: int
    """How often it arrived."""
    content: bytes | None = field(default=None, repr=False)
    """The bytes of a mail, the JSON of an alert; None where they are not kept."""


def list_quarantined(connection: Connection) -> list[Quarantined]:
    """What lies in quarantine, the oldest first, without its bytes."""
    rows = connection.execute(_QUARANTINED.order_by(schema.ledger.c.id)).mappings()
    return [Quarantined(**row) for row in rows]


def find_quarantined(connection: Connection, entry: int) -> Quarantined | None:
    """What lies in quarantine under this number of the ledger; None where nothing does."""
    row = connection.execute(_QUARANTINED.where(schema.ledger.c.id == entry)).mappings().one_or_none()
    if row is None:
        return None
    return Quarantined(**row, content=read_original(connection, row["source"], row["key"]))


def take_out(connection: Connection, entry: int) -> bool:
    """Remove an entry and its original, so that it can be decided anew in the same transaction; False: it is gone."""
    found = find_quarantined(connection, entry)
    if found is None:
        return False
    connection.execute(delete(schema.ledger).where(schema.ledger.c.id == entry))
    table = schema.originals
    connection.execute(delete(table).where(table.c.source == found.source, table.c.key == found.key))
    return True


def keep_count(connection: Connection, source: str, key: str, seen: int) -> None:
    """Add how often a report had arrived to the row that it has now, where deciding it anew counts as once more.

    The totals of /metrics count it so too.
    """
    table = schema.ledger
    statement = update(table).where(table.c.source == source, table.c.key == key)
    connection.execute(statement.values(seen=table.c.seen + seen))


def drop(connection: Connection, entry: int, *, by: str, why: str, now: datetime) -> str | None:
    """Ignore what lies in quarantine, and keep its original; returns the reason recorded, None where nothing lies."""
    found = find_quarantined(connection, entry)
    if found is None:
        return None
    reason = storable(f"dropped from quarantine by {by}: {why} (it was there because: {found.reason})")
    table = schema.ledger
    values = {"verdict": "ignored", "reason": reason, "decided_at": now}
    connection.execute(update(table).where(table.c.id == entry).values(values))
    return reason


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
