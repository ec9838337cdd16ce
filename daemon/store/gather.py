"""Gathering what the decisions of one batch depend on, in bulk, inside the batch's transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from immutables import Map
from sqlalchemy import Column, Connection, Select, Table, bindparam, case, func, select, text

from daemon.store import schema
from daemon.store.alerts.concerns import find_concerning
from daemon.store.alerts.groups import find_groups
from daemon.store.alerts.heartbeats import find_heartbeats
from daemon.store.alerts.known import complete_ledger, find_known_episodes
from daemon.store.alerts.storms import count_opened_lately
from daemon.store.letters.reach import find_reach
from daemon.store.lists import run_in
from daemon.store.rows import read_clock, read_participant, read_ticket
from daemon.store.tickets.alike import find_alike
from daemon.store.tickets.linked import find_related, find_told, load_linked, parting_mails
from rules.alerts.groups import ticket_keys, told_groups
from rules.alerts.ignoring import is_taken_up
from rules.alerts.known import find_episode
from rules.alerts.mails import told_alerts
from rules.alerts.storms import storm_keys
from rules.closing.complaints import complained_of
from rules.deciding.heartbeats import is_heartbeat
from rules.directory import Directory
from rules.facts import OWN_TICKETS, Entry, Facts, SentLetter
from rules.joining.asked import named_by_commands
from rules.joining.floods import flooded_ticket
from rules.joining.incidents import CANDIDATES, concerns_of_reports
from rules.joining.threads import marks_of, named_numbers
from rules.letters.brakes import WHOLE_DESK, receipt_day
from rules.numbers import serial_period
from rules.report import Alert, Mail, Report
from rules.ticket import Clock, Participant, Ticket
from rules.token import TokenKeys, read_bounce_token, read_token

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from rules.people import Staff
    from rules.rulebook import Rulebook

# Written out, not bound: SQLite uses a partial index only where it sees its condition while planning.
_UNASSIGNED = text("tickets.assignee IS NULL AND tickets.status NOT IN ('resolved', 'closed')")

# A statement takes longer to build than to run: these are built once.
_ENTRIES = select(
    schema.ledger.c.source, schema.ledger.c.key, schema.ledger.c.verdict, schema.ledger.c.ticket_id
).where(schema.ledger.c.source == bindparam("of"))
_NEWEST_BY_KEY = select(schema.tickets.c.key, func.max(schema.tickets.c.id).label("id")).group_by(schema.tickets.c.key)
_CONTENTS = select(schema.ledger.c.content_key, schema.ledger.c.verdict, schema.ledger.c.ticket_id).order_by(
    schema.ledger.c.id.desc()
)
_THREADS = (
    select(schema.ledger.c.message_id, schema.ledger.c.ticket_id)
    .where(schema.ledger.c.ticket_id.is_not(None), schema.ledger.c.verdict.not_in(("ignored", "bounce")))
    .order_by(schema.ledger.c.id.desc())
)
_MENTIONS = select(schema.mentions.c.message_id, schema.mentions.c.ticket_id).order_by(schema.mentions.c.ticket_id)
_BY_PERSON = (
    select(
        schema.participants.c.address,
        schema.participants.c.ticket_id,
        schema.tickets.c.requester,
        schema.tickets.c.opened_at,
        schema.tickets.c.imported,
    )
    .join(schema.tickets, schema.tickets.c.id == schema.participants.c.ticket_id)
    .where(schema.tickets.c.status.not_in(("resolved", "closed")))
    .order_by(schema.participants.c.ticket_id.desc())
)
_NUMBERS = select(schema.tickets.c.number, schema.tickets.c.id)
_RECEIPTS = select(schema.receipts.c.address, schema.receipts.c.count).where(schema.receipts.c.day == bindparam("on"))
_LOADS = select(schema.loads.c.assignee, schema.loads.c.open_tickets, schema.loads.c.last_turn)
_LAST_NUMBERS = select(
    schema.desk.c.last_ticket,
    select(schema.serials.c.last).where(schema.serials.c.period == bindparam("period")).scalar_subquery(),
)
_LETTERS = select(
    schema.letters.c.id,
    schema.letters.c.message_id,
    schema.letters.c.ticket_id,
    schema.letters.c.recipient,
    schema.letters.c.template,
    schema.letters.c.state,
)

_Item = TypeVar("_Item")
_Numbers = Map[str, tuple[int, ...]]
_Opened = Map[str, tuple[tuple[int, "datetime"], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What does not change from batch to batch: who works here, the keys, and how the desk is called."""

    staff: Staff
    keys: TokenKeys
    desk_name: str
    domain: str
    commands_by_mail: bool = False
    senders_are_proven: bool = False
    directory: Directory = field(default_factory=Directory)
    own: frozenset[str] = frozenset()
    """The desk's own addresses, in lower case."""
    silencing: frozenset[str] = frozenset()
    """The sources whose alerts the desk can silence."""
    alertmanagers: Map[str, str] = Map()
    """The names of those that mail as well, by the addresses that they mail from."""

    def facts(self) -> Facts:
        """What a decision knows before anything is gathered for it."""
        return Facts(
            staff=self.staff,
            keys=self.keys,
            directory=self.directory,
            desk_name=self.desk_name,
            domain=self.domain,
            commands_by_mail=self.commands_by_mail,
            senders_are_proven=self.senders_are_proven,
            own_addresses=self.own,
            silencing=self.silencing,
            alertmanagers=self.alertmanagers,
        )


