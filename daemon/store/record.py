"""Recording what a batch decided: ledger, tickets, events, clocks and letters, in the batch's transaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Connection, Integer, Text, bindparam, column, delete, func, update

from daemon.store import schema
from daemon.store.alerts.concerns import record_concerns
from daemon.store.alerts.heartbeats import record_heartbeats
from daemon.store.alerts.known import record_series
from daemon.store.alerts.rows import episode_values
from daemon.store.alerts.silences import SilenceChange, follow_silences
from daemon.store.bulk import insert_rows, upsert
from daemon.store.letters.reach import record_reach
from daemon.store.reports.originals import original_values
from daemon.store.rows import (
    clock_values,
    event_values,
    letter_values,
    participant_values,
    ticket_values,
)
from rules.alerts.groups import told_group
from rules.facts import Facts, load_steps, new_mentions
from rules.language.similarity import sketch
from rules.letters.brakes import WHOLE_DESK, is_unverified_receipt, receipt_day
from rules.letters.gate import URGENT
from rules.report import Alert, Mail, Report
from rules.token import make_message_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from daemon.store.gather import Standing
    from rules.alerts.heartbeat import Heartbeat
    from rules.decision import Decision
    from rules.episode import Episode
    from rules.letter import Letter
    from rules.letters.resting import Reach
    from rules.ticket import Clock, Ticket

#: What the ledger says of a report whatever becomes of it.
_TOLD = ("channel", "received_at", "reporter", "subject", "text", "message_id", "content_key")

#: Counts one report that came again, and says when.
_COUNT_EACH = (
    update(schema.ledger)
    .where(schema.ledger.c.source == bindparam("of"), schema.ledger.c.key == bindparam("same"))
    .values(seen=schema.ledger.c.seen + bindparam("times"), last_seen_at=bindparam("at"))
)
_LIST = (
    func.unnest(
        bindparam("of", type_=ARRAY(Text)),
        bindparam("same", type_=ARRAY(Text)),
        bindparam("times", type_=ARRAY(Integer)),
    )
    .table_valued(column("of", Text), column("same", Text), column("times", Integer), name="again")
    .render_derived()
)
#: The same for a list in one statement: PostgreSQL takes a round trip for each, and a batch of webhooks holds hundreds.
_COUNT_LIST = (
    update(schema.ledger)
    .where(schema.ledger.c.source == _LIST.c.of, schema.ledger.c.key == _LIST.c.same)
    .values(seen=schema.ledger.c.seen + _LIST.c.times, last_seen_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A report and what was decided about it; no report where a clock or a letter's end was decided."""

    report: Report | None
    decision: Decision


@dataclass(slots=True)
class _Batch:
    """What the decisions of a batch add up to, so that each row is written once."""

    first: dict[int, Ticket | None] = field(default_factory=dict)
    last: dict[int, Ticket] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    letters: list[tuple[int, Letter]] = field(default_factory=list)
    episodes: dict[tuple[str, str, int], Episode] = field(default_factory=dict)
    heartbeats: dict[str, Heartbeat] = field(default_factory=dict)
    silences: list[tuple[int, SilenceChange]] = field(default_factory=list)
    loads: Counter[str] = field(default_factory=Counter)
    receipts: Counter[tuple[str, date]] = field(default_factory=Counter)
    bounced: list[str] = field(default_factory=list)
    reach: dict[str, Reach] = field(default_factory=dict)

    def add(self, decision: Decision, now: datetime) -> None:
        for each in decision.whole:
            self._add_one(each, now)

    def _add_one(self, decision: Decision, now: datetime) -> None:
        for episode in decision.episodes:
            self.episodes[episode.source, episode.fingerprint, episode.cycle] = episode
        if decision.heartbeat is not None:
            self.heartbeats[decision.heartbeat.source] = decision.heartbeat
        if decision.bounced is not None:
            self.bounced.append(decision.bounced)
        self.reach.update(decision.reach)
        ticket = decision.ticket
        if ticket is None or not decision.events:
            return
        self.first.setdefault(ticket.id, decision.before)
        self.last[ticket.id] = ticket
        start = ticket.last_event - len(decision.events) + 1
        self.events += [event_values(ticket.id, start + n, event) for n, event in enumerate(decision.events)]
        self.silences += [(ticket.id, event) for event in decision.events if isinstance(event, SilenceChange)]
        self.loads.update(dict(load_steps(decision.before, ticket)))
        if ticket.assignee is not None and (decision.before is None or decision.before.assignee != ticket.assignee):
            self.loads[ticket.assignee] += 0  # whose turn it was is written down even where the load stays
        for letter in decision.letters:
            self.letters.append((ticket.id, letter))
            if is_unverified_receipt(letter):
                self.receipts.update({(letter.to, receipt_day(now)): 1, (WHOLE_DESK, receipt_day(now)): 1})


