"""Whatever happens while a mail server hands mail over, it is told 250 only for what is recorded, and that once."""

from __future__ import annotations

import random
import smtplib
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.accounts import check_books
from tests.samples import ALICE, VPN_SUBJECT, VPN_TEXT
from tests.servers.desk import ADDRESS, DeskProcess, compose_mail

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

KILLS = 6


def _mail(number: int) -> bytes:
    return compose_mail(ALICE, VPN_SUBJECT, f"{VPN_TEXT} {number}", message_id=f"<{number}@corp.example>")


@pytest.fixture
def desk() -> Iterator[DeskProcess]:
    with DeskProcess(listener="lmtp") as desk:
        yield desk


def _hand_over(desk: DeskProcess, mail: bytes) -> int:
    """What the desk answers; 0 where nobody does."""
    try:
        with smtplib.LMTP("127.0.0.1", desk.lmtp_port, timeout=60) as client:
            client.sendmail(ALICE, [ADDRESS], mail)
    except smtplib.SMTPDataError as error:
        return error.smtp_code
    except OSError:  # smtplib's errors are
        return 0
    return 250


def test_a_250_that_is_lost_costs_no_second_ticket(desk: DeskProcess) -> None:
    with smtplib.LMTP("127.0.0.1", desk.lmtp_port) as client:
        client.ehlo_or_helo_if_needed()
        client.docmd("MAIL", f"FROM:<{ALICE}>")
        client.docmd("RCPT", f"TO:<{ADDRESS}>")
        client.docmd("DATA")
        client.send(_mail(1) + b".\r\n")
        desk.wait_for_rows("SELECT 1 FROM ledger", 1)
        desk.kill()
        client.close()
    desk.start()
    assert _hand_over(desk, _mail(1)) == 250
    assert desk.rows("SELECT verdict, seen FROM ledger") == [("opened", 2)]
    check_books(desk.reader)


def _wait_for_more(desk: DeskProcess, taken: list[int]) -> None:
    known = len(taken)
    desk.wait_for(lambda: len(taken) > known)


def test_nothing_is_lost_and_nothing_counted_twice_when_it_is_killed(desk: DeskProcess) -> None:
    taken: list[int] = []
    ended = threading.Event()

    def send(first: int) -> None:
        """As a mail server would: each mail again and again until it is taken."""
        number = first
        while not ended.is_set():
            if _hand_over(desk, _mail(number)) == 250:
                taken.append(number)
                number += 4
            else:
                ended.wait(0.05)

    senders = [threading.Thread(target=send, args=(first,)) for first in range(4)]
    for sender in senders:
        sender.start()
    chance = random.Random(5)
    for _ in range(KILLS):
        _wait_for_more(desk, taken)
        time.sleep(chance.uniform(0.05, 0.5))
        desk.kill()
        desk.start(ready=False)
    ended.set()
    for sender in senders:
        sender.join()
    assert len(taken) > KILLS
    ids = [row[0] for row in desk.rows("SELECT message_id FROM ledger")]
    assert len(ids) == len(set(ids))
    assert {f"<{number}@corp.example>" for number in taken} <= set(ids)
    check_books(desk.reader)


def test_while_the_database_is_locked_the_mail_server_comes_again(desk: DeskProcess) -> None:
    holder = sqlite3.connect(desk.state / "deskd.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert _hand_over(desk, _mail(1)) == 451
    holder.execute("ROLLBACK")
    holder.close()
    assert _hand_over(desk, _mail(1)) == 250
    assert desk.rows("SELECT verdict, seen FROM ledger") == [("opened", 1)]