def gather_facts(
    connection: Connection, reports: Sequence[Report], rulebook: Rulebook, standing: Standing, now: datetime
) -> Facts:
    """Gather the facts for a batch of reports. A report that the ledger holds already costs one look-up."""
    facts = replace(standing.facts(), ledger=_find_entries(connection, reports))
    alerts = list(told_alerts(reports, rulebook))
    heartbeats = find_heartbeats(connection, {alert.source for alert in alerts if is_heartbeat(alert, rulebook)})
    known = find_known_episodes(connection, alerts, rulebook)
    ledger = complete_ledger(connection, facts.ledger, alerts, known, rulebook)
    facts = replace(facts, ledger=ledger, episodes=known.episodes, series=known.series, heartbeats=heartbeats)
    stale = any(episode.stale_since is not None for episode in facts.episodes.values())
    fresh = [report for report in reports if _asks_anew(report, facts, rulebook, stale=stale)]
    return _gather_fresh(connection, fresh, facts, rulebook, now) if fresh else facts


def _asks_anew(report: Report, facts: Facts, rulebook: Rulebook, *, stale: bool) -> bool:
    """Tell whether a report is decided on its ticket: it is new, ignored no more, or of an episode that was stale."""
    entry = facts.ledger.get((report.source, report.key))
    if entry is None or (entry.reason and is_taken_up(report, facts.ledger, rulebook)):
        return True
    episode = find_episode(report, facts, rulebook) if stale and isinstance(report, Alert) else None
    return episode is not None and episode.stale_since is not None


def gather_tickets(
    connection: Connection, ids: Collection[int], rulebook: Rulebook, standing: Standing, now: datetime
) -> Facts:
    """Gather the facts for deciding on tickets themselves: when a clock is due, or a letter came to nothing."""
    facts = replace(standing.facts(), tickets=load_tickets(connection, ids))
    return _with_desk(connection, facts, rulebook, now)


def _gather_fresh(
    connection: Connection, fresh: Sequence[Report], facts: Facts, rulebook: Rulebook, now: datetime
) -> Facts:
    mails = [report for report in fresh if isinstance(report, Mail)]
    alerts = list(told_alerts(fresh, rulebook))
    if mails:
        facts = _gather_for_mails(connection, mails, facts, now)
    alike = find_alike(connection, mails, facts.by_person, rulebook, now)
    concerning = find_concerning(connection, concerns_of_reports(mails, alerts, rulebook))
    mailing = facts.mailing
    firing = [alert for alert in alerts if alert.status == "firing"]
    keys = {key for alert in alerts for key in ticket_keys(alert, rulebook, mailing)}
    by_key = _find_by_key(connection, keys | {key for alert in firing for key in storm_keys(alert, rulebook)})
    lately = count_opened_lately(connection, {alert.source for alert in firing}, rulebook, now)
    ids = set(by_key.values()) | {ticket for tickets in facts.groups.values() for ticket in tickets}
    ids |= {episode.ticket for episode in facts.episodes.values() if episode.ticket is not None}
    ids |= {entry.ticket for entry in facts.contents.values() if entry.ticket is not None}
    ids |= set(facts.threads.values()) | {
        letter.ticket for letter in (*facts.letters.values(), *facts.returned.values())
    }
    ids |= {ticket for tickets in facts.mentions.values() for ticket in tickets} | set(facts.numbers.values())
    ids |= alike.tickets | set(_proven_tickets(mails, facts.keys))
    ids |= {ticket for mail in mails if (ticket := complained_of(mail, facts.by_person, rulebook)) is not None}
    senders = {mail.sender.address for mail in mails if mail.sender}
    ids |= {ticket for one in senders if (ticket := flooded_ticket(one, facts, rulebook, now)) is not None}
    ids |= {ticket for tickets in concerning.values() for ticket in tickets[:CANDIDATES]}
    tickets = load_linked(connection, load_tickets(connection, ids), mails, load_tickets)
    facts = replace(facts, by_key=by_key, alike=alike.by_value, concerning=concerning, tickets=tickets)
    parting = set(_proven_tickets(parting_mails(mails), facts.keys))
    facts = replace(
        facts,
        opened_lately=lately,
        reported=find_told(connection, parting, tickets),
        related=find_related(connection, parting, tickets),
    )
    return _with_desk(connection, facts, rulebook, now)