def record_decisions(
    connection: Connection, decided: Sequence[Decided], facts: Facts, standing: Standing, now: datetime
) -> None:
    """Write down everything that a batch decided. `facts` are those after the last decision."""
    _record_ledger(connection, decided, facts.mailing, now)
    batch = _Batch()
    for item in decided:
        batch.add(item.decision, now)
    upsert(connection, schema.episodes, [episode_values(episode) for episode in batch.episodes.values()])
    record_series(connection, ((item.report, item.decision.episodes) for item in decided))
    record_heartbeats(connection, batch.heartbeats.values())
    if batch.bounced:
        _mark_bounced(connection, batch.bounced, now)
    _move_reports(connection, decided)
    record_reach(connection, batch.reach)
    if batch.last:
        _record_tickets(connection, batch, facts)
        follow_silences(connection, batch.silences, now)
        if batch.letters:
            record_letters(connection, batch.letters, standing, now)


def _move_reports(connection: Connection, decided: Sequence[Decided]) -> None:
    """Let reports that joined a ticket by mistake be those of the ticket that was opened for them."""
    table = schema.ledger
    wholes = [each for item in decided for each in item.decision.whole]
    moved = [
        {"of": source, "same": key, "to": each.ticket.id}
        for each in wholes
        if each.ticket is not None
        for source, key in each.moved
    ]
    if moved:
        statement = update(table).where(table.c.source == bindparam("of"), table.c.key == bindparam("same"))
        connection.execute(statement.values(ticket_id=bindparam("to")), moved)


def postpone(connection: Connection, tickets: Iterable[int], until: datetime) -> None:
    """Leave the clocks of tickets alone until a moment, or until something else happens to the ticket."""
    table = schema.tickets
    statement = update(table).where(table.c.id == bindparam("ticket")).values(next_due_at=until)
    if rows := [{"ticket": ticket} for ticket in tickets]:
        connection.execute(statement, rows)


def _record_ledger(connection: Connection, decided: Sequence[Decided], mailing: Collection[str], now: datetime) -> None:
    fresh, taken_up, again = [], [], Counter[tuple[str, str]]()
    for item in decided:
        if item.report is None:
            continue
        if item.decision.seen_before:
            again[item.report.source, item.report.key] += 1
        elif item.decision.anew:
            taken_up.append((item.report, item.decision))
        else:
            fresh.append((item.report, item.decision))
    if fresh:
        insert_rows(connection, schema.ledger, [_ledger_values(*pair, now) for pair in fresh])
        originals = [
            _original_values(report, now) for report, _ in fresh if isinstance(report, Mail) and report.original
        ]
        insert_rows(connection, schema.originals, originals)
        upsert(connection, schema.mentions, list(_mention_rows(fresh, mailing)))
    if taken_up:
        rows = [_ledger_values(*pair, now) for pair in taken_up]
        upsert(connection, schema.ledger, rows, keys=("source", "key"), add=("seen",), keep=_TOLD)
        upsert(connection, schema.mentions, list(_mention_rows(taken_up, mailing)))
    if again:
        _count_again(connection, again, now)


def _mention_rows(fresh: Iterable[tuple[Report, Decision]], mailing: Collection[str]) -> Iterator[dict[str, Any]]:
    """The ids by which later mails find tickets: what mails refer to, and the groups of alerts."""
    rows = dict.fromkeys(
        (message_id, decision.ticket.id)
        for report, decision in fresh
        if decision.ticket is not None
        for message_id in _mentioned(report, decision, mailing)
    )
    return ({"message_id": message_id, "ticket_id": ticket} for message_id, ticket in rows)


