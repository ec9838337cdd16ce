"""What a real Alertmanager sends, read."""

from __future__ import annotations

import queue
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from ingest.alertmanager.configuration import read_configuration
from ingest.alertmanager.notification import read_notification
from rules.alertmanager.routing import find_group_key
from tests.servers.process import PATIENCE
from tests.servers.prometheus import AlertmanagerServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.report import Notification

pytestmark = pytest.mark.slow

RECEIVED_AT = datetime(2020, 11, 20, 9, 30, tzinfo=UTC)
STARTS_AT = "2020-11-20T09:00:00.123Z"
#: Far ahead of any clock, so that Alertmanager takes the alert for firing.
LONG_AFTER = "2100-01-01T00:00:00Z"


class Webhook(HTTPServer):
    """Keeps each body it is sent and answers 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: queue.Queue[bytes] = queue.Queue()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def next(self) -> Notification:
        return read_notification(self.bodies.get(timeout=PATIENCE), source="prometheus", received_at=RECEIVED_AT)


class _Handler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        self.server.bodies.put(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        pass


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_firing_and_resolving_are_two_states_of_one_episode(webhook: Webhook) -> None:
    alert = {"labels": {"alertname": "队列", "job": "pay"}, "annotations": {"summary": "堆积"}, "startsAt": STARTS_AT}
    with AlertmanagerServer(webhook.url) as alertmanager:
        alertmanager.post([alert | {"endsAt": LONG_AFTER}])
        firing = webhook.next()
        alertmanager.post([alert | {"endsAt": "2020-11-20T09:10:00Z"}])
        resolved = webhook.next()
    (first,), (last,) = firing.alerts, resolved.alerts
    assert (first.status, last.status) == ("firing", "resolved")
    assert first.fingerprint == last.fingerprint
    assert first.starts_at == last.starts_at == datetime(2020, 11, 20, 9, 0, 0, 123000, tzinfo=UTC)
    assert first.ends_at is None
    assert last.ends_at == datetime(2020, 11, 20, 9, 10, tzinfo=UTC)
    assert first.summary == "堆积"
    assert first.key != last.key


def test_what_max_alerts_leaves_out_is_counted(webhook: Webhook) -> None:
    alerts = [
        {"labels": {"alertname": "Down", "instance": f"web-{number}"}, "startsAt": STARTS_AT, "endsAt": LONG_AFTER}
        for number in range(5)
    ]
    with AlertmanagerServer(webhook.url, webhook={"max_alerts": 2}) as alertmanager:
        alertmanager.post(alerts)
        notification = webhook.next()
    assert (len(notification.alerts), notification.truncated) == (2, 3)


ROUTES = {
    "group_by": ["alertname", "cluster"],
    "routes": [
        {"match_re": {"team": "pay|shop"}, "match": {"severity": "page"}, "group_by": ["..."]},
        {
            "matchers": ['severity=~"warning|info"', 'team!="shop"', 'area=""'],
            "routes": [{"matchers": ['job="a \\"quoted\\" job"']}],
        },
    ],
}


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param({"team": "pay", "severity": "page", "instance": "db1"}, id="by all labels, the old matchers"),
        pytest.param({"severity": "info", "cluster": "北京", "team": "pay"}, id="by some labels"),
        pytest.param({"severity": "info", "job": 'a "quoted" job'}, id="two routes down"),
        pytest.param({"severity": "info", "area": "x"}, id="at the top"),
    ],
)
def test_the_group_of_an_alert_is_known_without_a_notification(webhook: Webhook, labels: dict[str, str]) -> None:
    alert = {"labels": {"alertname": "Down", **labels}, "startsAt": STARTS_AT, "endsAt": LONG_AFTER}
    with AlertmanagerServer(webhook.url, route=ROUTES) as alertmanager:
        alertmanager.post([alert])
        (told,) = webhook.next().alerts
        configuration = alertmanager.get("/api/v2/status")["config"]["original"]
    route = read_configuration(configuration).route
    assert told.group_key
    assert find_group_key(route, told.labels, {"desk"}) == told.group_key
