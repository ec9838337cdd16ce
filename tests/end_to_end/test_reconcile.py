"""A real Alertmanager that loses, hides and forgets, and what the desk makes of it by asking."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.servers.desk import TOKEN, DeskProcess
from tests.servers.prometheus import AlertmanagerServer, alertmanager_pair

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

FIRING = "SELECT name FROM episodes WHERE resolved_at IS NULL"
RESOLVED = "SELECT name FROM episodes WHERE resolved_at IS NOT NULL"
CORRECTIONS = 'deskd_reconcile_corrections_total{{kind="{kind}",source="prod"}}'


def an_alert(name: str, host: str = "db1", *, fires: bool = True) -> dict[str, Any]:
    now = datetime.now(UTC)
    ends = now + timedelta(hours=1) if fires else now - timedelta(seconds=1)
    labels = {"alertname": name, "instance": host, "severity": "warning"}
    return {"labels": labels, "startsAt": "2026-11-20T09:00:00.123456Z", "endsAt": ends.isoformat()}


def a_silence(name: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "matchers": [{"name": "alertname", "value": name, "isRegex": False}],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
        "createdBy": "ada@corp.example",
        "comment": "maintenance",
    }


@contextmanager
def desk_and_alertmanager(**options: Any) -> Iterator[tuple[DeskProcess, AlertmanagerServer]]:
    desk = DeskProcess()
    with AlertmanagerServer(f"http://127.0.0.1:{desk.port}/alertmanager/prod", token=TOKEN, **options) as alertmanager:
        desk.ask_alertmanager(alertmanager.url, receivers=["desk"])
        with desk:
            yield desk, alertmanager


def metric(desk: DeskProcess, name: str) -> float:
    _, text = desk.get("/metrics")
    return next(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))


def looks(desk: DeskProcess, outcome: str = "done") -> float:
    return metric(desk, f'deskd_reconcile_looks_total{{outcome="{outcome}",source="prod"}}')


def let_it_look(desk: DeskProcess, times: int, outcome: str = "done") -> None:
    until = looks(desk, outcome) + times
    desk.wait_for(lambda: looks(desk, outcome) >= until)


def corrections(desk: DeskProcess, kind: str) -> float:
    return metric(desk, CORRECTIONS.format(kind=kind))


def test_a_silenced_alert_fires_and_its_lost_resolve_is_healed() -> None:
    with desk_and_alertmanager() as (desk, alertmanager):
        alertmanager.post([an_alert("DiskFull")])
        desk.wait_for_rows(FIRING, 1)
        alertmanager.post_json("/api/v2/silences", a_silence("DiskFull"))
        let_it_look(desk, 5)
        assert desk.rows(FIRING) == [("DiskFull",)]
        ((why,),) = desk.rows("SELECT suppressed FROM episodes")
        assert why.startswith("silenced by ")
        assert metric(desk, 'deskd_episodes{source="prod",state="suppressed"}') == 1
        alertmanager.post([an_alert("DiskFull", fires=False)])
        desk.wait_for_rows(RESOLVED, 1, 20)
        desk.wait_for(lambda: corrections(desk, "healed") == 1)
        assert "reconcile.corrected" in desk.log()


def test_an_alert_that_fires_again_with_its_old_start_is_opened() -> None:
    """Prometheus remembers over a restart since when an alert is pending, while Alertmanager has it resolved."""
    with desk_and_alertmanager() as (desk, alertmanager):
        for _ in range(2):
            alertmanager.post([an_alert("DiskFull")])
            desk.wait_for_rows(FIRING, 1, 20)
            alertmanager.post([an_alert("DiskFull", fires=False)])
            desk.wait_for(lambda: desk.rows(FIRING) == [])
        assert corrections(desk, "opened") == 1


def test_what_max_alerts_cuts_off_is_opened() -> None:
    with desk_and_alertmanager(webhook={"max_alerts": 2}) as (desk, alertmanager):
        alertmanager.post([an_alert("Down", f"web-{number}") for number in range(5)])
        desk.wait_for_rows(FIRING, 5, 20)
        desk.wait_for(lambda: corrections(desk, "opened") == 3)
        alertmanager.post([an_alert("Down", f"web-{number}", fires=False) for number in range(5)])
        desk.wait_for_rows(RESOLVED, 5, 20)


def test_an_alertmanager_that_forgot_everything_heals_nothing() -> None:
    with desk_and_alertmanager() as (desk, alertmanager):
        alertmanager.post([an_alert("DiskFull"), an_alert("Down")])
        desk.wait_for_rows(FIRING, 2)
        let_it_look(desk, 4)
        alertmanager.stop()
        let_it_look(desk, 2, "failed")
        assert desk.get("/-/ready")[0] == 200
        alertmanager.start()
        let_it_look(desk, 2)
        alertmanager.post([an_alert("DiskFull"), an_alert("Down")])
        let_it_look(desk, 8)
        assert len(desk.rows(FIRING)) == 2
        assert corrections(desk, "healed") == corrections(desk, "opened") == 0


def test_a_source_that_came_with_a_reload_is_asked_too() -> None:
    desk = DeskProcess()
    with AlertmanagerServer(f"http://127.0.0.1:{desk.port}/alertmanager/second", token=TOKEN) as alertmanager, desk:
        table = '\n[[alertmanagers]]\nname = "second"\ntoken = "{}"\napi = "{}"\nreconcile_every = "1s"\n'
        desk.config.write_text(desk.config.read_text() + table.format(TOKEN, alertmanager.url))
        assert desk.post("/-/reload", b"")[0] == 200
        done = 'deskd_reconcile_looks_total{outcome="done",source="second"}'
        desk.wait_for(lambda: metric(desk, done) >= 2, 20)


def test_one_of_a_pair_that_lacks_an_alert_heals_nothing() -> None:
    desk = DeskProcess()
    pair = alertmanager_pair(f"http://127.0.0.1:{desk.port}/alertmanager/prod", token=TOKEN)
    with ExitStack() as stack:
        for one in pair:
            stack.enter_context(one)
        desk.ask_alertmanager(*(one.url for one in pair))
        stack.enter_context(desk)
        pair[1].post([an_alert("DiskFull")])
        desk.wait_for_rows(FIRING, 1, 30)
        let_it_look(desk, 6)
        assert desk.rows(FIRING) == [("DiskFull",)]
        pair[1].post([an_alert("DiskFull", fires=False)])
        desk.wait_for_rows(RESOLVED, 1, 30)