def _mentioned(report: Report, decision: Decision, mailing: Collection[str]) -> Iterator[str]:
    if isinstance(report, Mail):
        yield from new_mentions(report, decision)
    if mailing and (told := told_group(report, decision, mailing)):
        yield told[1]


def _count_again(connection: Connection, again: Counter[tuple[str, str]], now: datetime) -> None:
    rows = [{"of": of, "same": same, "times": times} for (of, same), times in sorted(again.items())]
    if connection.dialect.name == "postgresql":
        connection.execute(_COUNT_LIST, {name: [row[name] for row in rows] for name in rows[0]} | {"at": now})
    else:
        connection.execute(_COUNT_EACH, [row | {"at": now} for row in rows])


def _ledger_values(report: Report, decision: Decision, now: datetime) -> dict[str, Any]:
    common = {
        "source": report.source,
        "key": report.key,
        "channel": report.channel,
        "received_at": report.received_at,
        "decided_at": now,
        "verdict": decision.verdict,
        "reason": decision.why,
        "ticket_id": decision.ticket.id if decision.ticket else None,
        "seen": 1,
        "last_seen_at": now,
    }
    match report:
        case Mail():
            return common | {
                "reporter": report.sender.address if report.sender else None,
                "subject": report.subject,
                "text": report.text,
                "message_id": report.message_id,
                "content_key": report.content_key or None,
            }
        case Alert():
            words = {"subject": report.name, "text": report.summary}
            return common | words | dict.fromkeys(("reporter", "message_id", "content_key"))


def _original_values(mail: Mail, now: datetime) -> dict[str, Any]:
    return original_values(mail.source, mail.key, mail.original, now)


def _mark_bounced(connection: Connection, message_ids: Iterable[str], now: datetime) -> None:
    table = schema.letters
    statement = update(table).where(table.c.message_id == bindparam("id_of")).values(state="bounced", settled_at=now)
    connection.execute(statement, [{"id_of": message_id} for message_id in sorted(message_ids)])


def _record_tickets(connection: Connection, batch: _Batch, facts: Facts) -> None:
    tickets = sorted(batch.last.values(), key=lambda ticket: ticket.id)
    opened = [ticket for ticket in tickets if batch.first[ticket.id] is None]
    if opened:
        insert_rows(connection, schema.tickets, [ticket_values(ticket) for ticket in opened])
        connection.execute(update(schema.desk).values(last_ticket=facts.last_ticket))
        period, serial = facts.next_serial
        upsert(connection, schema.serials, [{"period": period, "last": serial - 1}])
    changed = [ticket for ticket in tickets if batch.first[ticket.id] is not None]
    if changed:
        _update_tickets(connection, changed)
    _record_parts(connection, tickets, batch.first)
    insert_rows(connection, schema.events, batch.events)
    _record_sketches(connection, tickets, batch.first)
    record_concerns(connection, tickets, batch.first)
    upsert(
        connection,
        schema.loads,
        [
            {"assignee": who, "open_tickets": step, "last_turn": facts.last_given.get(who, 0)}
            for who, step in batch.loads.items()
        ],
        add=["open_tickets"],
    )
    upsert(
        connection,
        schema.receipts,
        [{"address": who, "day": day.isoformat(), "count": n} for (who, day), n in batch.receipts.items()],
        add=["count"],
    )


def _update_tickets(connection: Connection, tickets: Sequence[Ticket]) -> None:
    rows = [ticket_values(ticket) for ticket in tickets]
    columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    statement = update(schema.tickets).where(schema.tickets.c.id == bindparam("new_id")).values(columns)
    connection.execute(statement, [{f"new_{name}": value for name, value in row.items()} for row in rows])


