"""What is recorded comes back as it was, and each effect stands once, on both databases."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from immutables import Map
from sqlalchemy import insert, select

from daemon.store import schema
from daemon.store.database import DatabaseError, transaction
from daemon.store.gather import gather_facts, load_tickets
from daemon.store.record import Decided, record_decisions
from daemon.store.rows import read_event, read_letter
from rules.alerts.events import EpisodeFired, EpisodeStale, Flapping, HoldBegan, SeverityChanged
from rules.attachment import TicketAttachment
from rules.calendar.working_time import Pause
from rules.decision import Decision
from rules.episode import Episode
from rules.events import (
    ApprovalAsked,
    ApprovalGiven,
    Asked,
    Assigned,
    Attached,
    ClockStarted,
    ClockWarned,
    Escalated,
    Event,
    Expected,
    HandedOver,
    Joined,
    Moved,
    Opened,
    Owes,
    Rated,
    Reached,
    Represented,
    Written,
)
from rules.fold import fold_all
from rules.joining.events import Absorbed, Parted, Suggested
from rules.letter import Letter
from rules.numbers import serial_period
from rules.ticket import Clock, Participant, Suggestion
from tests.daemon.desks import STANDING, StandingDesk, verdicts
from tests.faults.accounts import check_books
from tests.samples import ALICE, BOB, DAY, HOUR, LI, MINUTE, NOW, RULEBOOK, a_mail, an_alert

if TYPE_CHECKING:
    from sqlalchemy import Engine

ODD = NOW.replace(microsecond=123_457)
ALICE_HERSELF = Participant(
    address=ALICE,
    name="爱丽丝 O'Hara",
    subject="VPN is down",
    language="zh-Hant",
    counted=True,
    by_similarity=True,
    threads=("<1@mail.example>", "<2@mail.example>"),
    silent=True,
)
BOB_HIMSELF = Participant(address=BOB)
PAUSED = Clock(
    name="resolution",
    cycle=2,
    started_at=ODD,
    limit="3wd",
    calendar="office",
    due_at=ODD + DAY,
    pauses=(Pause(ODD, ODD + MINUTE), Pause(ODD + HOUR, None)),
    warn_at=ODD + MINUTE,
    warned_at=ODD + MINUTE,
)
STOPPED = Clock(
    name="response",
    started_at=ODD,
    limit="1h",
    due_at=ODD + HOUR,
    overdue_at=ODD + HOUR,
    stopped_at=ODD + 2 * HOUR,
    outcome="breached",
)
EVENTS: tuple[Event, ...] = (
    Opened(
        at=ODD,
        ticket=1,
        number="202611-001",
        channel="mail",
        source="support",
        ticket_kind="incident",
        category="network",
        impact="small",
        urgency="medium",
        priority="P4",
        team="network",
        subject="VPN 坏了 🔥",
        summary="VPN\nis down",
        language="zh-Hans",
        requester=ALICE,
        relation="external",
        line="first",
        key="am:1:prod",
        reasons=("because", "所以"),
    ),
    Attached(
        at=ODD,
        attachments=(
            TicketAttachment(source="support", key="9.1", number=1, name="屏幕.png", type="image/png", size=5),
            TicketAttachment(
                source="support", key="9.1", number=2, name="a.exe", type="text/plain", size=1 << 40, refused="program"
            ),
        ),
    ),
    Joined(at=ODD, participant=ALICE_HERSELF, reason="opened the ticket"),
    Joined(at=ODD, participant=BOB_HIMSELF, reason="reports the same"),
    Suggested(at=ODD, suggestion=Suggestion(ticket=7, number="202611-007", likeness=0.75, reason="像")),
    EpisodeFired(
        at=ODD,
        source="prod",
        fingerprint="f",
        name="慢",
        concerns=("service checkout", "system db1"),
        target="db1 慢",
        since=ODD,
        severity="critical",
        again=True,
    ),
    SeverityChanged(at=ODD, name="慢", was="critical", now=""),
    EpisodeStale(at=ODD, name="慢", target="db1 慢", last_word_at=ODD),
    Flapping(at=ODD, times=3, until=ODD + DAY, reason="it flaps"),
    HoldBegan(at=ODD, cleared_at=ODD, until=ODD + MINUTE, reason="held"),
    Absorbed(at=ODD, ticket=8, number="202611-008", reports=2, repeats=1, counted_repeats=1, by=LI, reason="the same"),
    Absorbed(at=ODD, ticket=9, number="202611-009", reports=1, repeats=1, counted_repeats=1, by=LI, reason="also"),
    Joined(at=ODD, participant=replace(BOB_HIMSELF, address="dave@corp.example"), reason="came with 202611-009"),
    Parted(
        at=ODD,
        people=("dave@corp.example",),
        ticket=9,
        number="202611-009",
        reports=1,
        repeats=1,
        counted_repeats=1,
        by=LI,
        reason="another problem",
    ),
    ClockStarted(at=ODD, clock=PAUSED),
    ClockStarted(at=ODD, clock=STOPPED),
    Escalated(at=ODD, rung="repeat/second-repeat/1", trigger="repeat", was="P4", now="P3", told=(LI,), reason="again"),
    Assigned(at=ODD, team="network", assignee=LI, reason="is on duty"),
    HandedOver(at=ODD, was="first", line="第二线", team="network", by=LI, reason="too hard"),
    Moved(at=ODD, status="waiting", waiting_for="requester", reason="a question was asked"),
    Reached(at=ODD, milestone="responded", by=LI),
    Asked(at=ODD + MINUTE, missing=("工号", "device")),
    Expected(at=ODD, until=ODD + DAY, by=LI, text="after lunch"),
    ApprovalAsked(at=ODD, of="manager", reason="it is dear"),
    ApprovalGiven(at=ODD, by=LI, granted=False, text="too dear"),
    ApprovalAsked(at=ODD, of="head", reason="once more"),
    Owes(at=ODD, name="onsite_report", by=LI, reason="left"),
    Owes(at=ODD, name="article", by=None, reason="left"),
    Written(at=ODD + HOUR, name="article", by=LI, text="how to"),
    Rated(at=ODD, by=ALICE, ratings=(("speed", "great"), ("", "good")), text="fine"),
    Represented(at=ODD, requester=BOB, relation="internal", zone="suburbs", by=LI),
    ClockWarned(at=ODD + MINUTE, name="resolution", cycle=2, due_at=ODD + DAY),
)
TICKET = fold_all(EVENTS)
LETTER = Letter(
    to=ALICE,
    name="Alice",
    template="receipt",
    language="zh-TW",
    references=("<1@mail.example>",),
    data=Map(verified=True, people=(("李娜", LI),), lines=("one", "二"), repeats=3, solution=None),
)
PERIOD = serial_period(RULEBOOK, NOW)


def _decision() -> Decision:
    return Decision(verdict="opened", reasons=("new",), ticket=TICKET, events=EVENTS, letters=(LETTER,))


def test_a_ticket_comes_back_with_everything_in_it(writer: Engine) -> None:
    with transaction(writer) as connection:
        facts = gather_facts(connection, [a_mail()], RULEBOOK, STANDING, NOW)
        decided = [Decided(a_mail(), _decision())]
        record_decisions(connection, decided, replace(facts, last_ticket=1, next_serial=(PERIOD, 2)), STANDING, NOW)
    with transaction(writer) as connection:
        assert dict(load_tickets(connection, [1, 99])) == {1: TICKET}
        rows = connection.execute(select(schema.events.c.data).order_by(schema.events.c.sequence)).scalars()
        assert tuple(map(read_event, rows)) == EVENTS
        assert read_letter(connection.execute(select(schema.letters)).one()) == LETTER


def test_an_original_comes_back_byte_for_byte(writer: Engine) -> None:
    original = bytes(range(256)) * 20
    StandingDesk(writer).receive(a_mail(original=original))
    with transaction(writer) as connection:
        assert zlib.decompress(connection.execute(select(schema.originals.c.content)).scalar_one()) == original


def test_an_episode_comes_back(writer: Engine) -> None:
    alert = an_alert()
    StandingDesk(writer).receive(alert)
    with transaction(writer) as connection:
        facts = gather_facts(connection, [an_alert("resolved")], RULEBOOK, STANDING, NOW)
    assert facts.episodes["prod", alert.fingerprint] == Episode(
        source="prod",
        fingerprint=alert.fingerprint,
        ticket=1,
        name="DiskFull",
        severity="warning",
        target="db1",
        starts_at=NOW,
    )


def test_eighty_equal_mails_in_one_batch_are_one_ticket(writer: Engine) -> None:
    desk = StandingDesk(writer)
    decisions = desk.receive(*(a_mail(n=n) for n in range(80)))
    assert Counter(verdicts(decisions)) == {"opened": 1, "repeated": 79}
    check_books(writer)


def test_eighty_equal_alerts_in_one_batch_are_one_ticket(writer: Engine) -> None:
    desk = StandingDesk(writer)
    decisions = desk.receive(*(an_alert() for _ in range(80)))
    assert Counter(verdicts(decisions)) == {"opened": 1, "appended": 79}
    check_books(writer)


def test_eighty_hosts_in_one_batch_are_one_ticket(writer: Engine) -> None:
    decisions = StandingDesk(writer).receive(*(an_alert(host=f"db{n}") for n in range(80)))
    assert Counter(verdicts(decisions)) == {"opened": 1, "appended": 79}
    assert decisions[-1].ticket is not None
    assert decisions[-1].ticket.firing == 80
    check_books(writer)


def test_a_report_seen_before_changes_nothing_but_its_count(writer: Engine) -> None:
    desk = StandingDesk(writer)
    desk.receive(a_mail(), an_alert())
    with transaction(writer) as connection:
        before = load_tickets(connection, [1, 2])
    desk.receive(a_mail(), an_alert(), a_mail())
    with transaction(writer) as connection:
        assert load_tickets(connection, [1, 2]) == before
        assert connection.execute(select(schema.ledger.c.seen).order_by(schema.ledger.c.id)).scalars().all() == [3, 2]
    check_books(writer)


def test_a_ticket_joins_what_earlier_batches_knew(writer: Engine) -> None:
    desk = StandingDesk(writer)
    desk.receive(a_mail(), an_alert())
    assert verdicts(desk.receive(a_mail(BOB, n=2))) == ["repeated"]
    assert verdicts(desk.receive(an_alert(host="db2"))) == ["appended"]
    assert verdicts(desk.receive(an_alert("resolved"), an_alert("resolved", host="db2"))) == ["resolved", "resolved"]
    check_books(writer)


def test_the_database_refuses_a_rung_taken_twice(writer: Engine) -> None:
    StandingDesk(writer).receive(a_mail())
    rung = {"ticket_id": 1, "rung": "overdue/late-response/1"}
    with transaction(writer) as connection:
        connection.execute(insert(schema.rungs), rung)
    with pytest.raises(DatabaseError) as refused, transaction(writer) as connection:
        connection.execute(insert(schema.rungs), rung)
    assert refused.value.lasting


def test_a_failed_transaction_leaves_nothing_not_even_a_number(writer: Engine) -> None:
    desk = StandingDesk(writer)

    class PowerCutError(Exception):
        pass

    def fail_after_recording() -> None:
        with transaction(writer) as connection:
            facts = gather_facts(connection, [a_mail()], RULEBOOK, STANDING, NOW)
            after = replace(facts, last_ticket=1, next_serial=(PERIOD, 2))
            record_decisions(connection, [Decided(a_mail(), _decision())], after, STANDING, NOW)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        fail_after_recording()
    (decision,) = desk.receive(a_mail())
    assert decision.ticket is not None
    assert decision.ticket.number.endswith("-001")
    check_books(writer)


def test_numbers_grow_wider_and_are_never_reused(writer: Engine) -> None:
    desk = StandingDesk(writer)
    with transaction(writer) as connection:
        connection.execute(insert(schema.serials), {"period": PERIOD, "last": 998})
    numbers = []
    for n in range(3):
        (decision,) = desk.receive(an_alert(name=f"Alert{n}"))
        assert decision.ticket is not None
        numbers.append(decision.ticket.number)
    assert numbers == ["202611-999", "202611-1000", "202611-1001"]


def test_whose_turn_it_was_last_comes_back(writer: Engine) -> None:
    desk = StandingDesk(writer)
    desk.receive(an_alert(), a_mail())
    decision, *_ = desk.receive(a_mail(BOB, "Printer prints blank pages", n=2))
    assert decision.ticket is not None
    with transaction(writer) as connection:
        facts = gather_facts(connection, [a_mail(n=3)], RULEBOOK, STANDING, NOW)
    last = max(facts.last_given, key=lambda who: facts.last_given[who])
    assert last == decision.ticket.assignee
    assert sorted(facts.last_given.values()) == sorted(set(facts.last_given.values()))
