"""The main job on real servers: a mail in Dovecot becomes a ticket, and letters leave over SMTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.samples import ALICE, LI, VPN_SUBJECT, VPN_TEXT
from tests.servers.desk import DeskProcess, compose_mail

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow


def test_from_the_mailbox_to_the_letters_and_back(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    with DeskProcess(mailbox, smtp_port=smtp_sink.port) as desk:
        mailbox.deliver(compose_mail(ALICE, VPN_SUBJECT, VPN_TEXT, message_id="<first@corp.example>"))
        smtp_sink.wait_for(2)
        letters = {submission.recipients[0]: submission.message for submission in smtp_sink.submissions}
        assert set(letters) == {ALICE, LI}
        receipt = letters[ALICE]
        assert receipt["In-Reply-To"] == "<first@corp.example>"
        assert receipt["Auto-Submitted"] == "auto-replied"
        assert receipt["Subject"].startswith(f"Re: {VPN_SUBJECT} [")

        reply = compose_mail(
            ALICE,
            f"Re: {receipt['Subject']}",
            "The light is red.",
            message_id="<second@corp.example>",
            headers={"In-Reply-To": receipt["Message-ID"]},
        )
        mailbox.deliver(reply)
        smtp_sink.wait_for(3)
        assert desk.rows("SELECT verdict, seen FROM ledger ORDER BY id") == [("opened", 1), ("appended", 1)]
        told = smtp_sink.submissions[2]
        assert told.recipients == (LI,)
        text = told.message.get_body(("plain",))
        assert text is not None
        assert "The light is red." in text.get_content()
        desk.wait_for(lambda: len(mailbox.uids("deskd/Done")) == 2 and not mailbox.uids())
        assert desk.rows("SELECT DISTINCT state FROM letters") == [("sent",)]


def test_sigterm_ends_it_in_order(mailbox: ServedMailbox) -> None:
    with DeskProcess(mailbox) as desk:
        assert desk.child is not None
        desk.child.stop()
        assert '"event": "daemon.stopped"' in desk.log()
