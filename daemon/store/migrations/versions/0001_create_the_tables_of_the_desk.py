"""Create the tables of the desk"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from daemon.store.instants import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "desk",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_ticket", sa.BigInteger(), nullable=False),
        sa.Column("last_letter", sa.BigInteger(), nullable=False),
        sa.Column(
            "hour", Instant(), nullable=True, comment="The hour of the clock in which the last letter was written."
        ),
        sa.Column(
            "letters_of_hour",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="How many left in it, or wait for it or a later one.",
        ),
        sa.Column(
            "first_started_at",
            Instant(),
            nullable=True,
            comment="Mail older than this is not ours, unless the configuration says so.",
        ),
        sa.Column(
            "rulebook",
            sa.Text(),
            nullable=True,
            comment="The digest of the rulebook by which the running clocks were last counted.",
        ),
        sa.Column(
            "letters_deleted_to",
            sa.BigInteger(),
            nullable=True,
            comment="The last letter whose finished bytes were let go of.",
        ),
        sa.Column(
            "recounted_to",
            sa.BigInteger(),
            nullable=True,
            comment="The last ticket whose clocks follow it; NULL where all do.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
        comment="One row, locked by each transaction of the one clerk.",
    )
    op.create_table(
        "episodes",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False, comment="Which firing of this alert it is, from 1."),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("monitor", sa.Text(), nullable=True, comment="Which mails of it; NULL where it is pushed."),
        sa.Column(
            "key", sa.Text(), nullable=True, comment="Of the ticket that it would have, where it joined another's."
        ),
        sa.Column(
            "series",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="The sender's fingerprints that fire as this one, where it is not its own.",
        ),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("last_start", Instant(), nullable=True, comment="The latest start told, where it is another."),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column(
            "silent_at", Instant(), nullable=True, comment="When the desk looks whether there still is word of it."
        ),
        sa.Column("stale_since", Instant(), nullable=True, comment="Since when nothing was heard of it for too long."),
        sa.Column(
            "suppressed",
            sa.Text(),
            nullable=True,
            comment="Why Alertmanager notifies nobody of it, when it was last asked.",
        ),
        sa.Column("newest", sa.Boolean(), nullable=False, comment="Of its source and fingerprint."),
        sa.PrimaryKeyConstraint("source", "fingerprint", "cycle", name=op.f("pk_episodes")),
    )
    op.create_index(
        "ix_episodes_silent_at",
        "episodes",
        ["silent_at"],
        unique=False,
        sqlite_where=sa.text("silent_at IS NOT NULL"),
        postgresql_where=sa.text("silent_at IS NOT NULL"),
    )
    op.create_index(
        "ux_episodes_newest",
        "episodes",
        ["source", "fingerprint"],
        unique=True,
        sqlite_where=sa.text("newest"),
        postgresql_where=sa.text("newest"),
    )
    op.create_index(
        "ux_episodes_one_open",
        "episodes",
        ["source", "fingerprint"],
        unique=True,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index("ix_episodes_ticket_id", "episodes", ["ticket_id"], unique=False)
    op.create_table(
        "heartbeats",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("last_seen", Instant(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column(
            "due_at", Instant(), nullable=True, comment="When the desk has to look: it is missing then, or it is back."
        ),
        sa.Column("missing_since", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_heartbeats")),
        comment="The alert of each source that always fires.",
    )
    op.create_index(
        "ix_heartbeats_due_at",
        "heartbeats",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("reporter", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("content_key", sa.Text(), nullable=True),
        sa.Column("seen", sa.BigInteger(), nullable=False, comment="How often it arrived: 1 and every resend."),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_ledger_source_key")),
    )
    op.create_index(
        "ix_ledger_content_key",
        "ledger",
        ["content_key"],
        unique=False,
        postgresql_where=sa.text("content_key IS NOT NULL"),
    )
    op.create_index(
        "ix_ledger_message_id",
        "ledger",
        ["message_id"],
        unique=False,
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_ledger_quarantined",
        "ledger",
        ["id"],
        unique=False,
        sqlite_where=sa.text("verdict = 'quarantined'"),
        postgresql_where=sa.text("verdict = 'quarantined'"),
    )
    op.create_index("ix_ledger_ticket_id", "ledger", ["ticket_id"], unique=False)
    op.create_table(
        "loads",
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("open_tickets", sa.Integer(), nullable=False),
        sa.Column("last_turn", sa.BigInteger(), nullable=False, comment="Grows with every giving; 0 before the first."),
        sa.PrimaryKeyConstraint("assignee", name=op.f("pk_loads")),
    )
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", Instant(), nullable=False, comment="What lay there already and is older is left alone."),
        sa.Column(
            "baseline", sa.BigInteger(), nullable=False, comment="The highest UID that was there at first contact."
        ),
        sa.PrimaryKeyConstraint("name", "uidvalidity", name=op.f("pk_mailboxes")),
    )
    op.create_table(
        "mentions",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("message_id", "ticket_id", name=op.f("pk_mentions")),
        comment="Ids that mails of a ticket refer to: answers to a mail that never came find it by them.",
    )
    op.create_table(
        "originals",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="Bytes, as they came."),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="The bytes as they came, compressed with zlib."),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_originals")),
    )
    op.create_index("ix_originals_received_at", "originals", ["received_at"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address", "day", name=op.f("pk_receipts")),
        comment="Receipts to senders whom nobody verified; the address * counts the whole desk.",
    )
    op.create_table(
        "serials",
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_serials")),
    )
    op.create_table(
        "series",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False, comment="The sender's."),
        sa.Column(
            "episode", sa.Text(), nullable=False, comment="Fingerprint of the episodes that it was last part of."
        ),
        sa.PrimaryKeyConstraint("source", "fingerprint", name=op.f("pk_series")),
        comment="The series of episodes whose fingerprint is not the sender's. Whether one fires, its episode tells.",
    )
    op.create_table(
        "concerns",
        sa.Column("concern", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("concern", "ticket_id", name=op.f("pk_concerns")),
        comment="The services and systems that the alerts of open tickets are about, for finding what people mean.",
    )
    op.create_index("ix_concerns_ticket_id", "concerns", ["ticket_id"], unique=False)
    op.create_table(
        "sketches",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("value", "ticket_id", name=op.f("pk_sketches")),
        comment="What open tickets are about, for finding those that look alike.",
    )
    op.create_index("ix_sketches_ticket_id", "sketches", ["ticket_id"], unique=False)
    op.create_table(
        "tallies",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "labels", sa.Text(), nullable=False, comment="A JSON list of the label values, in the metric's order."
        ),
        sa.Column("value", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", name=op.f("pk_tallies")),
        comment="Totals for /metrics, added up in the desk's own transactions.",
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("impact", sa.String(length=10), nullable=False),
        sa.Column("urgency", sa.String(length=10), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("waiting_for", sa.Text(), nullable=True),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=True),
        sa.Column("relation", sa.String(length=10), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column(
            "forwarded_from",
            sa.BigInteger(),
            nullable=True,
            comment="The ticket out of whose thread the first report was forwarded.",
        ),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column(
            "concerns",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="The services and systems that its alerts are about; NULL where none.",
        ),
        sa.Column(
            "suggested",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="The ticket that it may be the same as: id, number, likeness, reason.",
        ),
        sa.Column("merged_into", sa.BigInteger(), nullable=True, comment="The ticket that it is a part of now."),
        sa.Column(
            "absorbed", sa.JSON(none_as_null=True), nullable=True, comment="The tickets that were merged into it."
        ),
        sa.Column(
            "parted",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="People who were here by mistake, each with the ticket that is theirs.",
        ),
        sa.Column("firing", sa.Integer(), nullable=False),
        sa.Column("silence", sa.String(length=10), nullable=True, comment="wanted or active; NULL for none."),
        sa.Column(
            "alerts",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="How its alerts stand; NULL where none ever fired.",
        ),
        sa.Column(
            "storm",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="The table of a storm of alerts; NULL for none.",
        ),
        sa.Column(
            "alert_marks",
            sa.Text(),
            nullable=True,
            comment="held, flapping, muted, stale: what of it holds; NULL for none.",
        ),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("counted_repeats", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column(
            "milestones", sa.JSON(), nullable=False, comment="When each was reached last, in microseconds since 1970."
        ),
        sa.Column(
            "missing",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="What the requester was asked for; NULL where that is nothing.",
        ),
        sa.Column("approval", sa.Text(), nullable=True),
        sa.Column(
            "owed",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="What is to be written down; NULL where nothing ever was.",
        ),
        sa.Column(
            "owed_open",
            sa.Text(),
            nullable=True,
            comment="The names of what is not written yet; NULL where nothing is owed.",
        ),
        sa.Column("ratings", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("attachments", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("expected_at", Instant(), nullable=True),
        sa.Column("complaint", sa.Text(), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("flooded", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("reported_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("responded_at", Instant(), nullable=True),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column(
            "next_due_at",
            Instant(),
            nullable=True,
            comment="When one of its clocks next needs the desk: its warning, or when it is due.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    op.create_index(
        "ix_tickets_forwarded_from",
        "tickets",
        ["forwarded_from"],
        unique=False,
        sqlite_where=sa.text("forwarded_from IS NOT NULL"),
        postgresql_where=sa.text("forwarded_from IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_key",
        "tickets",
        ["key", "id"],
        unique=False,
        sqlite_where=sa.text("key IS NOT NULL"),
        postgresql_where=sa.text("key IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_missing",
        "tickets",
        ["team"],
        unique=False,
        sqlite_where=sa.text("missing IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
        postgresql_where=sa.text("missing IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
    )
    op.create_index(
        "ix_tickets_next_due_at",
        "tickets",
        ["next_due_at"],
        unique=False,
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_open",
        "tickets",
        ["team", "priority", "status", "assignee", "opened_at", "id", "alert_marks"],
        unique=False,
        sqlite_where=sa.text("status <> 'closed'"),
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        "ix_tickets_alert_marks",
        "tickets",
        ["team", "alert_marks"],
        unique=False,
        sqlite_where=sa.text("alert_marks IS NOT NULL"),
        postgresql_where=sa.text("alert_marks IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_source_opened_at",
        "tickets",
        ["source", "opened_at"],
        unique=False,
        sqlite_where=sa.text("key IS NOT NULL"),
        postgresql_where=sa.text("key IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_storm",
        "tickets",
        ["source"],
        unique=False,
        sqlite_where=sa.text("storm IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
        postgresql_where=sa.text("storm IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
    )
    op.create_index(
        "ix_tickets_owed",
        "tickets",
        ["team", "owed_open"],
        unique=False,
        sqlite_where=sa.text("owed_open IS NOT NULL"),
        postgresql_where=sa.text("owed_open IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_unassigned",
        "tickets",
        ["priority", "opened_at", "id", "status", "assignee"],
        unique=False,
        sqlite_where=sa.text("assignee IS NULL AND status NOT IN ('resolved', 'closed')"),
        postgresql_where=sa.text("assignee IS NULL AND status NOT IN ('resolved', 'closed')"),
    )
    op.create_index(
        "ux_tickets_one_open_by_key",
        "tickets",
        ["key"],
        unique=True,
        sqlite_where=sa.text("key IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
        postgresql_where=sa.text("key IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
    )
    op.create_table(
        "clocks",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("limit", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("warn_at", Instant(), nullable=True),
        sa.Column("warned_at", Instant(), nullable=True),
        sa.Column("overdue_at", Instant(), nullable=True),
        sa.Column("stopped_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_clocks_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "name", "cycle", name=op.f("pk_clocks")),
    )
    op.create_index(
        "ix_clocks_running",
        "clocks",
        ["name", "due_at", "overdue_at", "ticket_id"],
        unique=False,
        sqlite_where=sa.text("stopped_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "events",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_events_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "sequence", name=op.f("pk_events")),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("thread", sa.JSON(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column(
            "enclosed",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="The attachments that go along; their bytes lie in originals.",
        ),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "state",
            sa.String(length=10),
            nullable=False,
            comment="queued, sent, refused, bounced, held, merged, withdrawn",
        ),
        sa.Column(
            "message", sa.LargeBinary(), nullable=True, comment="The finished bytes, stored before the first attempt."
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", Instant(), nullable=True),
        sa.Column("next_attempt_at", Instant(), nullable=True),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_letters_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letters_message_id")),
    )
    op.create_index(
        "ix_letters_queued",
        "letters",
        ["urgent", "next_attempt_at", "id", "attempts", "created_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index("ix_letters_recipient", "letters", ["recipient", "created_at"], unique=False)
    op.create_index("ix_letters_ticket_id", "letters", ["ticket_id"], unique=False)
    op.create_table(
        "silences",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "labels",
            sa.JSON(),
            nullable=False,
            comment="Of each key names and values; an empty value is a label that is not there.",
        ),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="wanted, active, ending, expired"),
        sa.Column("ids", sa.JSON(none_as_null=True), nullable=True, comment="As Alertmanager calls what it keeps."),
        sa.Column(
            "ends_at", Instant(), nullable=True, comment="When it ends by itself, as Alertmanager was told last."
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failing_since", Instant(), nullable=True),
        sa.Column("told_failing", sa.Boolean(), nullable=False),
        sa.Column(
            "due_at",
            Instant(),
            nullable=True,
            comment="When to set, extend or expire it; NULL where nothing is left to do.",
        ),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_silences_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_silences")),
        comment="The newest silence of each ticket that had one.",
    )
    op.create_index(
        "ix_silences_due_at",
        "silences",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "participants",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("by_similarity", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("threads", sa.JSON(), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column(
            "came_with", sa.BigInteger(), nullable=True, comment="The ticket that was merged into this one with him."
        ),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_participants_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "address", name=op.f("pk_participants")),
    )
    op.create_index("ix_participants_address", "participants", ["address", "ticket_id"], unique=False)
    op.create_table(
        "reach",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column(
            "failures",
            sa.JSON(),
            nullable=False,
            comment="When letters came back for good, in microseconds since 1970.",
        ),
        sa.Column("resting_since", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_reach")),
        comment="Addresses that letters came back from.",
    )
    op.create_table(
        "rungs",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "rung", sa.Text(), nullable=False, comment="clock/rung/cycle: the database refuses to take one twice."
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_rungs_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "rung", name=op.f("pk_rungs")),
    )
    op.execute("INSERT INTO desk (id, last_ticket, last_letter) VALUES (1, 0, 0)")


def downgrade() -> None:
    op.drop_index(
        "ix_silences_due_at",
        table_name="silences",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_table("silences")
    op.drop_table("rungs")
    op.drop_table("reach")
    op.drop_index("ix_participants_address", table_name="participants")
    op.drop_table("participants")
    op.drop_index("ix_letters_ticket_id", table_name="letters")
    op.drop_index("ix_letters_recipient", table_name="letters")
    op.drop_index(
        "ix_letters_queued",
        table_name="letters",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_table("letters")
    op.drop_table("events")
    op.drop_index(
        "ix_clocks_running",
        table_name="clocks",
        sqlite_where=sa.text("stopped_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.drop_table("clocks")
    op.drop_index(
        "ux_tickets_one_open_by_key",
        table_name="tickets",
        sqlite_where=sa.text("key IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
        postgresql_where=sa.text("key IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
    )
    op.drop_index(
        "ix_tickets_unassigned",
        table_name="tickets",
        sqlite_where=sa.text("assignee IS NULL AND status NOT IN ('resolved', 'closed')"),
        postgresql_where=sa.text("assignee IS NULL AND status NOT IN ('resolved', 'closed')"),
    )
    op.drop_index(
        "ix_tickets_storm",
        table_name="tickets",
        sqlite_where=sa.text("storm IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
        postgresql_where=sa.text("storm IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
    )
    op.drop_index(
        "ix_tickets_source_opened_at",
        table_name="tickets",
        sqlite_where=sa.text("key IS NOT NULL"),
        postgresql_where=sa.text("key IS NOT NULL"),
    )
    op.drop_index(
        "ix_tickets_owed",
        table_name="tickets",
        sqlite_where=sa.text("owed_open IS NOT NULL"),
        postgresql_where=sa.text("owed_open IS NOT NULL"),
    )
    op.drop_index(
        "ix_tickets_alert_marks",
        table_name="tickets",
        sqlite_where=sa.text("alert_marks IS NOT NULL"),
        postgresql_where=sa.text("alert_marks IS NOT NULL"),
    )
    op.drop_index(
        "ix_tickets_open",
        table_name="tickets",
        sqlite_where=sa.text("status <> 'closed'"),
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.drop_index(
        "ix_tickets_next_due_at",
        table_name="tickets",
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_tickets_missing",
        table_name="tickets",
        sqlite_where=sa.text("missing IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
        postgresql_where=sa.text("missing IS NOT NULL AND status NOT IN ('resolved', 'closed')"),
    )
    op.drop_index(
        "ix_tickets_forwarded_from",
        table_name="tickets",
        sqlite_where=sa.text("forwarded_from IS NOT NULL"),
        postgresql_where=sa.text("forwarded_from IS NOT NULL"),
    )
    op.drop_index(
        "ix_tickets_key",
        table_name="tickets",
        sqlite_where=sa.text("key IS NOT NULL"),
        postgresql_where=sa.text("key IS NOT NULL"),
    )
    op.drop_table("tickets")
    op.drop_table("tallies")
    op.drop_index("ix_concerns_ticket_id", table_name="concerns")
    op.drop_table("concerns")
    op.drop_index("ix_sketches_ticket_id", table_name="sketches")
    op.drop_table("sketches")
    op.drop_table("series")
    op.drop_table("serials")
    op.drop_table("receipts")
    op.drop_index("ix_originals_received_at", table_name="originals")
    op.drop_table("originals")
    op.drop_table("mentions")
    op.drop_table("mailboxes")
    op.drop_table("loads")
    op.drop_index("ix_ledger_ticket_id", table_name="ledger")
    op.drop_index(
        "ix_ledger_quarantined",
        table_name="ledger",
        sqlite_where=sa.text("verdict = 'quarantined'"),
        postgresql_where=sa.text("verdict = 'quarantined'"),
    )
    op.drop_index("ix_ledger_message_id", table_name="ledger", postgresql_where=sa.text("message_id IS NOT NULL"))
    op.drop_index("ix_ledger_content_key", table_name="ledger", postgresql_where=sa.text("content_key IS NOT NULL"))
    op.drop_table("ledger")
    op.drop_index(
        "ix_heartbeats_due_at",
        table_name="heartbeats",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_table("heartbeats")
    op.drop_index("ix_episodes_ticket_id", table_name="episodes")
    op.drop_index(
        "ux_episodes_one_open",
        table_name="episodes",
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_index(
        "ux_episodes_newest",
        table_name="episodes",
        sqlite_where=sa.text("newest"),
        postgresql_where=sa.text("newest"),
    )
    op.drop_index(
        "ix_episodes_silent_at",
        table_name="episodes",
        sqlite_where=sa.text("silent_at IS NOT NULL"),
        postgresql_where=sa.text("silent_at IS NOT NULL"),
    )
    op.drop_table("episodes")
    op.drop_table("desk")