def _gather_for_mails(connection: Connection, mails: Sequence[Mail], facts: Facts, now: datetime) -> Facts:
    senders = {mail.sender.address for mail in mails if mail.sender}
    references = {message_id for mail in mails for message_id in mail.references}
    own_ids = {mail.message_id for mail in mails if mail.message_id}
    bounced = {mail.bounce.message_id for mail in mails if mail.bounce and mail.bounce.message_id}
    by_person, opened_by = _find_by_person(connection, senders)
    letters, returned = _find_letters(connection, bounced), _find_returned(connection, mails, facts.keys)
    failed = {letter.recipient for letter in (*letters.values(), *returned.values())}
    return replace(
        facts,
        contents=_find_contents(connection, {mail.content_key for mail in mails if mail.content_key}),
        threads=_find_threads(connection, references),
        mentions=_find_mentions(connection, references | own_ids),
        numbers=_find_numbers(connection, {number for mail in mails for number in _named_numbers(mail)}),
        groups=find_groups(connection, told_groups(mails, facts.alertmanagers)),
        letters=letters,
        returned=returned,
        reach=find_reach(connection, senders | failed),
        by_person=by_person,
        opened_by=opened_by,
        receipts=_find_receipts(connection, {*senders, WHOLE_DESK}, now),
    )


def _with_desk(connection: Connection, facts: Facts, rulebook: Rulebook, now: datetime) -> Facts:
    period = serial_period(rulebook, now)
    last_ticket, serial = connection.execute(_LAST_NUMBERS, {"period": period}).one()
    loads = connection.execute(_LOADS).all()
    return replace(
        facts,
        next_serial=(period, (serial or 0) + 1),
        last_ticket=last_ticket,
        load=Map((row.assignee, row.open_tickets) for row in loads),
        last_given=Map((row.assignee, row.last_turn) for row in loads if row.last_turn),
    )


def find_due(connection: Connection, now: datetime, *, limit: int) -> Sequence[int]:
    """The tickets with a clock that is due or to be warned of, the longest first. Closed ones may owe something."""
    due = schema.tickets.c.next_due_at
    return connection.execute(select(schema.tickets.c.id).where(due <= now).order_by(due).limit(limit)).scalars().all()


def find_unassigned(connection: Connection, levels: Sequence[str], *, limit: int, passing: int = 0) -> Sequence[int]:
    """The tickets with work left that nobody has: by level in this order, then the oldest, after `passing` others.

    The index holds those tickets alone, and everything that is asked for here.
    """
    table = schema.tickets.c
    rank = case({level: place for place, level in enumerate(levels)}, value=table.priority, else_=len(levels))
    statement = select(table.id).where(_UNASSIGNED).order_by(rank, table.opened_at, table.id)
    return connection.execute(statement.limit(limit).offset(passing)).scalars().all()


def load_tickets(connection: Connection, ids: Collection[int]) -> Map[int, Ticket]:
    """Read whole tickets by their ids; those that are not there are left out."""
    participants = defaultdict[int, list[Participant]](list)
    for row in _select_in(connection, schema.participants, schema.participants.c.ticket_id, ids, "position"):
        participants[row.ticket_id].append(read_participant(row._mapping))
    clocks = defaultdict[int, list[Clock]](list)
    for row in _select_in(connection, schema.clocks, schema.clocks.c.ticket_id, ids, "position"):
        clocks[row.ticket_id].append(read_clock(row._mapping))
    rungs = defaultdict[int, set[str]](set)
    for row in _select_in(connection, schema.rungs, schema.rungs.c.ticket_id, ids):
        rungs[row.ticket_id].add(row.rung)
    return Map(
        {
            row.id: read_ticket(
                row, participants=participants[row.id], clocks=clocks[row.id], rungs=frozenset(rungs[row.id])
            )
            for row in _select_in(connection, schema.tickets, schema.tickets.c.id, ids)
        }
    )


