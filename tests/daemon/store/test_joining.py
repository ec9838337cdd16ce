"""Tickets that become a part of others, and stand alone again, as they are kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, select

from daemon.store import schema
from daemon.store.alerts.concerns import NEWEST, find_concerning, record_concerns
from daemon.store.database import reading, transaction
from daemon.store.gather import load_tickets
from daemon.store.tickets.read import read_ticket_file
from daemon.store.tickets.verify import Verification, verify_tickets
from rules.token import make_message_id
from tests.daemon.desks import StandingDesk
from tests.faults.accounts import check_books
from tests.rules.joining.shop import ONLY_ASKS, RULEBOOK, database_down, latency
from tests.samples import ALICE, BOB, KEYS, LI, a_mail

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from rules.decision import Decision
    from rules.rulebook import Rulebook

SLOW = {"subject": "Payment is very slow", "text": "Paying takes minutes.", "verified": True}


class Writer:
    """A desk on a database, to which people write."""

    def __init__(self, engine: Engine, rulebook: Rulebook) -> None:
        self.engine = engine
        self.desk = StandingDesk(engine, rulebook=rulebook)
        self.mails = 0

    def writes(self, sender: str, **words: Any) -> Decision:
        self.mails += 1
        return self.desk.receive(a_mail(sender, n=self.mails, **words))[0]

    def answers(self, text: str, sender: str = LI, *, ticket: int) -> Decision:
        token = make_message_id(KEYS, ticket=ticket, serial=7, recipient=sender, domain="desk.example")
        return self.writes(sender, subject="Re: it", text=text, references=(token,), verified=True)

    def rows(self, *columns: Any) -> list[tuple[Any, ...]]:
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.execute(select(*columns))]

    def newest_report(self) -> int | None:
        """The ticket of the newest report."""
        table = schema.ledger.c
        with reading(self.engine) as connection:
            return connection.execute(select(table.ticket_id).order_by(table.id.desc()).limit(1)).scalar()


def check_folds(engine: Engine) -> None:
    with reading(engine) as connection:
        assert list(verify_tickets(connection, Verification())) == []


def test_a_suggested_ticket_is_joined_and_parted_and_all_adds_up(writer: Engine) -> None:
    desk = Writer(writer, ONLY_ASKS)
    desk.desk.receive(latency())
    desk.writes(ALICE, **SLOW)
    assert desk.answers("!join", ticket=2).verdict == "command"
    check_books(writer)
    tickets = schema.tickets.c
    assert desk.rows(tickets.id, tickets.status, tickets.merged_into) == [(1, "assigned", None), (2, "closed", 1)]
    desk.answers("It is worse now.", ALICE, ticket=2)
    assert desk.newest_report() == 1
    with reading(writer) as connection:
        whole, part = read_ticket_file(connection, "202611-001"), read_ticket_file(connection, "202611-002")
    assert whole is not None
    assert part is not None
    assert (whole.absorbed, part.merged_into) == (("202611-002",), "202611-001")
    desk.answers("!split", ticket=1)
    check_folds(writer)
    assert desk.rows(tickets.id, tickets.merged_into) == [(1, None), (2, None)]
    assert desk.answers("Only my card.", ALICE, ticket=1).ticket is not None
    assert desk.newest_report() == 2


def test_who_joined_by_likeness_gets_a_ticket_with_his_reports(writer: Engine) -> None:
    desk = Writer(writer, RULEBOOK)
    desk.desk.receive(latency())
    for sender in (ALICE, BOB):
        assert desk.writes(sender, **SLOW).verdict == "repeated"
    desk.answers(f"!split {ALICE}", ticket=1)
    check_folds(writer)
    with reading(writer) as connection:
        tickets = load_tickets(connection, [1, 2])
    assert [person.address for person in tickets[1].participants] == [BOB]
    assert (tickets[2].requester, tickets[2].summary) == (ALICE, "Payment is very slow\nPaying takes minutes.")
    ledger = schema.ledger.c
    assert (ALICE, 2) in desk.rows(ledger.reporter, ledger.ticket_id)
    assert desk.desk.receive(a_mail(ALICE, n=1))[0].seen_before


def test_a_related_alert_gets_a_ticket_of_its_own_with_its_episodes(writer: Engine) -> None:
    desk = Writer(writer, RULEBOOK)
    desk.desk.receive(latency(), database_down())
    assert desk.answers("!split HostDown", ticket=1).verdict == "command"
    check_folds(writer)
    episodes, concerns = schema.episodes.c, schema.concerns.c
    assert set(desk.rows(episodes.name, episodes.ticket_id, episodes.key)) == {
        ("HighLatency", 1, None),
        ("HostDown", 2, None),
    }
    assert ("service db", 1) not in desk.rows(concerns.concern, concerns.ticket_id)
    assert ("service db", 2) in desk.rows(concerns.concern, concerns.ticket_id)
    desk.desk.receive(latency("resolved"), database_down("resolved"))
    check_folds(writer)
    assert set(desk.rows(schema.tickets.c.id, schema.tickets.c.firing)) == {(1, 0), (2, 0)}


def test_what_joined_in_the_same_batch_is_parted_too(writer: Engine) -> None:
    desk = Writer(writer, RULEBOOK)
    desk.desk.receive(latency())
    token = make_message_id(KEYS, ticket=1, serial=7, recipient=LI, domain="desk.example")
    words: dict[str, Any] = {"subject": "Re: it", "text": "!split", "references": (token,), "verified": True}
    desk.desk.receive(database_down(), a_mail(LI, n=9, **words))
    check_folds(writer)
    tickets = schema.tickets.c
    assert set(desk.rows(tickets.id, tickets.firing)) == {(1, 1), (2, 1)}


def test_the_index_holds_what_open_tickets_of_alerts_are_about(writer: Engine) -> None:
    desk = Writer(writer, RULEBOOK)
    desk.desk.receive(latency())
    concerns = schema.concerns.c
    assert desk.rows(concerns.concern, concerns.ticket_id) == [("service checkout", 1)]
    desk.desk.receive(latency("resolved"))
    assert desk.rows(concerns.concern) == []


def test_of_many_tickets_about_one_thing_the_newest_are_found(writer: Engine) -> None:
    desk = Writer(writer, RULEBOOK)
    desk.desk.receive(latency())
    with transaction(writer) as connection:
        ticket = load_tickets(connection, [1])[1]
        rows = [{"concern": "system db1", "ticket_id": n} for n in range(1, 90)]
        connection.execute(schema.concerns.insert(), rows)
        found = find_concerning(connection, {"system db1", "system db2"})
        assert dict(found) == {"system db1": tuple(range(89, 89 - NEWEST, -1))}
        record_concerns(connection, [ticket], {1: ticket})


def test_many_things_are_looked_up_in_one_statement(writer: Engine) -> None:
    asked: list[str] = []
    event.listen(writer, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with transaction(writer) as connection:
        connection.execute(schema.concerns.insert(), [{"concern": f"service {n}", "ticket_id": 1} for n in (3, 4)])
        asked.clear()
        found = find_concerning(connection, {f"service {n}" for n in range(300)})
    assert dict(found) == {"service 3": (1,), "service 4": (1,)}
    assert len(asked) == 1


def test_the_counters_tell_suggestions_joins_and_splits(writer: Engine) -> None:
    desk = Writer(writer, RULEBOOK)
    desk.desk.receive(latency())
    desk.writes(ALICE, **SLOW)
    desk.answers("!split", ticket=1)
    table = schema.tallies.c
    told = desk.rows(table.name, table.labels, table.value)
    assert {labels: value for name, labels, value in told if "joined" in name} == {'["likeness"]': 1, '["split"]': 1}


def test_a_reply_that_the_problem_is_back_and_a_second_mail_are_no_further_joins(writer: Engine) -> None:
    desk = Writer(writer, RULEBOOK)
    desk.desk.receive(latency())
    for _ in range(2):
        assert desk.writes(ALICE, **SLOW).verdict == "repeated"
    table = schema.tallies.c
    joined = desk.rows(table.labels, table.value)
    assert [value for labels, value in joined if labels == '["likeness"]'] == [1]


def test_a_ticket_that_is_split_off_counts_as_opened_by_its_own_channel(writer: Engine) -> None:
    desk = Writer(writer, RULEBOOK)
    desk.desk.receive(latency(), database_down())
    desk.answers("!split HostDown", ticket=1)
    table = schema.tallies.c
    rows = desk.rows(table.name, table.labels, table.value)
    assert {json.loads(labels)[2]: value for name, labels, value in rows if "opened_total" in name} == {"alert": 2}


def test_who_wrote_before_the_alert_is_found_by_it(writer: Engine) -> None:
    desk = Writer(writer, ONLY_ASKS)
    desk.writes(ALICE, **SLOW)
    desk.desk.receive(latency())
    check_books(writer)
    desk.answers("!join", ticket=1)
    check_books(writer)
    tickets = schema.tickets.c
    assert set(desk.rows(tickets.id, tickets.merged_into)) == {(1, 2), (2, None)}
