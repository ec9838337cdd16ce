"""Nothing that is written down for people names a metric that `/metrics` does not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from daemon.metrics.collector import DatabaseCollector
from daemon.metrics.exposition import Exposition
from tests.daemon.metrics.filling import FULL_SCOPE, NOW, open_database

PROJECT = Path(__file__).parents[3]
PAGES = [
    "README.md",
    "CHANGELOG.md",
    "deploy/README.md",
    "deploy/prometheus/README.md",
    "deploy/prometheus/deskd-rules.yml",
    "deploy/prometheus/deskd-rules-test.yml",
    "deploy/prometheus/deskd-rules-test-days.yml",
    "deploy/grafana/dashboards/deskd.json",
]
#: The words of deskd that have the look of a metric's name and are none.
OTHER_NAMES = {
    "deskd_self",
    "deskd_clocks_met_per_finished",
    "deskd_clocks_breached_per_finished",
    "deskd_clocks_finished",
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all metrics and of their samples."""
    engine = open_database(tmp_path_factory.mktemp("desk")).open_reader()
    body = Exposition(DatabaseCollector(engine, lambda: FULL_SCOPE, lambda: NOW)).render()[1].decode()
    engine.dispose()
    families = re.findall(r"^# TYPE (\S+) (\S+)$", body, flags=re.MULTILINE)
    buckets = {name + end for name, kind in families if kind == "histogram" for end in ("_bucket", "_sum", "_count")}
    return {name for name, _ in families} | buckets


@pytest.mark.parametrize("page", PAGES)
def test_every_metric_that_is_named_is_exported(page: str, exported: set[str]) -> None:
    named = set(re.findall(r"\bdeskd_[a-z_]+[a-z]\b", (PROJECT / page).read_text("utf-8")))
    assert named - OTHER_NAMES - exported == set()


def test_every_metric_of_mail_and_letters_is_on_the_dashboard_or_in_a_rule(exported: set[str]) -> None:
    shown = "".join((PROJECT / page).read_text("utf-8") for page in PAGES[-3:])
    of_mail = {name for name in exported if re.match(r"deskd_(mail|letter|listener|attachment|original|read_)", name)}
    unseen = {name for name in of_mail if name not in shown and not name.endswith(("_sum", "_count"))}
    # What has a bucket is shown by it, and the number of originals by their bytes.
    assert {name for name in unseen if f"{name}_bucket" not in shown} == {"deskd_originals_total"}
