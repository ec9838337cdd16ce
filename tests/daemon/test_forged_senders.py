"""Ten thousand mails in other people's names: each is a ticket, and nobody who never wrote hears of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from daemon.store import schema
from daemon.store.database import transaction
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from tests.daemon.desks import STANDING, StandingDesk
from tests.samples import DAY, NOW, STAFF

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from rules.report import Mail

OURSELVES = Ourselves(addresses=frozenset({"support@desk.example"}), authserv_ids=frozenset({"mx.desk.example"}))
PROVING = replace(STANDING, senders_are_proven=True, own=OURSELVES.addresses)
MARK = "crocodile"


def forged(number: int) -> Mail:
    """A mail in the name of a stranger, with a forged proof below the true one."""
    original = (
        "Authentication-Results: mx.desk.example; spf=softfail smtp.mailfrom=evil.example; dmarc=none\r\n"
        f"Authentication-Results: mx.desk.example; dmarc=pass header.from=victim{number}.example\r\n"
        f"From: {MARK} <anna@victim{number}.example>\r\nTo: support@desk.example\r\n"
        f"Reply-To: {MARK}{number}@evil.example\r\nCc: other@victim{number}.example\r\n"
        f"Subject: Buy {MARK} {number}\r\nMessage-ID: <{number}@evil.example>\r\n\r\n"
        f"{MARK} {number * 7919} at http://evil.example\r\n"
    )
    return read_mail(original.encode(), source="support", key=f"9.{number}", received_at=NOW, ourselves=OURSELVES)


def run(writer: Engine, count: int) -> tuple[int, set[str]]:
    """Let so many in, and two days pass; returns the tickets and who is written to."""
    desk = StandingDesk(writer, standing=PROVING)
    for start in range(0, count, 500):
        desk.receive(*(forged(number) for number in range(start, min(start + 500, count))))
    desk.clock.move(2 * DAY)
    for _ in range(50):
        if not desk.tick():
            break
    with transaction(writer) as connection:
        tickets = connection.execute(select(func.count()).select_from(schema.tickets)).scalar_one()
        return tickets, set(connection.execute(select(schema.letters.c.recipient)).scalars())


def test_a_hundred_forged_senders_hear_nothing(sqlite_writer: Engine) -> None:
    tickets, recipients = run(sqlite_writer, 100)
    assert tickets >= 1
    assert recipients <= set(STAFF.people)


@pytest.mark.slow
def test_ten_thousand_forged_senders_hear_nothing(sqlite_writer: Engine) -> None:
    _, recipients = run(sqlite_writer, 10_000)
    assert recipients <= set(STAFF.people)
