"""A real Prometheus and a real Alertmanager on loopback, with throw-away state."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.parse
import urllib.request
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Self

from tests.servers.process import PATIENCE, Child, ServerFailedError, find_program, free_port, short_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

START_ATTEMPTS = 3


class _WebServer(ABC):
    """A child with an HTTP port that says at `/-/ready` when it may be asked."""

    def __init__(self, prefix: str) -> None:
        self.base = short_folder(prefix)
        self.port = 0
        self._child: Child | None = None

    def __enter__(self) -> Self:
        for attempt in range(1, START_ATTEMPTS + 1):
            self.port = free_port()
            try:
                self.start()
            except ServerFailedError:
                if attempt == START_ATTEMPTS:
                    raise
            else:
                break
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it on the port it has."""
        self._child = Child(self._command(), self.base / "output")
        self._child.wait_until(self._ready)

    def stop(self) -> None:
        """End it; start() brings it back with its state."""
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """End it as a power cut would; start() brings it back with what it had written."""
        if self._child is not None:
            self._child.kill()

    def wait_until(self, done: Callable[[], bool]) -> None:
        """Return once something has come about; raises ServerFailedError where it does not, or the server ends."""
        assert self._child is not None
        self._child.wait_until(done)

    def log(self) -> str:
        """What it has said so far."""
        return (self.base / "output").read_text(errors="replace")

    def get(self, path: str, **parameters: str) -> Any:
        """The JSON answer to a GET."""
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        with urllib.request.urlopen(self.url + path + query, timeout=PATIENCE) as answer:
            return json.load(answer)

    @abstractmethod
    def _command(self) -> list[str]: ...

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/-/ready", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


class PrometheusServer(_WebServer):
    """Prometheus scraping `targets` (host:port, by job) every second and evaluating `rules` (YAML) as often.

    It tells every one of its `alertmanagers` of what fires, again after seconds and not after a minute as usual.
    `/-/ready` comes before the first scrape: a test that needs samples polls for its own.
    """

    def __init__(
        self,
        targets: Mapping[str, Sequence[str]],
        *,
        rules: str = "",
        alertmanagers: Sequence[AlertmanagerServer] = (),
    ) -> None:
        self._program = find_program("prometheus", "prometheus")
        super().__init__("pr-")
        (self.base / "rules.yml").write_text(rules or "groups: []\n")
        (self.base / "prometheus.yml").write_text(json.dumps(self._configuration(targets, alertmanagers)))

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The series of an instant query; raises AssertionError where the expression is refused."""
        try:
            answer = self.get("/api/v1/query", query=expression)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}: {error.read().decode(errors='replace')}") from error
        result = answer["data"]["result"]
        return list(result) if answer["data"]["resultType"] != "scalar" else [{"metric": {}, "value": result}]

    def _configuration(
        self, targets: Mapping[str, Sequence[str]], alertmanagers: Sequence[AlertmanagerServer]
    ) -> dict[str, Any]:
        receivers = [{"static_configs": [{"targets": [f"127.0.0.1:{each.port}" for each in alertmanagers]}]}]
        scrapes = [{"job_name": job, "static_configs": [{"targets": list(each)}]} for job, each in targets.items()]
        return {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(self.base / "rules.yml")],
            "alerting": {"alertmanagers": receivers},
            "scrape_configs": scrapes,
        }

    def _command(self) -> list[str]:
        return [
            str(self._program),
            f"--config.file={self.base}/prometheus.yml",
            f"--storage.tsdb.path={self.base}/tsdb",
            f"--web.listen-address=127.0.0.1:{self.port}",
            f"--web.external-url={self.url}",
            "--rules.alert.resend-delay=2s",
            "--log.level=warn",
        ]


class AlertmanagerServer(_WebServer):
    """Alertmanager sending every alert to one webhook, with waits of about a second.

    `route` overrides keys of the top route, such as `group_by` or `repeat_interval`; `webhook` those of the
    receiver, such as `max_alerts`. `email` is an `email_config` of the same receiver.
    With a `cluster_port` of its own and a `peer`'s it is one of two in HA
    (`alertmanager_pair`).
    """

    def __init__(
        self,
        webhook_url: str,
        *,
        token: str | None = None,
        route: Mapping[str, Any] | None = None,
        webhook: Mapping[str, Any] | None = None,
        email: Mapping[str, Any] | None = None,
        cluster_port: int | None = None,
        peer: int | None = None,
    ) -> None:
        self._cluster_port, self._peer = cluster_port, peer
        self._program = find_program("prometheus-alertmanager", "prometheus-alertmanager", "alertmanager")
        super().__init__("am-")
        receiver: dict[str, Any] = {"url": webhook_url, "send_resolved": True, **(webhook or {})}
        if token is not None:
            receiver["http_config"] = {"authorization": {"type": "Bearer", "credentials": token}}
        waits = {"group_wait": "200ms", "group_interval": "1s", "repeat_interval": "4h", "group_by": ["alertname"]}
        configuration = {
            "route": {"receiver": "desk", **waits, **(route or {})},
            "receivers": [
                {"name": "desk", "webhook_configs": [receiver], "email_configs": [email] if email is not None else []},
                {"name": "operators"},
            ],
        }
        (self.base / "alertmanager.yml").write_text(json.dumps(configuration))

    def post(self, alerts: Sequence[Mapping[str, Any]]) -> None:
        """Hand alerts over as Prometheus does (POST /api/v2/alerts)."""
        self.post_json("/api/v2/alerts", list(alerts))

    def post_json(self, path: str, value: Any) -> None:
        """Hand over JSON, such as a silence (POST /api/v2/silences)."""
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=json.dumps(value).encode(), headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE):
            pass

    def _command(self) -> list[str]:
        return [
            str(self._program),
            f"--config.file={self.base}/alertmanager.yml",
            f"--storage.path={self.base}/data",
            f"--web.listen-address=127.0.0.1:{self.port}",
            # Without it the payloads carry this machine's name.
            f"--web.external-url={self.url}",
            *self._gossip(),
            "--log.level=warn",
        ]

    def _gossip(self) -> list[str]:
        """Alone it does not gossip, as it would on every interface; with a peer it settles within seconds."""
        if self._cluster_port is None:
            return ["--cluster.listen-address="]
        return [
            f"--cluster.listen-address=127.0.0.1:{self._cluster_port}",
            f"--cluster.peer=127.0.0.1:{self._peer}",
            "--cluster.gossip-interval=50ms",
            "--cluster.pushpull-interval=1s",
            "--cluster.settle-timeout=1s",
            "--cluster.peer-timeout=1s",
            "--cluster.reconnect-interval=1s",
        ]


def alertmanager_pair(webhook_url: str, **options: Any) -> tuple[AlertmanagerServer, AlertmanagerServer]:
    """Two Alertmanagers of one cluster, not started yet; `options` are those of AlertmanagerServer."""
    first, second = free_port(), free_port()
    return (
        AlertmanagerServer(webhook_url, cluster_port=first, peer=second, **options),
        AlertmanagerServer(webhook_url, cluster_port=second, peer=first, **options),
    )
