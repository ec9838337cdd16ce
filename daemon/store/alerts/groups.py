"""The tickets of groups of alerts, for the mails that name a group."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import bindparam, select

from daemon.store import schema
from daemon.store.lists import run_in
from rules.facts import OWN_TICKETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from rules.alerts.groups import GroupMail


_GROUPS = (
    select(schema.mentions.c.message_id, schema.mentions.c.ticket_id)
    .join(schema.tickets, schema.tickets.c.id == schema.mentions.c.ticket_id)
    .where(schema.tickets.c.channel == "alert", schema.tickets.c.source == bindparam("of"))
    .order_by(schema.mentions.c.ticket_id.desc())
)


def find_groups(connection: Connection, mails: Iterable[GroupMail]) -> Map[tuple[str, str], tuple[int, ...]]:
    """The tickets of the groups that mails name, by Alertmanager and group, the newest first and so many of them.

    Only tickets of that Alertmanager's alerts: anybody may open one by a mail that refers to a group.
    """
    threads = defaultdict[str, set[str]](set)
    for mail in mails:
        threads[mail.monitor].add(mail.thread)
    found = defaultdict[tuple[str, str], list[int]](list)
    for source, named in threads.items():
        for row in run_in(connection, _GROUPS, schema.mentions.c.message_id, named, of=source):
            found[source, row.message_id].append(row.ticket_id)
    return Map({group: tuple(tickets[:OWN_TICKETS]) for group, tickets in found.items()})