def _find_entries(connection: Connection, reports: Sequence[Report]) -> Map[tuple[str, str], Entry]:
    by_source = defaultdict[str, set[str]](set)
    for report in reports:
        by_source[report.source].add(report.key)
    found = {}
    for source, keys in by_source.items():
        for row in run_in(connection, _ENTRIES, schema.ledger.c.key, keys, of=source):
            found[row.source, row.key] = Entry(row.verdict, row.ticket_id)
    return Map(found)


def _find_by_key(connection: Connection, keys: Collection[str]) -> Map[str, int]:
    rows = run_in(connection, _NEWEST_BY_KEY, schema.tickets.c.key, keys)
    return Map({row.key: row.id for row in rows})


def _find_contents(connection: Connection, content_keys: Collection[str]) -> Map[str, Entry]:
    rows = run_in(connection, _CONTENTS, schema.ledger.c.content_key, content_keys)
    return Map({row.content_key: Entry(row.verdict, row.ticket_id) for row in rows})


def _find_threads(connection: Connection, message_ids: Collection[str]) -> Map[str, int]:
    rows = run_in(connection, _THREADS, schema.ledger.c.message_id, message_ids)
    return Map({row.message_id: row.ticket_id for row in rows})  # the first mail of an id: a later one may be a copy


def _find_mentions(connection: Connection, message_ids: Collection[str]) -> Map[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row in run_in(connection, _MENTIONS, schema.mentions.c.message_id, message_ids):
        if len(found[row.message_id]) < OWN_TICKETS:
            found[row.message_id].append(row.ticket_id)
    return _frozen(found)


def _find_numbers(connection: Connection, numbers: Collection[str]) -> Map[str, int]:
    rows = run_in(connection, _NUMBERS, schema.tickets.c.number, numbers)
    return Map({row.number: row.id for row in rows})


def _named_numbers(mail: Mail) -> tuple[str, ...]:
    return (*named_numbers(mail.subject), *named_by_commands(mail))


def _find_letters(connection: Connection, message_ids: Collection[str]) -> Map[str, SentLetter]:
    rows = run_in(connection, _LETTERS, schema.letters.c.message_id, message_ids)
    return Map({row.message_id: _sent(row) for row in rows})


def _find_returned(connection: Connection, mails: Sequence[Mail], keys: TokenKeys) -> Map[str, SentLetter]:
    """The letters that were sent from the signed addresses to which these mails came."""
    addresses = {each.address for mail in mails for each in (*mail.to, *mail.cc)}
    signed = {address: letter for address in addresses if (letter := read_bounce_token(keys, address)) is not None}
    if not signed:
        return Map()
    found = {row.id: _sent(row) for row in run_in(connection, _LETTERS, schema.letters.c.id, set(signed.values()))}
    return Map({address: found[letter] for address, letter in signed.items() if letter in found})


def _sent(row: Any) -> SentLetter:
    return SentLetter(row.ticket_id, row.recipient, row.template, row.message_id, row.state == "bounced")


def _find_by_person(connection: Connection, addresses: Collection[str]) -> tuple[_Numbers, _Opened]:
    """The newest open tickets in which people take part, and of these those that they opened themselves."""
    found: dict[str, list[int]] = defaultdict(list)
    opened: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for row in run_in(connection, _BY_PERSON, schema.participants.c.address, addresses):
        if len(found[row.address]) >= OWN_TICKETS:
            continue
        found[row.address].append(row.ticket_id)
        if row.requester == row.address and not row.imported:
            opened[row.address].append((row.ticket_id, row.opened_at))
    return _frozen(found), _frozen(opened)


def _frozen(found: Mapping[str, list[_Item]]) -> Map[str, tuple[_Item, ...]]:
    return Map({key: tuple(items) for key, items in found.items()})


def _find_receipts(connection: Connection, addresses: Collection[str], now: datetime) -> Map[Any, int]:
    day = receipt_day(now)
    rows = run_in(connection, _RECEIPTS, schema.receipts.c.address, addresses, on=day.isoformat())
    return Map({(row.address, day): row.count for row in rows})


def _proven_tickets(mails: Sequence[Mail], keys: TokenKeys) -> Iterator[int]:
    for mail in mails:
        for token in (*mail.references, *marks_of(mail)) if mail.sender else ():
            ticket = read_token(keys, token, sender=mail.sender.address) if mail.sender else None
            if ticket is not None:
                yield ticket


def _select_in(
    connection: Connection, table: Table, column: Column[Any], values: Collection[Any], order: str | None = None
) -> Sequence[Any]:
    return run_in(connection, _whole_rows(table, order), column, values)


@cache
def _whole_rows(table: Table, order: str | None) -> Select[Any]:
    return select(table).order_by(table.c[order]) if order else select(table)
