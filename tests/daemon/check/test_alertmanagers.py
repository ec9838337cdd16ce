"""`deskd check` on real Alertmanagers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.check.alertmanagers import check_alertmanagers
from daemon.check.finding import Lines
from daemon.config.alert_source import AlertSource, ApiAccess
from tests.samples import RULEBOOK
from tests.servers.process import free_port
from tests.servers.prometheus import AlertmanagerServer

LINES = Lines("deskd.toml", {("alertmanagers", 0, "api"): 7})
OURS = "http://127.0.0.1:9201/alertmanager/prod"
WATCHDOG = {
    "matchers": ['alertname="Watchdog"'],
    "receiver": "desk",
    "group_interval": "1m",
    "repeat_interval": "5m",
}
OURSELVES = {"matchers": ['deskd_self="true"'], "receiver": "operators"}


def check(url: str, access: ApiAccess | None = None) -> list[str]:
    api = replace(access or ApiAccess(correct_after=timedelta(minutes=6)), urls=(url,))
    found = check_alertmanagers(AlertSource("prod", (), api), 0, RULEBOOK, LINES)
    return [f"{finding.grade} {finding.where}: {finding.says}".replace(url, "URL") for finding in found]


def test_a_source_that_cannot_be_asked_is_warned_of() -> None:
    (found,) = check_alertmanagers(AlertSource("prod", (), ApiAccess()), 0, RULEBOOK, LINES)
    assert (found.grade, found.says.partition(":")[0]) == ("warn", "there is no api")


def test_an_alertmanager_that_does_not_answer_fails() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    (found,) = check(url)
    assert found.startswith("FAIL deskd.toml:7: URL: ")


@pytest.mark.slow
def test_a_sound_alertmanager_is_told_with_its_version() -> None:
    with AlertmanagerServer(OURS, token="t", route={"group_interval": "5m", "routes": [WATCHDOG, OURSELVES]}) as server:
        (found,) = check(server.url)
    assert found.startswith("ok : URL: Alertmanager 0.")
    assert found.endswith("alone")


@pytest.mark.slow
def test_everything_that_loses_alerts_is_named_with_its_line() -> None:
    with AlertmanagerServer(OURS, webhook={"send_resolved": False, "max_alerts": 9}) as server:
        _, *found = check(server.url)
    assert [line.partition(": URL: ")[2].split(":")[0] for line in found] == [
        "receiver desk sends no bearer token",
        "receiver desk does not tell what ended",
        "receiver desk tells of 9 alerts of a group at most",
        "a route to receiver desk has group_interval 1s",
        "Watchdog is told every 4h and missed after 10m",
        'alerts with deskd_self="true" come only here',
    ]
    assert all("deskd.toml:7: " in line for line in found)
