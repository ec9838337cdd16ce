"""Notifications of the demo, as Alertmanager posts them (webhook payload, version 4)."""

from __future__ import annotations

import hashlib
import http.client
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.demo.script import AlertState

_NOT_ENDED = "0001-01-01T00:00:00Z"
#: An episode has ended before the next one of its alert begins, a minute after it.
_LASTS = timedelta(seconds=40)


def fingerprint(alert: AlertState) -> str:
    """What tells one alert from another: a hash over its labels."""
    return hashlib.sha256(json.dumps(_labels(alert)).encode()).hexdigest()[:16]


def notification(alerts: Sequence[AlertState], *, day_begins: datetime) -> bytes:
    """The body for these alerts. Their episodes began a minute after each other, from `day_begins` on."""
    first = alerts[0]
    group = {"alertname": first.alertname, "service": first.service}
    return json.dumps(
        {
            "version": "4",
            "groupKey": f'{{}}:{{alertname="{first.alertname}"}}',
            "truncatedAlerts": 0,
            "status": "firing" if any(alert.status == "firing" for alert in alerts) else "resolved",
            "receiver": "deskd",
            "groupLabels": group,
            "commonLabels": group,
            "commonAnnotations": {},
            "externalURL": "http://alertmanager.example:9093",
            "alerts": [_alert(alert, day_begins) for alert in alerts],
        }
    ).encode()


def post(address: str, path: str, token: str, body: bytes) -> None:
    """Post a notification and wait for the answer, which comes after COMMIT.

    Raises OSError where nobody answers, or with another status than 200.
    """
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request("POST", path, body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise OSError(f"{path} answered {answer.status}: {answer.read(200).decode('utf-8', 'replace')}")
    finally:
        connection.close()


def _alert(alert: AlertState, day_begins: datetime) -> dict[str, object]:
    starts_at = day_begins + timedelta(minutes=alert.episode)
    return {
        "status": alert.status,
        "labels": _labels(alert),
        "annotations": {"summary": alert.summary},
        "startsAt": starts_at.isoformat(),
        "endsAt": (starts_at + _LASTS).isoformat() if alert.status == "resolved" else _NOT_ENDED,
        "generatorURL": "http://prometheus.example:9090/graph",
        "fingerprint": fingerprint(alert),
    }


def _labels(alert: AlertState) -> dict[str, str]:
    return {
        "alertname": alert.alertname,
        "cluster": "shanghai",
        "instance": alert.instance,
        "service": alert.service,
        "severity": alert.severity,
    }
