"""Configurations as Alertmanager tells them of itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.alertmanager.configuration import MOST_ROUTES, ConfigurationError, read_configuration
from rules.alertmanager.routing import find_group_key

TOLD = """
global:
  resolve_timeout: 5m
  http_config: {follow_redirects: true, enable_http2: true}
route:
  receiver: desk
  group_by: [alertname]
  group_wait: 30s
  group_interval: 1h30m
  continue: false
  routes:
  - receiver: pager
    matchers: ['severity=~"critical|page"', 'team!="a \\"b\\""', 'odd']
    continue: true
    routes:
    - match: {alertname: Watchdog}
      repeat_interval: 1d
receivers:
- name: desk
  webhook_configs:
  - send_resolved: false
    http_config:
      authorization: {type: Bearer, credentials: <secret>}
      follow_redirects: true
    url: http://127.0.0.1:9201/alertmanager/prod
    max_alerts: 5
- name: pager
  webhook_configs:
  - url: <secret>
    http_config: {basic_auth: {username: u, password: <secret>}}
  - url_file: /etc/url
"""

FEW_MADE_MANY = "\n".join(
    (
        "r0: &r0 {receiver: x}",
        *(f"r{depth}: &r{depth} {{routes: [*r{depth - 1}, *r{depth - 1}]}}" for depth in range(1, 15)),
        "route: {routes: [*r14]}",
    )
)


def test_webhooks_are_read() -> None:
    desk, pager, other = read_configuration(TOLD).webhooks
    assert (desk.receiver, desk.url) == ("desk", "http://127.0.0.1:9201/alertmanager/prod")
    assert (desk.send_resolved, desk.max_alerts, desk.login) == (False, 5, "bearer")
    assert (pager.url, pager.send_resolved, pager.max_alerts, pager.login) == ("", True, 0, "other")
    assert (other.url, other.login) == ("", "none")


def test_a_route_is_as_the_one_above_it_but_for_what_it_says() -> None:
    top, pages, watchdog = read_configuration(TOLD).route.nodes()
    assert [each.receiver for each in (top, pages, watchdog)] == ["desk", "pager", "pager"]
    assert watchdog.group_interval == timedelta(hours=1, minutes=30)
    assert [each.repeat_interval for each in (top, watchdog)] == [timedelta(hours=4), timedelta(days=1)]
    assert (pages.goes_on, watchdog.goes_on) == (True, False)


@pytest.mark.parametrize(
    ("labels", "holds"),
    [
        pytest.param({"severity": "page", "team": "b"}, None, id="a matcher that cannot be read may hold"),
        pytest.param({"severity": "pages", "team": "b"}, False, id="an expression is anchored"),
        pytest.param({"severity": "page", "team": 'a "b"'}, False, id="a value is unquoted"),
        pytest.param({"severity": "page"}, None, id="an unknown label may hold anything"),
    ],
)
def test_a_matcher_holds(labels: dict[str, str], holds: bool | None) -> None:
    _, pages, _ = read_configuration(TOLD).route.nodes()
    assert pages.holds(labels) is holds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "there is no route", id="nothing"),
        pytest.param("[", "no YAML", id="no YAML"),
        pytest.param("[" * 5_000, "no YAML", id="a bottomless list"),
        pytest.param("!!python/object:os.system {}", "no YAML", id="a command"),
        pytest.param("route: " + "{routes: [" * 60 + "]}" * 60, "too many routes", id="routes too deep"),
        pytest.param(FEW_MADE_MANY, "too many routes", id="few that are made many"),
    ],
)
def test_what_is_no_configuration_is_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        read_configuration(text)
    assert MOST_ROUTES < 2**14


def test_the_group_of_an_alert_is_told_by_its_route_where_that_is_certain() -> None:
    route = read_configuration(TOLD.replace(", 'odd'", "")).route
    labels = {"alertname": "Down", "severity": "page", "team": "pay"}
    assert find_group_key(route, labels, {"desk"}) == ""
    pager = '{}/{severity=~"critical|page",team!="a \\"b\\""}:{alertname="Down"}'
    assert find_group_key(route, labels, {"desk", "pager"}) == pager
    assert find_group_key(route, labels | {"severity": "info"}, {"desk"}) == '{}:{alertname="Down"}'
    assert find_group_key(read_configuration(TOLD).route, labels | {"severity": "info"}, {"desk"}) == ""
