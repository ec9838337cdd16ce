"""A mail server hands mail over by LMTP: it keeps what is not recorded, and what is recorded becomes one ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.accounts import check_books
from tests.samples import ALICE, VPN_SUBJECT, VPN_TEXT
from tests.servers.desk import ADDRESS, DeskProcess, compose_mail
from tests.servers.opensmtpd import TO_DESK, TO_DESK_BY_SMTP, OpenSmtpdServer

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

MAIL = compose_mail(ALICE, VPN_SUBJECT, f"{VPN_TEXT}\n.\n..\n", message_id="<1@corp.example>")


@pytest.fixture
def desk() -> Iterator[DeskProcess]:
    desk = DeskProcess(listener="lmtp")
    yield desk
    desk.__exit__()


def test_a_mail_server_keeps_its_queue_while_the_desk_is_away(desk: DeskProcess) -> None:
    with OpenSmtpdServer(desk.lmtp_port, action=TO_DESK) as server:
        server.send(ALICE, ADDRESS, MAIL)
        server.wait_for_answer("TempFail")
        desk.start()
        server.hurry()
        desk.wait_for_rows("SELECT 1 FROM ledger", 1)
        server.wait_for_answer("Ok")
        assert desk.rows("SELECT source, verdict, reporter, seen FROM ledger") == [("mx", "opened", ALICE, 1)]
        assert VPN_TEXT in desk.rows("SELECT text FROM ledger")[0][0]
        assert 'deskd_listener_mails_total{listener="mx",outcome="taken"} 1.0' in desk.get("/metrics")[1]
        check_books(desk.reader)


def test_a_wrong_recipient_comes_back_to_the_sender_and_a_plus_address_does_not(desk: DeskProcess) -> None:
    desk.start()
    with OpenSmtpdServer(desk.lmtp_port, action=TO_DESK) as server:
        server.send(ALICE, "sales@desk.example", MAIL)
        server.wait_for_answer("PermFail")
        server.send(ALICE, "support+anything@desk.example", MAIL)
        server.wait_for_answer("Ok")
        assert desk.rows("SELECT verdict FROM ledger") == [("opened",)]


def test_two_of_our_addresses_get_one_ticket(desk: DeskProcess) -> None:
    """This OpenSMTPD takes two answers in one packet for a mistake and hands the mail over again: it is known."""
    desk.start()
    with OpenSmtpdServer(desk.lmtp_port, action=TO_DESK) as server:
        server.send(ALICE, [ADDRESS, "support+vpn@desk.example"], MAIL)
        server.wait_for_answer("Ok")
        server.hurry()
        server.wait_for_answer("Ok", "Ok")
        assert desk.rows("SELECT verdict FROM ledger") == [("opened",)]


def test_smtp_does_as_well() -> None:
    with DeskProcess(listener="smtp") as desk, OpenSmtpdServer(desk.lmtp_port, action=TO_DESK_BY_SMTP) as server:
        server.send(ALICE, [ADDRESS, "support+vpn@desk.example"], MAIL)
        server.wait_for_answer("Ok", "Ok")
        assert desk.rows("SELECT verdict, seen FROM ledger") == [("opened", 1)]
