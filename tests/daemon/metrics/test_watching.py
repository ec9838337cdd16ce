"""The dashboard and the rules ask for what there is: each expression runs against a real Prometheus."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from daemon.metrics.collector import DatabaseCollector
from daemon.metrics.exposition import Exposition
from daemon.store.database import Database
from tests.daemon.metrics.busy_desk import BusyDesk, serving
from tests.daemon.metrics.filling import FULL_SCOPE, fill, open_database
from tests.servers.process import find_program, free_port
from tests.servers.prometheus import PrometheusServer

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPLOY = Path(__file__).parents[3] / "deploy"
RULES = DEPLOY / "prometheus" / "deskd-rules.yml"
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "dashboards" / "deskd.json").read_text())
PANELS: list[dict[str, Any]] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ROWS: list[str] = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A Prometheus and the desk that it scrapes."""

    prometheus: PrometheusServer
    desk: BusyDesk

    def ask(self, expression: str) -> list[dict[str, Any]]:
        """What an expression gives, where recorded series come a scrape or more after their source."""
        for _ in range(10):
            if found := self.prometheus.query(expression):
                return found
            self.desk.wait_for_scrape()
        return []


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A Prometheus that scrapes a busy desk, one whose database is away, and one that does not answer."""
    folder = tmp_path_factory.mktemp("desk")
    database = open_database(folder)
    writer, reader = database.open_writer(), database.open_reader()
    nowhere = Database.at(f"sqlite:///{folder / 'nowhere' / 'desk.sqlite3'}").open_reader()
    now = datetime.now(UTC)
    fill(writer, 5_000, one_in=10, now=now)
    good, away = (
        Exposition(DatabaseCollector(engine, lambda: FULL_SCOPE, lambda: now)) for engine in (reader, nowhere)
    )
    desk = BusyDesk(writer, FULL_SCOPE, good)
    with serving(desk.render) as one, serving(away.render) as other:
        targets = [f"127.0.0.1:{port}" for port in (one, other, free_port())]
        with PrometheusServer({"deskd": targets}, rules=RULES.read_text()) as prometheus:
            desk.wait_for_scrape(3)
            yield Watched(prometheus, desk)
    reader.dispose()
    writer.dispose()


def as_prometheus_reads(expression: str) -> str:
    """An expression of a panel, with Grafana's variables filled in."""
    for name, value in {"$job": ".+", "$instance": ".+", "$__rate_interval": "1m"}.items():
        expression = expression.replace(name, value)
    return expression


def is_number(text: str) -> bool:
    return text not in ("NaN", "+Inf", "-Inf")


@pytest.mark.slow
def test_every_panel_shows_something(watched: Watched) -> None:
    for panel in PANELS:
        for target in panel["targets"]:
            found = watched.ask(as_prometheus_reads(target["expr"]))
            assert any(is_number(series["value"][1]) for series in found), f"{panel['title']}: {target['expr']}"


@pytest.mark.slow
def test_every_rule_is_healthy_and_finds_the_bad_day(watched: Watched) -> None:
    groups = watched.prometheus.get("/api/v1/rules")["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert {rule["health"] for rule in rules} <= {"ok", "unknown"}, rules
    for rule in rules:
        assert watched.ask(rule["query"]), f"{rule['name']}: {rule['query']}"


@pytest.mark.slow
def test_the_variables_of_the_dashboard_find_job_and_instance(watched: Watched) -> None:
    found = watched.ask("deskd_database_up")
    assert {series["metric"]["job"] for series in found} == {"deskd"}
    assert len({series["metric"]["instance"] for series in found}) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "rules", RULES.name),
        ("test", "rules", "deskd-rules-test.yml"),
        ("test", "rules", "deskd-rules-test-days.yml"),
    ],
)
def test_promtool_accepts_the_rules(arguments: tuple[str, ...]) -> None:
    promtool = find_program("prometheus", "promtool")
    ran = subprocess.run([promtool, *arguments], cwd=RULES.parent, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_rows_are_those_of_a_desk() -> None:
    assert ROWS == [
        "SLA now",
        "Compliance",
        "Flow",
        "Satisfaction and hand-overs",
        "Letters",
        "Mail",
        "Alerts",
        "Daemon",
    ]


def test_every_panel_says_what_it_shows_in_which_unit() -> None:
    for panel in PANELS:
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert panel["datasource"]["uid"] == "${datasource}"
        units = [panel["fieldConfig"]["defaults"].get("unit"), *panel["fieldConfig"]["overrides"]]
        assert any(units), panel["title"]


def test_panels_do_not_lie_on_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        columns, lines = range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
        cells = {(x, y) for x in columns for y in lines}
        assert not cells & taken
        assert max(columns) < 24
        taken |= cells
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))


def test_rates_follow_the_scrape_interval() -> None:
    for panel in PANELS:
        for target in panel["targets"]:
            rates = re.findall(r"rate\([^\[]*\[([^\]]*)\]", target["expr"])
            assert set(rates) <= {"$__rate_interval"}


def test_every_alert_leads_to_its_section_of_the_runbook() -> None:
    sections = re.findall(r"^### (\w+)$", (RULES.parent / "README.md").read_text(), flags=re.MULTILINE)
    rules = RULES.read_text()
    assert sorted(re.findall(r"- alert: (\w+)", rules)) == sorted(sections)
    links = re.findall(r"runbook_url: deploy/prometheus/README.md#(\w+)$", rules, flags=re.MULTILINE)
    assert sorted(links) == sorted(section.lower() for section in sections)
