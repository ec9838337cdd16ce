"""SIGTERM in the middle of the work: the daemon ends in order, soon, and nothing is lost."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.accounts import check_alerts, check_books, check_letters, check_mails, find_due_letters
from tests.samples import ALICE, VPN_SUBJECT, VPN_TEXT
from tests.servers.desk import DeskProcess, compose_alert, compose_mail, compose_notification
from tests.servers.smtp import Stall

if TYPE_CHECKING:
    from typing import Any

    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

#: The issue grants 10 s.
SECONDS = 10.0


def _stop(desk: DeskProcess) -> None:
    assert desk.child is not None
    started = time.monotonic()
    desk.child.send(signal.SIGTERM)
    assert desk.child.wait(SECONDS) == 0, desk.log()
    assert time.monotonic() - started < SECONDS


def test_sigterm_under_load_loses_nothing(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    ids = [f"<{n}@corp.example>" for n in range(60)]
    mails = [compose_mail(ALICE, VPN_SUBJECT, f"{VPN_TEXT} {each}", message_id=each) for each in ids]
    answered: list[dict[str, Any]] = []
    with DeskProcess(mailbox, smtp_port=smtp_sink.port) as desk:
        senders = [threading.Thread(target=_send_until_refused, args=(desk, n, answered)) for n in range(4)]
        for sender in senders:
            sender.start()
        mailbox.append(*mails)
        desk.wait_for_rows("SELECT 1 FROM ledger WHERE channel = 'mail'", 1)
        _stop(desk)
        for sender in senders:
            sender.join()
        assert answered
        check_alerts(desk.reader, answered)
        desk.start()
        desk.wait_for(lambda: not mailbox.uids())
        desk.wait_for(lambda: not find_due_letters(desk.reader))
        check_books(desk.reader)
        check_mails(desk.reader, mailbox, ids)
        check_letters(desk.reader, smtp_sink.submissions)


def _send_until_refused(desk: DeskProcess, sender: int, answered: list[dict[str, Any]]) -> None:
    """Send one notification after the other, as long as they are answered by 200."""
    for n in range(10_000):
        alerts = [compose_alert(f"Disk{n % 7}", f"db{sender}", minute=n % 60)]
        if desk.post("/alertmanager/prod", compose_notification(alerts))[0] != 200:
            return
        answered += alerts


def test_a_mail_server_that_says_nothing_holds_no_stop_back(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    smtp_sink.fail("BODY", Stall(kept=True), times=None)
    with DeskProcess(mailbox, smtp_port=smtp_sink.port) as desk:
        mailbox.deliver(compose_mail(ALICE, VPN_SUBJECT, VPN_TEXT, message_id="<1@corp.example>"))
        smtp_sink.wait_for_step("BODY")
        _stop(desk)
        smtp_sink.behave()
        desk.start()
        # Both may have arrived: they go again ten minutes later, not at once.
        waits = "next_attempt_at >= first_attempt_at + 600000000 AND reply LIKE 'final dot%'"
        assert desk.rows(f"SELECT count(*) FROM letters WHERE state = 'queued' AND {waits}") == [(2,)]
        assert len(smtp_sink.submissions) == 2


def test_sigterm_while_the_database_is_away_ends_it_too(mailbox: ServedMailbox) -> None:
    desk = DeskProcess(mailbox, database="postgresql://deskd@127.0.0.1:1/nowhere")
    try:
        desk.start(ready=False)
        _stop(desk)
    finally:
        desk.__exit__()
