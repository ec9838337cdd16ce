"""The books of a desk: after any trouble everything that came in and went out must be accounted for.

Each check looks at one invariant of the database, or compares it with what lies in the mailbox and what was received
from the desk. A check raises AssertionError naming the first rows that do not add up.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import reading
from daemon.store.gather import load_tickets
from daemon.store.rows import read_event
from rules.alerts.events import EpisodeResolved
from rules.events import Opened, Reported
from rules.fold import fold_all
from rules.joining.events import Parted
from tests.servers.desk import DONE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from rules.events import Event
    from rules.ticket import Ticket
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import Submission

Events = dict[int, list["Event"]]

#: Verdicts whose report is an event of its ticket under the ledger's source and key, and the verdict of that event.
_REPORTED = {"appended": "appended", "repeated": "repeated", "reopened": "reopened", "command": "appended"}


def check_books(engine: Engine) -> None:
    """Check everything that the database says about itself."""
    with reading(engine) as connection:
        events = _read_events(connection)
        tickets = load_tickets(connection, [ticket for (ticket,) in connection.execute(select(schema.tickets.c.id))])
        _check_folds(tickets, events)
        _check_numbers(connection, tickets)
        _check_effects(connection, events)
        _check_loads(connection, tickets)
        _check_totals(connection)
        _check_dues(connection, tickets)
        _check_silences(connection, tickets)


def check_mails(engine: Engine, mailbox: ServedMailbox, delivered: Sequence[str]) -> None:
    """Each delivered mail (by Message-ID) has one row in the ledger and lies in the done folder, once."""
    with reading(engine) as connection:
        table = schema.ledger.c
        rows = Counter(connection.execute(select(table.message_id).where(table.channel == "mail")).scalars())
    wanted = Counter(delivered)
    _expect(rows, wanted, "mails in the ledger")
    filed = Counter(message_from_bytes(original)["Message-ID"] for original in mailbox.originals(DONE_FOLDER))
    _expect(filed, wanted, "mails in the done folder")
    assert mailbox.uids() == [], "mails left in the INBOX"


def check_alerts(engine: Engine, answered: Iterable[Mapping[str, str]]) -> None:
    """Each state of each alert that was answered by 200 is in the ledger, once."""
    with reading(engine) as connection:
        table = schema.ledger.c
        keys = list(connection.execute(select(table.key).where(table.channel == "alert")).scalars())
    for alert in answered:
        found = [key for key in keys if alert["fingerprint"] in key and key.endswith(alert["status"])]
        assert found, f"nothing in the ledger of {alert}"
    assert len(keys) == len(set(keys))


def check_letters(engine: Engine, submissions: Sequence[Submission]) -> None:
    """Each letter was sent, or the gate kept it: held back with a reason, or not due yet.

    What was sent came at least once, all copies alike and as they are stored; nothing else came.
    """
    table = schema.letters.c
    columns = select(table.message_id, table.recipient, table.state, table.message, table.attempts, table.reply)
    with reading(engine) as connection:
        rows = connection.execute(columns).all()
    assert not find_due_letters(engine), "letters that should have left"
    copies = defaultdict[str, list[bytes]](list)
    for submission in submissions:
        copies[submission.message["Message-ID"]].append(submission.original)
    for row in rows:
        match row.state:
            case "sent":
                came = set(copies.pop(row.message_id))
                assert came == {row.message}, f"{row.message_id}: {len(came)} different messages came"
            case "held":
                assert row.reply, f"{row.message_id} to {row.recipient} is held, and nothing says why"
            case _:
                assert row.state == "queued", f"{row.message_id} to {row.recipient} is {row.state}"
                assert not row.attempts, f"{row.message_id} to {row.recipient} was tried and waits: {row.reply}"
    assert not copies, "letters came of which no row says that they were sent"


def find_due_letters(engine: Engine, *, claimed: bool = True) -> list[int]:
    """The letters that wait for nothing but the courier; without `claimed`, those that nobody has leased."""
    table = schema.letters.c
    due = select(table.id).where(table.state == "queued", table.next_attempt_at <= datetime.now(UTC))
    with reading(engine) as connection:
        return list(connection.execute(due if claimed else due.where(table.claim.is_(None))).scalars())


def _read_events(connection: Connection) -> Events:
    table = schema.events.c
    found: Events = defaultdict(list)
    statement = select(table.ticket_id, table.sequence, table.kind, table.data)
    for row in connection.execute(statement.order_by(table.ticket_id, table.sequence)):
        event = read_event(row.data)
        found[row.ticket_id].append(event)
        assert row.sequence == len(found[row.ticket_id]), f"ticket {row.ticket_id} has a gap before {row.sequence}"
        assert row.kind == event.kind
    return found


def _check_folds(tickets: Mapping[int, Ticket], events: Events) -> None:
    assert set(tickets) == set(events)
    for number, ticket in tickets.items():
        assert fold_all(events[number]) == ticket, f"ticket {ticket.number} is not what its events add up to"


def _check_numbers(connection: Connection, tickets: Mapping[int, Ticket]) -> None:
    """A rolled back transaction takes its serials back, so that they are without gaps and never given twice."""
    assert sorted(tickets) == list(range(1, len(tickets) + 1))
    assert connection.execute(select(schema.desk.c.last_ticket)).scalar_one() == len(tickets)
    numbers = [ticket.number for ticket in tickets.values()]
    assert len(numbers) == len(set(numbers)), "a number was given twice"
    # Where each number is different, and so many were given, none of them was left out.
    assert sum(connection.execute(select(schema.serials.c.last)).scalars()) == len(numbers)


def _check_effects(connection: Connection, events: Events) -> None:
    """Each report of the ledger did to its ticket what its verdict says, once."""
    table = schema.ledger.c
    rows = connection.execute(select(table.source, table.key, table.verdict, table.ticket_id, table.channel)).all()
    assert len({(row.source, row.key) for row in rows}) == len(rows)
    everything = [(ticket, event) for ticket, each in events.items() for event in each]
    moved, parted = _find_moved(rows, everything)
    everything = [(ticket, event) for ticket, event in everything if not _is_of(event, moved)]
    rows = [row for row in rows if (row.source, row.key) not in moved]
    opened = Counter(row.ticket_id for row in rows if row.verdict == "opened")
    opened.update(parted)
    _expect(Counter(ticket for ticket, event in everything if isinstance(event, Opened)), opened, "openings")
    reported = Counter[tuple[Any, ...]](
        (row.ticket_id, row.source, row.key, _REPORTED[row.verdict])
        for row in rows
        if row.verdict in _REPORTED and row.ticket_id is not None
    )
    told = Counter[tuple[Any, ...]](
        (ticket, event.source, event.key, event.verdict) for ticket, event in everything if isinstance(event, Reported)
    )
    # Another sender's earlier word of an episode that fires is appended, and tells the ticket nothing new.
    twins = Counter[tuple[Any, ...]](
        (row.ticket_id, row.source, row.key, "appended")
        for row in rows
        if row.channel == "alert" and row.verdict == "appended"
    )
    _expect(told, reported - (twins - told), "reports on tickets")
    resolved = Counter(row.ticket_id for row in rows if row.verdict == "resolved" and row.ticket_id is not None)
    _expect(
        Counter(ticket for ticket, event in everything if isinstance(event, EpisodeResolved)), resolved, "resolutions"
    )


def _find_moved(rows: Sequence[Any], everything: Sequence[tuple[int, Event]]) -> tuple[set[tuple[str, str]], set[int]]:
    """The reports of people who had joined a ticket by mistake, and the tickets that were opened for them."""
    opened_by_reports = {row.ticket_id for row in rows if row.verdict == "opened"}
    where = {(row.source, row.key): row.ticket_id for row in rows}
    parted = {event.ticket for _, event in everything if isinstance(event, Parted)} - opened_by_reports
    moved = {
        (event.source, event.key)
        for ticket, event in everything
        if isinstance(event, Reported)
        if where.get((event.source, event.key)) in parted - {ticket}
    }
    return moved, parted


def _is_of(event: Event, moved: set[tuple[str, str]]) -> bool:
    return isinstance(event, Reported) and (event.source, event.key) in moved


def _check_loads(connection: Connection, tickets: Mapping[int, Ticket]) -> None:
    open_tickets = Counter(ticket.assignee for ticket in tickets.values() if ticket.open and ticket.assignee)
    rows = connection.execute(select(schema.loads.c.assignee, schema.loads.c.open_tickets))
    _expect(Counter({who: count for who, count in rows if count}), open_tickets, "open tickets of the assignees")


def _check_totals(connection: Connection) -> None:
    """What `/metrics` shows was added up in the transactions that it speaks of."""
    table, ledger = schema.tallies.c, schema.ledger.c
    totals = Counter[str]()
    for row in connection.execute(select(table.labels, table.value).where(table.name == "deskd_reports_total")):
        totals[json.loads(row.labels)[0]] += int(row.value)
    seen = Counter[str]()
    for row in connection.execute(select(ledger.channel, ledger.seen)):
        seen[row.channel] += row.seen
    _expect(totals, seen, "reports in the totals")
    opened = connection.execute(select(table.value).where(table.name == "deskd_tickets_opened_total")).scalars()
    assert sum(opened) == connection.execute(select(schema.desk.c.last_ticket)).scalar_one()


def _check_silences(connection: Connection, tickets: Mapping[int, Ticket]) -> None:
    """A ticket is silenced as far as its silence is; one that is ending or expired is the ticket's no more."""
    states = {row.ticket_id: row.state for row in connection.execute(select(schema.silences))}
    for ticket in tickets.values():
        state = states.get(ticket.id)
        wanted = None if state in (None, "ending", "expired") else state
        assert ticket.silence == wanted, f"ticket {ticket.number} is {ticket.silence}, its silence {state}"


def _check_dues(connection: Connection, tickets: Mapping[int, Ticket]) -> None:
    table = schema.tickets.c
    for row in connection.execute(select(table.id, table.next_due_at)):
        assert row.next_due_at == tickets[row.id].next_due


def _expect(found: Counter[Any], wanted: Counter[Any], what: str) -> None:
    missing, surplus = wanted - found, found - wanted
    assert not missing, f"{what} missing: {list(missing.items())[:5]}"
    assert not surplus, f"{what} too many: {list(surplus.items())[:5]}"
