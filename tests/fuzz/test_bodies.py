"""Bodies that others would send, and 10,000 mangled ones: 200 or a refusal that says why, and never our own failure."""

from __future__ import annotations

import json
import logging
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from tests.fuzz.bodies import mangle_body
from tests.fuzz.on_http import open_webhooks
from tests.fuzz.seeds import own_bodies
from tests.servers.desk import compose_alert, compose_notification

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fuzz.on_http import WebhookDesk

SEED, MANGLED, OF_EACH_SHAPE = 20261121, 10_000, 100

FIRING = compose_alert("DiskFull", "db1")


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    configuration = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**configuration)


@pytest.fixture(scope="module")
def webhooks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebhookDesk]:
    with open_webhooks(tmp_path_factory.mktemp("webhooks")) as desk:
        yield desk


def _body(*alerts: Any, **more: Any) -> bytes:
    return json.dumps(json.loads(compose_notification([])) | {"alerts": list(alerts)} | more).encode()


def _without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in FIRING.items() if key not in keys}


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        pytest.param(b'{"alerts": [%b]}' % json.dumps(FIRING).encode(), 1, id="nothing but the alerts"),
        pytest.param(_body(_without("fingerprint", "generatorURL", "endsAt")), 1, id="an old sender, no identity"),
        pytest.param(_body(_without("status"), status="firing"), 1, id="only the group has a status"),
        pytest.param(_body(_without("startsAt")), 1, id="no time"),
        pytest.param(_body(FIRING | {"startsAt": "2026-08-03T09:52:26.7392668+02:00"}), 1, id="nanoseconds and a zone"),
        pytest.param(_body(FIRING | {"endsAt": None, "annotations": None}), 1, id="null where nothing is told"),
        pytest.param(_body(FIRING | {"labels": {}}), 1, id="no label at all"),
        pytest.param(_body(FIRING | {"labels": {"alertname": 7, "on": True}}), 1, id="labels that are not strings"),
        pytest.param(
            _body(FIRING | {"values": {"A": 91.5}, "dashboardURL": "", "imageURL": "x"}, orgId=1, title="[FIRING:1]"),
            1,
            id="the fields that Grafana adds",
        ),
        pytest.param(
            _body(FIRING | {"annotations": {"value": "122", "measureUnit": "°C", "summary": "x" * 60_000}}),
            1,
            id="annotations of a template, and a long one",
        ),
        pytest.param(_body(*[compose_alert("PingLost", f"10.0.0.{n}") for n in range(200)]), 200, id="a big group"),
        pytest.param(b"\xef\xbb\xbf" + _body(FIRING), 1, id="a byte order mark"),
        pytest.param(_body(FIRING, version=None, groupKey=[], truncatedAlerts="3"), 1, id="a frame of other types"),
        pytest.param(_body(), 0, id="no alert"),
    ],
)  # fmt: skip
def test_a_body_in_the_shape_of_other_senders_is_taken(webhooks: WebhookDesk, body: bytes, accepted: int) -> None:
    (answer,) = webhooks.check_posts([body])
    assert (answer.status, answer.accepted) == (200, accepted)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "the body is not JSON", id="nothing"),
        pytest.param(b"alerts=1&status=firing", "the body is not JSON", id="a form"),
        pytest.param(b'{"alerts": [], "n": 1e400}', "a number is too large", id="a number that no float holds"),
        pytest.param(
            b'{"alerts": [], "n": %b}' % (b"9" * 5_000), "the body is not JSON", id="a number of 5,000 digits"
        ),
        pytest.param(b'{"alerts": [], "n": NaN}', "NaN is no number", id="not a number"),
        pytest.param(b'{"alerts": ' + b"[" * 50_000, "nested too deeply", id="lists in lists"),
        pytest.param(b'{"a":' * 50_000, "nested too deeply", id="objects in objects"),
        pytest.param(b"[%b]" % _body(FIRING), "not a JSON object", id="a list of notifications"),
        pytest.param(b'{"alerts": {"0": {}}}', "alerts is not a list", id="alerts as an object"),
        pytest.param(b'{"evalMatches": [], "state": "alerting"}', "alerts is missing", id="the old webhook of Grafana"),
        pytest.param(_body(FIRING).decode().encode("utf-16"), "the body is not JSON", id="UTF-16"),
    ],
)
def test_what_is_no_notification_is_refused_and_told_why(webhooks: WebhookDesk, body: bytes, reason: str) -> None:
    (answer,) = webhooks.check_posts([body])
    assert answer.status == 400
    assert reason in answer.reason


def test_of_a_key_that_comes_twice_the_last_one_holds(webhooks: WebhookDesk) -> None:
    (answer,) = webhooks.check_posts([_body(FIRING, FIRING).replace(b'"alerts"', b'"alerts": [], "alerts"')])
    assert (answer.status, answer.accepted) == (200, 2)


def test_the_shapes_mangled_are_answered(webhooks: WebhookDesk) -> None:
    bodies = [mangle_body(Random(f"{SEED} {number}"), own_bodies()) for number in range(OF_EACH_SHAPE)]
    webhooks.check_posts(bodies)


@pytest.mark.slow
def test_ten_thousand_mangled_bodies_are_answered(tmp_path: Path) -> None:
    pool = own_bodies()
    with open_webhooks(tmp_path) as desk:
        answers = desk.check_posts([mangle_body(Random(f"{SEED} {number}"), pool) for number in range(MANGLED)])
    assert len(answers) == MANGLED
    assert {answer.status for answer in answers} == {200, 400}
