"""A Watchdog that a real Alertmanager sends, stops sending, and sends again."""

from __future__ import annotations

import pytest

from tests.faults.accounts import check_books
from tests.servers.desk import TOKEN, DeskProcess
from tests.servers.prometheus import AlertmanagerServer

pytestmark = pytest.mark.slow

WATCHDOG = {"labels": {"alertname": "Watchdog", "severity": "none"}, "endsAt": "2100-01-01T00:00:00Z"}
TICKETS = "SELECT subject FROM tickets"
RESENT = "SELECT 1 FROM ledger WHERE subject = 'Watchdog' AND verdict = 'ignored' AND seen > 2"


def test_its_silence_opens_one_ticket_over_a_restart_and_its_return_heals_it() -> None:
    desk = DeskProcess()
    rulebook = desk.base / "rulebook.toml"
    rulebook.write_text(rulebook.read_text() + '[alerts.heartbeat]\ninterval = "5s"\n')
    hook = f"http://127.0.0.1:{desk.port}/alertmanager/prod"
    with AlertmanagerServer(hook, token=TOKEN, route={"repeat_interval": "1s"}) as alertmanager, desk:
        alertmanager.post([WATCHDOG])
        desk.wait_for_rows(RESENT, 1, 30)
        assert desk.rows(TICKETS) == []
        assert 'deskd_heartbeat_missing{source="prod"} 0.0' in desk.get("/metrics")[1]
        alertmanager.stop()
        desk.wait_for_rows(TICKETS, 1, 30)
        desk.kill()
        desk.start()
        assert 'deskd_heartbeat_missing{source="prod"} 1.0' in desk.get("/metrics")[1]
        alertmanager.start()
        alertmanager.post([WATCHDOG])
        desk.wait_for_rows("SELECT 1 FROM episodes WHERE resolved_at IS NOT NULL", 1, 30)
        assert desk.rows(TICKETS) == [("HeartbeatMissing (prod)",)]
        check_books(desk.reader)
