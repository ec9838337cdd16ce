"""Whatever is away when the daemon starts: it starts, says what is missing, and catches up."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from tests.faults.accounts import check_books
from tests.samples import ALICE, VPN_SUBJECT, VPN_TEXT
from tests.servers.desk import DONE_FOLDER, DeskProcess, compose_alert, compose_mail, compose_notification
from tests.servers.dovecot import DovecotServer
from tests.servers.postgres import PostgresServer

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

MAIL = compose_mail(ALICE, VPN_SUBJECT, VPN_TEXT, message_id="<1@corp.example>")
BODY = compose_notification([compose_alert("DiskFull", "db1")])


def _parts(desk: DeskProcess) -> dict[str, str]:
    """What `/-/ready` says of each part."""
    said = desk.get("/-/ready")[1]
    return dict(json.loads(said)["parts"]) if said else {}


def _notify(desk: DeskProcess) -> int:
    return desk.post("/alertmanager/prod", BODY)[0]


def test_without_its_mailbox_it_takes_alerts_and_fetches_mail_later() -> None:
    with DovecotServer() as server:
        mailbox = server.new_mailbox()
        desk = DeskProcess(mailbox)
        server.stop()
        try:
            desk.start(ready=False)
            desk.wait_for(lambda: _notify(desk) == 200)
            desk.wait_for(lambda: _parts(desk)["mailbox support"] not in ("starting", "works"))
            assert desk.get("/-/ready")[0] == 503
            server.start()
            mailbox.deliver(MAIL)
            desk.wait_for_rows("SELECT 1 FROM ledger WHERE channel = 'mail'", 1, 30)
            desk.wait_for(lambda: desk.get("/-/ready")[0] == 200)
            assert len(mailbox.uids(DONE_FOLDER)) == 1
        finally:
            desk.__exit__()


def test_without_its_smtp_server_it_opens_tickets_and_keeps_the_letters(
    mailbox: ServedMailbox, smtp_sink: SmtpSink
) -> None:
    smtp_sink.stop_listening()
    desk = DeskProcess(mailbox, smtp_port=smtp_sink.port)
    try:
        desk.start(ready=False)
        desk.wait_for(lambda: _parts(desk).get("database") == "works")
        mailbox.deliver(MAIL)
        desk.wait_for_rows("SELECT 1 FROM letters WHERE attempts > 0", 2)
        assert desk.rows("SELECT DISTINCT state FROM letters") == [("queued",)]
        assert desk.rows("SELECT status FROM tickets") == [("assigned",)]
        desk.wait_for(lambda: _parts(desk)["smtp"].startswith("connect:"))
        smtp_sink.resume()
        desk.wait_for(lambda: desk.get("/-/ready")[0] == 200)  # the letters are tried again every 15 s
        check_books(desk.reader)
    finally:
        desk.__exit__()


def test_without_postgresql_it_answers_503_leaves_mail_alone_and_catches_up(mailbox: ServedMailbox) -> None:
    with PostgresServer() as postgres:
        desk = DeskProcess(mailbox, database=postgres.new_database())
        postgres.stop()
        try:
            desk.start(ready=False)
            mailbox.deliver(MAIL)
            desk.wait_for(lambda: "database" in _parts(desk) and _parts(desk)["database"] != "starting")
            assert (_notify(desk), desk.get("/-/ready")[0], desk.get("/-/healthy")[0]) == (503, 503, 200)
            assert len(mailbox.uids()) == 1
            postgres.start()
            desk.wait_for(lambda: _notify(desk) == 200)
            mailbox.deliver(compose_mail(ALICE, "Printer", "It burns.", message_id="<2@corp.example>"))
            desk.wait_for_rows("SELECT 1 FROM ledger WHERE channel = 'mail'", 1, 30)
            postgres.kill()
            desk.wait_for(lambda: _notify(desk) == 503)
            postgres.start()
            desk.wait_for(lambda: _notify(desk) == 200)
            check_books(desk.reader)
        finally:
            desk.__exit__()


def test_a_second_daemon_on_the_same_database_ends_with_1() -> None:
    with DeskProcess() as desk:
        text = desk.config.read_text().replace(f"127.0.0.1:{desk.port}", "127.0.0.1:0")
        second = desk.config.with_name("second.toml")
        second.touch(0o600)
        second.write_text(text)
        status, said = desk.run_beside("-c", str(second))
        assert status == 1
        assert "in use by another deskd" in said


def test_a_broken_configuration_is_told_whole_and_nothing_starts() -> None:
    desk = DeskProcess()
    try:
        desk.config.write_text(desk.config.read_text().replace('format = "json"', 'format = "xml"\nlevel = 3'))
        status, said = desk.run_beside("-c", str(desk.config))
        assert status == 2
        assert "format" in said
        assert "level" in said
        assert not desk.state.exists()
    finally:
        desk.__exit__()


def test_a_port_that_is_taken_is_said() -> None:
    with DeskProcess() as desk:
        other = DeskProcess()
        other.config.write_text(other.config.read_text().replace(str(other.port), str(desk.port)))
        status, said = other.run_beside("-c", str(other.config))
        other.__exit__()
        assert (status, "cannot listen" in said) == (1, True)


def test_a_reload_with_a_broken_file_changes_nothing_and_a_good_one_counts() -> None:
    with DeskProcess() as desk:
        good = desk.config.read_text()
        desk.config.write_text(good.replace("[desk]", "[dusk]"))
        assert desk.post("/-/reload", b"")[0] == 500
        assert _notify(desk) == 200
        desk.config.write_text(good.replace("a-token-of-the-tests", "another-token-of-the-tests"))
        assert desk.post("/-/reload", b"")[0] == 200
        assert _notify(desk) == 401
        desk.config.write_text(good)
        assert desk.child is not None
        desk.child.send(signal.SIGHUP)
        desk.wait_for(lambda: _notify(desk) == 200)
