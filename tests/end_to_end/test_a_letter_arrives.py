"""A letter goes through a real mail server into the mailbox of the one it is for, and its answer comes back."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING

import pytest

from tests.samples import VPN_SUBJECT, VPN_TEXT
from tests.servers.desk import DeskProcess, compose_mail

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.servers.dovecot import DovecotServer, ServedMailbox
    from tests.servers.opensmtpd import OpenSmtpdServer

pytestmark = pytest.mark.slow


def _letters(mailbox: ServedMailbox) -> list[EmailMessage]:
    return [email.message_from_bytes(each, policy=email.policy.default) for each in mailbox.originals()]


def test_a_receipt_reaches_the_requesters_own_mailbox(dovecot: DovecotServer, opensmtpd: OpenSmtpdServer) -> None:
    support, alices = dovecot.new_mailbox(), dovecot.new_mailbox()
    alice = f"{alices.user}@desk.example"
    with DeskProcess(support, smtp_port=opensmtpd.port) as desk:
        support.deliver(compose_mail(alice, VPN_SUBJECT, VPN_TEXT, message_id="<first@corp.example>"))
        desk.wait_for(lambda: bool(alices.uids()))
        (receipt,) = _letters(alices)
        assert receipt["In-Reply-To"] == receipt["References"] == "<first@corp.example>"
        assert receipt["Auto-Submitted"] == "auto-replied"
        assert receipt["To"].addresses[0].addr_spec == alice
        assert receipt["Message-ID"] in {row[0] for row in desk.rows("SELECT message_id FROM letters")}
        answer = compose_mail(
            alice,
            f"Re: {receipt['Subject']}",
            "It is still broken.",
            message_id="<second@corp.example>",
            headers={"In-Reply-To": receipt["Message-ID"], "References": receipt["References"]},
        )
        support.deliver(answer)
        desk.wait_for_rows("SELECT 1 FROM ledger", 2)
        ((ticket, verdict),) = desk.rows("SELECT ticket_id, verdict FROM ledger WHERE id = 2")
        assert ticket == 1
        assert verdict in ("appended", "repeated")