def _record_parts(connection: Connection, tickets: Sequence[Ticket], first: dict[int, Ticket | None]) -> None:
    people, rungs, left = [], [], []
    for ticket in tickets:
        before = first[ticket.id]
        known_people = set(before.participants) if before else set()
        if before and not {each.address for each in before.participants} <= {e.address for e in ticket.participants}:
            left.append({"left": ticket.id})  # the places of the others have moved
            known_people = set()
        known_rungs = before.rungs if before else frozenset()
        people += [
            participant_values(ticket.id, position, person)
            for position, person in enumerate(ticket.participants)
            if person not in known_people
        ]
        rungs += [{"ticket_id": ticket.id, "rung": rung} for rung in sorted(ticket.rungs - known_rungs)]
    if left:
        table = schema.participants
        connection.execute(delete(table).where(table.c.ticket_id == bindparam("left")), left)
    upsert(connection, schema.participants, people)
    insert_rows(connection, schema.rungs, rungs)
    _record_clocks(connection, tickets, first)


def _record_clocks(connection: Connection, tickets: Sequence[Ticket], first: dict[int, Ticket | None]) -> None:
    """Write the clocks that changed; where old cycles have gone, all of the ticket's, whose places have moved."""
    rows, shortened = [], []
    for ticket in tickets:
        before = first[ticket.id]
        known = set(before.clocks) if before else set()
        if before and not {_cycle(clock) for clock in before.clocks} <= {_cycle(clock) for clock in ticket.clocks}:
            shortened.append({"shortened": ticket.id})
            known = set()
        rows += [
            clock_values(ticket.id, position, clock)
            for position, clock in enumerate(ticket.clocks)
            if clock not in known
        ]
    if shortened:
        table = schema.clocks
        connection.execute(delete(table).where(table.c.ticket_id == bindparam("shortened")), shortened)
    upsert(connection, schema.clocks, rows)


def _cycle(clock: Clock) -> tuple[str, int]:
    return clock.name, clock.cycle


def _record_sketches(connection: Connection, tickets: Sequence[Ticket], first: dict[int, Ticket | None]) -> None:
    """Keep the sketches of open tickets only: the index then finds nothing that cannot be joined."""
    mails = [ticket for ticket in tickets if ticket.channel == "mail"]
    opened = [ticket for ticket in mails if ticket.open and not _was_open(first[ticket.id])]
    ended = [ticket for ticket in mails if not ticket.open and _was_open(first[ticket.id])]
    rows = [{"value": value, "ticket_id": ticket.id} for ticket in opened for value in sketch(ticket.summary)]
    upsert(connection, schema.sketches, rows)
    if ended:
        table = schema.sketches
        statement = delete(table).where(table.c.ticket_id == bindparam("ended"))
        connection.execute(statement, [{"ended": ticket.id} for ticket in ended])


def _was_open(ticket: Ticket | None) -> bool:
    return ticket is not None and ticket.open


def record_letters(
    connection: Connection, letters: Sequence[tuple[int, Letter]], standing: Standing, now: datetime
) -> range:
    """Write down letters, each with the number of its ticket; returns their own numbers."""
    leave = sum(not letter.held for _, letter in letters)
    last = connection.execute(
        update(schema.desk)
        .values(
            last_letter=schema.desk.c.last_letter + len(letters),
            letters_of_hour=schema.desk.c.letters_of_hour + leave,
        )
        .returning(schema.desk.c.last_letter)
    ).scalar_one()
    numbers = range(last - len(letters) + 1, last + 1)
    rows = []
    for number, (ticket, letter) in zip(numbers, letters, strict=True):
        message_id = make_message_id(
            standing.keys, ticket=ticket, serial=number, recipient=letter.to, domain=standing.domain
        )
        given = {"id": number, "ticket_id": ticket, "message_id": message_id, "created_at": now}
        rows.append(letter_values(letter) | given | _first_state(letter, now))
    insert_rows(connection, schema.letters, rows)
    return numbers


def _first_state(letter: Letter, now: datetime) -> dict[str, Any]:
    begun: dict[str, Any] = {"attempts": 0, "urgent": letter.template in URGENT}
    if letter.held:
        return begun | {"state": "held", "next_attempt_at": None, "settled_at": now, "reply": str(letter.held)}
    return begun | {"state": "queued", "next_attempt_at": letter.not_before or now, "settled_at": None, "reply": ""}
