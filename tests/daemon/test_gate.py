"""Letters that the gate holds back are recorded with their reason, counted, and told to staff once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import Engine, transaction
from daemon.store.letters.letters import claim_letters
from daemon.store.tallies import read_tallies
from rules.token import make_message_id
from tests.daemon.desks import StandingDesk, verdicts
from tests.samples import ALICE, CHEN, DAY, HOUR, KEYS, LI, MINUTE, a_mail

if TYPE_CHECKING:
    from collections.abc import Iterable


@pytest.fixture
def desk(writer: Engine) -> StandingDesk:
    return StandingDesk(writer)


SUBJECTS = (
    "printer jam",
    "vpn slow",
    "monitor dark",
    "badge lost",
    "phone mute",
    "chair broken",
    "door shut",
    "wifi off",
)


def letters(writer: Engine, **columns: str) -> list[Any]:
    table = schema.letters
    with transaction(writer) as connection:
        found = select(table).filter_by(**columns).order_by(table.c.id)
        return list(connection.execute(found).all())


def write(desk: StandingDesk, subjects: Iterable[str], *, start: int = 1) -> list[str | None]:
    mails = [
        a_mail(ALICE, subject, f"{subject} in my office", n=n, verified=True)
        for n, subject in enumerate(subjects, start)
    ]
    return verdicts(desk.receive(*mails))


def test_the_fifth_receipt_in_an_hour_is_held_recorded_counted_and_told_once(
    desk: StandingDesk, writer: Engine
) -> None:
    assert write(desk, SUBJECTS) == ["opened"] * 8
    receipts = letters(writer, template="receipt")
    assert [row.state for row in receipts] == ["queued"] * 4 + ["held"] * 4
    assert "may be a machine" in receipts[-1].reply
    assert receipts[-1].settled_at is not None
    assert len(letters(writer, template="notice")) == 1
    with transaction(writer) as connection:
        totals = read_tallies(connection)
        assert totals["deskd_letters_settled_total", ("held",)] == 4
        assert len(claim_letters(connection, limit=999, claim="c", lease=HOUR, now=desk.clock())) == len(
            letters_queued(connection)
        )


def letters_queued(connection: Any) -> list[Any]:
    table = schema.letters
    return list(connection.execute(select(table.c.id).where(table.c.state == "queued")).all())


def test_an_hour_later_the_sender_is_answered_again_and_a_day_later_staff_would_hear_again(
    desk: StandingDesk, writer: Engine
) -> None:
    write(desk, SUBJECTS)
    desk.clock.move(HOUR + MINUTE)
    write(desk, ("scanner lamp",), start=20)
    assert letters(writer, template="receipt")[-1].state == "queued"
    desk.clock.move(DAY)
    write(desk, [f"{one} again" for one in SUBJECTS[:6]], start=30)
    assert len(letters(writer, template="notice")) <= 2


def test_the_ticket_tells_why_a_letter_was_held(desk: StandingDesk, writer: Engine) -> None:
    write(desk, SUBJECTS)
    table = schema.events
    with transaction(writer) as connection:
        kinds = connection.execute(select(table.c.data).where(table.c.kind == "letter_held")).scalars().all()
    assert len(kinds) == 1
    assert "in the last hour" in kinds[0]


def test_letters_that_staff_must_have_now_are_claimed_before_a_flood(desk: StandingDesk, writer: Engine) -> None:
    desk.receive(*(a_mail(f"user{n}@corp.example", "VPN down", "VPN is down", n=n, verified=True) for n in range(40)))
    with transaction(writer) as connection:
        first = claim_letters(connection, limit=2, claim="c", lease=HOUR, now=desk.clock())
    assert {one.letter.template for one in first} <= {"escalated", "notice"}
    assert {one.letter.to for one in first} <= {LI, CHEN, "wang@desk.example"}


@pytest.mark.slow
def test_an_outage_that_500_people_report_is_one_incident_with_500_receipts_and_500_resolutions(
    desk: StandingDesk, writer: Engine
) -> None:
    people = [f"user{n}@corp.example" for n in range(500)]
    for start in range(0, 500, 100):
        batch = [
            a_mail(one, "VPN down", "VPN is down in the whole building", n=start + n, verified=True)
            for n, one in enumerate(people[start : start + 100])
        ]
        assert set(verdicts(desk.receive(*batch))) <= {"opened", "repeated"}
        desk.clock.move(MINUTE)
    with transaction(writer) as connection:
        assert len(connection.execute(select(schema.tickets.c.id)).all()) == 1
    receipts = letters(writer, template="receipt")
    assert {row.recipient for row in receipts} == set(people)
    assert {row.state for row in receipts} == {"queued"}
    news = letters(writer, template="repeated")
    assert sum(row.state == "queued" for row in news) <= 20
    assert len(letters(writer, template="notice")) == 1

    token = make_message_id(KEYS, ticket=1, serial=5, recipient=LI, domain="desk.example")
    solved = a_mail(LI, "Re: VPN down", "!resolve a new gateway", n=900, verified=True, references=(token,))
    assert verdicts(desk.receive(solved)) == ["command"]
    resolutions = letters(writer, template="resolved") + letters(writer, template="over")
    assert sorted(row.recipient for row in resolutions) == sorted(people)
    assert {row.state for row in resolutions} == {"queued"}
