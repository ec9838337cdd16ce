"""A real rule of a real Prometheus fires through a real Alertmanager into the daemon, and resolves again."""

from __future__ import annotations

import json

import pytest

from tests.faults.accounts import check_books
from tests.servers.desk import TOKEN, DeskProcess
from tests.servers.prometheus import AlertmanagerServer, PrometheusServer

pytestmark = pytest.mark.slow

RULE = {"alert": "TargetDown", "expr": "up == 0", "labels": {"severity": "warning"}}
RULES = json.dumps({"groups": [{"name": "desk", "rules": [RULE]}]})
TOTALS = "SELECT labels, value FROM tallies WHERE name = 'deskd_alerts_total'"


def test_an_alert_opens_is_told_again_and_resolves() -> None:
    """What Prometheus watches is a second desk, which is not started until the first has a ticket about it."""
    with DeskProcess() as desk:
        watched = DeskProcess()
        hook = f"http://127.0.0.1:{desk.port}/alertmanager/prod"
        route = {"repeat_interval": "2s", "group_interval": "1s"}
        targets = {"desk": [f"127.0.0.1:{watched.port}"]}
        with (
            AlertmanagerServer(hook, token=TOKEN, route=route) as alertmanager,
            PrometheusServer(targets, rules=RULES, alertmanagers=[alertmanager]),
        ):
            desk.wait_for_rows("SELECT 1 FROM ledger WHERE verdict = 'opened' AND seen > 1", 1, 30)
            with watched:
                desk.wait_for_rows("SELECT 1 FROM ledger WHERE verdict = 'resolved'", 1, 30)
        assert desk.rows("SELECT status, repeats FROM tickets") == [("closed", 0)]
        assert desk.rows("SELECT verdict FROM ledger ORDER BY id") == [("opened",), ("resolved",)]
        totals = {tuple(json.loads(labels)): value for labels, value in desk.rows(TOTALS)}
        assert totals["prod", "firing", "opened"] == totals["prod", "resolved", "resolved"] == 1
        assert totals["prod", "firing", "appended"] >= 1
        check_books(desk.reader)
