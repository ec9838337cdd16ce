"""The tables. Alembic creates them (`migrations/`); a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from daemon.store.instants import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


#: A key that grows by itself: SQLite does that only for INTEGER PRIMARY KEY.
Serial = BigInteger().with_variant(Integer, "sqlite")

#: A list that most rows do not have.
MaybeList = JSON(none_as_null=True)


def _partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of those rows alone that a condition holds for."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


desk = Table(
    "desk",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_ticket", BigInteger, nullable=False),
    Column("last_letter", BigInteger, nullable=False),
    Column("hour", Instant, comment="The hour of the clock in which the last letter was written."),
    Column(
        "letters_of_hour",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="How many left in it, or wait for it or a later one.",
    ),
    Column("first_started_at", Instant, comment="Mail older than this is not ours, unless the configuration says so."),
    Column("rulebook", Text, comment="The digest of the rulebook by which the running clocks were last counted."),
    Column("recounted_to", BigInteger, comment="The last ticket whose clocks follow it; NULL where all do."),
    Column("letters_deleted_to", BigInteger, comment="The last letter whose finished bytes were let go of."),
    comment="One row, locked by each transaction of the one clerk.",
)

serials = Table(
    "serials",
    metadata,
    Column("period", String(20), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("ticket_id", BigInteger),
    Column("reporter", Text),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("message_id", Text),
    Column("content_key", Text),
    Column("seen", BigInteger, nullable=False, comment="How often it arrived: 1 and every resend."),
    Column("last_seen_at", Instant, nullable=False),
    UniqueConstraint("source", "key"),
    Index("ix_ledger_message_id", "message_id", postgresql_where=text("message_id IS NOT NULL")),
    Index("ix_ledger_content_key", "content_key", postgresql_where=text("content_key IS NOT NULL")),
    Index("ix_ledger_ticket_id", "ticket_id"),
    _partial_index("ix_ledger_quarantined", "id", where="verdict = 'quarantined'"),
)

mentions = Table(
    "mentions",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    comment="Ids that mails of a ticket refer to: answers to a mail that never came find it by them.",
)

originals = Table(
    "originals",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("received_at", Instant, nullable=False),
    Column("size", BigInteger, nullable=False, comment="Bytes, as they came."),
    Column("content", LargeBinary, nullable=False, comment="The bytes as they came, compressed with zlib."),
    Index("ix_originals_received_at", "received_at"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False, unique=True),
    Column("channel", String(10), nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("category", Text, nullable=False),
    Column("impact", String(10), nullable=False),
    Column("urgency", String(10), nullable=False),
    Column("priority", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("waiting_for", Text),
    Column("team", Text, nullable=False),
    Column("assignee", Text),
    Column("line", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("requester", Text),
    Column("relation", String(10), nullable=False),
    Column("zone", Text),
    Column("forwarded_from", BigInteger, comment="The ticket out of whose thread the first report was forwarded."),
    Column("key", Text),
    Column("concerns", MaybeList, comment="The services and systems that its alerts are about; NULL where none."),
    Column("suggested", MaybeList, comment="The ticket that it may be the same as: id, number, likeness, reason."),
    Column("merged_into", BigInteger, comment="The ticket that it is a part of now."),
    Column("absorbed", MaybeList, comment="The tickets that were merged into it."),
    Column("parted", MaybeList, comment="People who were here by mistake, each with the ticket that is theirs."),
    Column("firing", Integer, nullable=False),
    Column("silence", String(10), comment="wanted or active; NULL for none."),
    Column("alerts", MaybeList, comment="How its alerts stand; NULL where none ever fired."),
    Column("storm", MaybeList, comment="The table of a storm of alerts; NULL for none."),
    Column("alert_marks", Text, comment="held, flapping, muted, stale: what of it holds; NULL for none."),
    Column("reports", Integer, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("counted_repeats", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("raised", Integer, nullable=False),
    Column("milestones", JSON, nullable=False, comment="When each was reached last, in microseconds since 1970."),
    Column("missing", MaybeList, comment="What the requester was asked for; NULL where that is nothing."),
    Column("approval", Text),
    Column("owed", MaybeList, comment="What is to be written down; NULL where nothing ever was."),
    Column("owed_open", Text, comment="The names of what is not written yet; NULL where nothing is owed."),
    Column("ratings", MaybeList),
    Column("attachments", MaybeList),
    Column("expected_at", Instant),
    Column("complaint", Text),
    Column("solution", Text),
    Column("imported", Boolean, nullable=False),
    Column("flooded", Boolean, nullable=False, server_default=text("false")),
    Column("opened_at", Instant, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("responded_at", Instant),
    Column("resolved_at", Instant),
    Column("closed_at", Instant),
    Column("last_event", Integer, nullable=False),
    Column(
        "next_due_at", Instant, comment="When one of its clocks next needs the desk: its warning, or when it is due."
    ),
    _partial_index("ix_tickets_forwarded_from", "forwarded_from", where="forwarded_from IS NOT NULL"),
    _partial_index("ix_tickets_next_due_at", "next_due_at", where="next_due_at IS NOT NULL"),
    _partial_index("ix_tickets_key", "key", "id", where="key IS NOT NULL"),
    _partial_index(
        "ux_tickets_one_open_by_key",
        "key",
        unique=True,
        where="key IS NOT NULL AND status NOT IN ('resolved', 'closed')",
    ),
    _partial_index(
        "ix_tickets_open",
        "team",
        "priority",
        "status",
        "assignee",
        "opened_at",
        "id",
        "alert_marks",
        where="status <> 'closed'",
    ),
    _partial_index(
        "ix_tickets_unassigned",
        "priority",
        "opened_at",
        "id",
        "status",
        "assignee",
        where="assignee IS NULL AND status NOT IN ('resolved', 'closed')",
    ),
    _partial_index("ix_tickets_missing", "team", where="missing IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
    _partial_index("ix_tickets_alert_marks", "team", "alert_marks", where="alert_marks IS NOT NULL"),
    _partial_index("ix_tickets_source_opened_at", "source", "opened_at", where="key IS NOT NULL"),
    _partial_index("ix_tickets_storm", "source", where="storm IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
    _partial_index("ix_tickets_owed", "team", "owed_open", where="owed_open IS NOT NULL"),
)

participants = Table(
    "participants",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("by_similarity", Boolean, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("threads", JSON, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("came_with", BigInteger, comment="The ticket that was merged into this one with him."),
    Column("confirmed", Boolean, nullable=False),
    Index("ix_participants_address", "address", "ticket_id"),
)

clocks = Table(
    "clocks",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("cycle", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("limit", Text, nullable=False),
    Column("calendar", Text),
    Column("due_at", Instant, nullable=False),
    Column("pauses", JSON, nullable=False),
    Column("warn_at", Instant),
    Column("warned_at", Instant),
    Column("overdue_at", Instant),
    Column("stopped_at", Instant),
    Column("outcome", String(10)),
    _partial_index("ix_clocks_running", "name", "due_at", "overdue_at", "ticket_id", where="stopped_at IS NULL"),
)

rungs = Table(
    "rungs",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), primary_key=True),
    Column("rung", Text, primary_key=True, comment="clock/rung/cycle: the database refuses to take one twice."),
)

events = Table(
    "events",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("data", Text, nullable=False),
)

episodes = Table(
    "episodes",
    metadata,
    Column("source", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("cycle", Integer, primary_key=True, comment="Which firing of this alert it is, from 1."),
    Column("ticket_id", BigInteger),
    Column("name", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("monitor", Text, comment="Which mails of it; NULL where it is pushed."),
    Column("key", Text, comment="Of the ticket that it would have, where it joined another's."),
    Column("series", MaybeList, comment="The sender's fingerprints that fire as this one, where it is not its own."),
    Column("starts_at", Instant, nullable=False),
    Column("last_start", Instant, comment="The latest start told, where it is another."),
    Column("resolved_at", Instant),
    Column("silent_at", Instant, comment="When the desk looks whether there still is word of it."),
    Column("stale_since", Instant, comment="Since when nothing was heard of it for too long."),
    Column("suppressed", Text, comment="Why Alertmanager notifies nobody of it, when it was last asked."),
    Column("newest", Boolean, nullable=False, comment="Of its source and fingerprint."),
    Index("ix_episodes_ticket_id", "ticket_id"),
    _partial_index("ux_episodes_one_open", "source", "fingerprint", unique=True, where="resolved_at IS NULL"),
    _partial_index("ux_episodes_newest", "source", "fingerprint", unique=True, where="newest"),
    _partial_index("ix_episodes_silent_at", "silent_at", where="silent_at IS NOT NULL"),
)

series = Table(
    "series",
    metadata,
    Column("source", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True, comment="The sender's."),
    Column("episode", Text, nullable=False, comment="Fingerprint of the episodes that it was last part of."),
    comment="The series of episodes whose fingerprint is not the sender's. Whether one fires, its episode tells.",
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("source", Text, primary_key=True),
    Column("last_seen", Instant, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("due_at", Instant, comment="When the desk has to look: it is missing then, or it is back."),
    Column("missing_since", Instant),
    _partial_index("ix_heartbeats_due_at", "due_at", where="due_at IS NOT NULL"),
    comment="The alert of each source that always fires.",
)

silences = Table(
    "silences",
    metadata,
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), primary_key=True),
    Column("source", Text, nullable=False),
    Column(
        "labels",
        JSON,
        nullable=False,
        comment="Of each key names and values; an empty value is a label that is not there.",
    ),
    Column("by", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Column("state", String(10), nullable=False, comment="wanted, active, ending, expired"),
    Column("ids", MaybeList, comment="As Alertmanager calls what it keeps."),
    Column("ends_at", Instant, comment="When it ends by itself, as Alertmanager was told last."),
    Column("attempts", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("told_failing", Boolean, nullable=False),
    Column("due_at", Instant, comment="When to set, extend or expire it; NULL where nothing is left to do."),
    Column("claimed_until", Instant),
    Column("claim", Text),
    _partial_index("ix_silences_due_at", "due_at", where="due_at IS NOT NULL"),
    comment="The newest silence of each ticket that had one.",
)

sketches = Table(
    "sketches",
    metadata,
    Column("value", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_sketches_ticket_id", "ticket_id"),
    comment="What open tickets are about, for finding those that look alike.",
)

concerns = Table(
    "concerns",
    metadata,
    Column("concern", Text, primary_key=True),
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_concerns_ticket_id", "ticket_id"),
    comment="The services and systems that the alerts of open tickets are about, for finding what people mean.",
)

loads = Table(
    "loads",
    metadata,
    Column("assignee", Text, primary_key=True),
    Column("open_tickets", Integer, nullable=False),
    Column("last_turn", BigInteger, nullable=False, comment="Grows with every giving; 0 before the first."),
)

receipts = Table(
    "receipts",
    metadata,
    Column("address", Text, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("count", Integer, nullable=False),
    comment="Receipts to senders whom nobody verified; the address * counts the whole desk.",
)

reach = Table(
    "reach",
    metadata,
    Column("address", Text, primary_key=True),
    Column("failures", JSON, nullable=False, comment="When letters came back for good, in microseconds since 1970."),
    Column("resting_since", Instant),
    comment="Addresses that letters came back from.",
)

letters = Table(
    "letters",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("language", String(10), nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("thread", JSON, nullable=False),
    Column("data", JSON, nullable=False),
    Column("enclosed", MaybeList, comment="The attachments that go along; their bytes lie in originals."),
    Column("created_at", Instant, nullable=False),
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    Column("state", String(10), nullable=False, comment="queued, sent, refused, bounced, held, merged, withdrawn"),
    Column("message", LargeBinary, comment="The finished bytes, stored before the first attempt."),
    Column("attempts", Integer, nullable=False),
    Column("first_attempt_at", Instant),
    Column("next_attempt_at", Instant),
    Column("claimed_until", Instant),
    Column("claim", Text),
    Column("settled_at", Instant),
    Column("reply", Text, nullable=False),
    _partial_index(
        "ix_letters_queued", "urgent", "next_attempt_at", "id", "attempts", "created_at", where="state = 'queued'"
    ),
    Index("ix_letters_ticket_id", "ticket_id"),
    Index("ix_letters_recipient", "recipient", "created_at"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),
    Column("labels", Text, primary_key=True, comment="A JSON list of the label values, in the metric's order."),
    Column("value", Double, nullable=False),
    comment="Totals for /metrics, added up in the desk's own transactions.",
)

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("uidvalidity", BigInteger, primary_key=True, autoincrement=False),
    Column("since", Instant, nullable=False, comment="What lay there already and is older is left alone."),
    Column("baseline", BigInteger, nullable=False, comment="The highest UID that was there at first contact."),
)
