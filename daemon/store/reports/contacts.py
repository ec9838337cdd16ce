"""First contacts: what lay in a mailbox before the desk came to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from daemon.store import schema
from ingest.mailbox.first_contact import Contact

if TYPE_CHECKING:
    from datetime import datetime


def find_contact(connection: Connection, mailbox: str, uidvalidity: int) -> Contact | None:
    """The first contact with a mailbox under one UIDVALIDITY, or None."""
    table = schema.mailboxes.c
    statement = select(table.since, table.baseline).where(table.name == mailbox, table.uidvalidity == uidvalidity)
    row = connection.execute(statement).one_or_none()
    return Contact(row.since, row.baseline) if row else None


def record_contact(connection: Connection, mailbox: str, uidvalidity: int, contact: Contact) -> Contact:
    """Record a first contact, unless another daemon was first; returns the one that stands."""
    if known := find_contact(connection, mailbox, uidvalidity):
        return known
    values = {"name": mailbox, "uidvalidity": uidvalidity, "since": contact.since, "baseline": contact.baseline_uid}
    connection.execute(insert(schema.mailboxes), values)
    return contact


def first_start(connection: Connection, now: datetime) -> datetime:
    """When this desk was started for the first time; records `now` where it never was.

    It is a whole second, rounded down: so is the time at which a mail server says that it received a mail.
    """
    table = schema.desk
    known: datetime | None = connection.execute(select(table.c.first_started_at)).scalar_one()
    if known is not None:
        return known
    started_at = now.replace(microsecond=0)
    connection.execute(update(table).values(first_started_at=started_at))
    return started_at
