"""From a mail that is handed over to the counter, and what its mail server is told."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from daemon.counter import CounterClosedError
from daemon.intake import Intake, envelope_header
from daemon.reading import read_here
from daemon.store import schema
from daemon.store.database import DatabaseError, transaction
from ingest.listener.delivery import Delivery, NotTakenError
from ingest.ourselves import Ourselves
from ingest.raw_mail import NoWorkerError, RawMail
from tests.daemon.desks import StandingDesk
from tests.samples import ALICE, NOW, VPN_SUBJECT, VPN_TEXT
from tests.servers.desk import ADDRESS, compose_mail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from rules.report import Mail

CONTENT = compose_mail(ALICE, VPN_SUBJECT, VPN_TEXT, message_id="<1@corp.example>")
OURSELVES = Ourselves(addresses=frozenset({ADDRESS}))
DELIVERY = Delivery(CONTENT, ALICE, (ADDRESS,))


@pytest.fixture
def desk(sqlite_writer: Engine) -> StandingDesk:
    return StandingDesk(sqlite_writer)


async def read_at_once(page: Sequence[RawMail]) -> Sequence[Mail]:
    return read_here(OURSELVES)(page)


def intake(desk: StandingDesk) -> Intake:
    return Intake(name="mx", counter=desk.counter, read=read_at_once, now=lambda: NOW)


async def laid_down(desk: StandingDesk, delivery: Delivery = DELIVERY) -> asyncio.Task[None]:
    """A mail that lies on the counter and waits for its COMMIT."""
    taking = asyncio.create_task(intake(desk).take(delivery))
    await asyncio.sleep(0)
    assert desk.counter.waiting == 1
    return taking


async def handed_over(desk: StandingDesk, delivery: Delivery = DELIVERY) -> None:
    """Hand over, and let the desk do what lies on the counter then."""
    taking = await laid_down(desk, delivery)
    desk.desk.step(0)
    await taking


def ledger(engine: Engine) -> list[tuple[str, str, int]]:
    table = schema.ledger.c
    with transaction(engine) as connection:
        return [tuple(row) for row in connection.execute(select(table.key, table.verdict, table.seen))]


@pytest.mark.asyncio
async def test_a_mail_is_known_by_the_digest_of_what_was_handed_over(sqlite_writer: Engine, desk: StandingDesk) -> None:
    """A mail server may hand over the same bytes for one recipient after the other."""
    await handed_over(desk)
    await handed_over(desk, Delivery(CONTENT, ALICE, ("support+1@desk.example",)))
    assert ledger(sqlite_writer) == [(hashlib.sha256(CONTENT).hexdigest(), "opened", 2)]


@pytest.mark.asyncio
async def test_whoever_hangs_up_takes_nothing_back(sqlite_writer: Engine, desk: StandingDesk) -> None:
    taking = await laid_down(desk)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    desk.desk.step(0)
    assert [row[1:] for row in ledger(sqlite_writer)] == [("opened", 1)]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        pytest.param(CounterClosedError(), "the desk is stopping", id="it stops"),
        pytest.param(DatabaseError("disk full"), "the database cannot be used", id="nothing can be recorded"),
    ],
)
async def test_what_is_not_recorded_is_not_taken(trouble: Exception, says: str, desk: StandingDesk) -> None:
    taking = await laid_down(desk)
    desk.counter.refuse(trouble)
    with pytest.raises(NotTakenError, match=says):
        await taking


@pytest.mark.asyncio
async def test_a_closed_counter_takes_nothing(desk: StandingDesk) -> None:
    desk.counter.close()
    with pytest.raises(NotTakenError, match="the desk is stopping"):
        await intake(desk).take(DELIVERY)


@pytest.mark.asyncio
async def test_where_nobody_can_read_the_mail_server_keeps_it(desk: StandingDesk) -> None:
    async def absent(page: Sequence[RawMail]) -> Sequence[Mail]:
        raise NoWorkerError("no worker can be started")

    without = Intake(name="mx", counter=desk.counter, read=absent, now=lambda: NOW)
    with pytest.raises(NotTakenError, match="no worker can be started"):
        await without.take(DELIVERY)
    assert desk.counter.waiting == 0


@pytest.mark.parametrize(
    ("delivery", "header"),
    [
        pytest.param(
            Delivery(b"", "", ("support@desk.example", "support+7@desk.example")),
            b"Return-Path: <>\r\nDelivered-To: support@desk.example\r\nDelivered-To: support+7@desk.example\r\n",
            id="a bounce to two of ours",
        ),
        pytest.param(
            Delivery(b"", "a\rBcc: b\x0b@corp.example", ()), b"Return-Path: <aBcc: b@corp.example>\r\n", id="controls"
        ),
        pytest.param(Delivery(b"", "\udcff@corp.example", ()), b"Return-Path: <\xff@corp.example>\r\n", id="raw bytes"),
    ],
)
def test_the_envelope_stands_above_the_mail(delivery: Delivery, header: bytes) -> None:
    assert envelope_header(delivery) == header
