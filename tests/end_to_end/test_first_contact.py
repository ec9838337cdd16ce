"""A mailbox that was there before the desk: nobody is written to about old mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.faults.accounts import check_books
from tests.samples import ALICE
from tests.servers.desk import DONE_FOLDER, DeskProcess, compose_mail

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

LAST_YEAR = datetime.now(UTC) - timedelta(days=365)


def _fill(mailbox: ServedMailbox, count: int) -> None:
    mails = (
        compose_mail(ALICE, f"An old question {n}", f"Where is form {n}?", message_id=f"<old{n}@corp.example>")
        for n in range(count)
    )
    mailbox.append(*mails, received_at=LAST_YEAR)


def test_a_thousand_old_mails_are_left_alone(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    _fill(mailbox, 1_000)
    with DeskProcess(mailbox, smtp_port=smtp_sink.port) as desk:
        mailbox.deliver(compose_mail(ALICE, "VPN is down", "It does not answer.", message_id="<new@corp.example>"))
        smtp_sink.wait_for(2)
        desk.wait_for(lambda: len(mailbox.uids(DONE_FOLDER)) == 1)
        assert desk.rows("SELECT message_id, verdict FROM ledger") == [("<new@corp.example>", "opened")]
        desk.kill()
        desk.start()
        mailbox.deliver(compose_mail(ALICE, "Printer", "It burns.", message_id="<newer@corp.example>"))
        desk.wait_for(lambda: len(mailbox.uids(DONE_FOLDER)) == 2)
        assert len(mailbox.uids()) == 1_000
        assert desk.rows("SELECT count(*) FROM tickets") == [(2,)]
        assert {recipient for mail in smtp_sink.submissions for recipient in mail.recipients} <= {
            ALICE,
            "li@desk.example",
            "wang@desk.example",
            "zhao@desk.example",
            "chen@desk.example",
        }
        check_books(desk.reader)


def test_an_import_makes_tickets_and_writes_no_letter(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    _fill(mailbox, 60)
    with DeskProcess(mailbox, smtp_port=smtp_sink.port, since='since = "all"') as desk:
        desk.wait_for(lambda: not mailbox.uids())
        assert desk.rows("SELECT count(*), min(imported) FROM tickets")[0][1] == 1
        assert desk.rows("SELECT count(*) FROM ledger") == [(60,)]
        assert desk.rows("SELECT count(*) FROM letters") == [(0,)]
        mailbox.deliver(compose_mail(ALICE, "VPN is down", "It does not answer.", message_id="<new@corp.example>"))
        smtp_sink.wait_for(2)
        assert len({mail.message["Message-ID"] for mail in smtp_sink.submissions}) == 2
        check_books(desk.reader)
