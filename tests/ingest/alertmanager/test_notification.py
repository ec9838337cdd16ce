from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.alertmanager.notification import LARGEST_NOTIFICATION, LONGEST_VALUE, NotificationError, read_notification

if TYPE_CHECKING:
    from rules.report import Alert, Notification

RECEIVED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NEVER = "0001-01-01T00:00:00Z"


def read(body: bytes) -> Notification:
    return read_notification(body, source="prometheus", received_at=RECEIVED_AT)


def an_alert(**changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "status": "firing",
        "labels": {"alertname": "QueueDeep", "instance": "pay-1:9100", "severity": "warning"},
        "annotations": {"summary": "队列堆积"},
        "startsAt": "2026-11-20T09:29:00.123456789Z",
        "endsAt": NEVER,
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": "d2aeefc389ca7746",
    }
    return usual | changes


def without(alert: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in alert.items() if name not in names}


def a_body(*alerts: Any, **changes: Any) -> bytes:
    usual = {
        "version": "4",
        "status": "firing",
        "receiver": "desk",
        "groupKey": '{}:{alertname="QueueDeep"}',
        "externalURL": "http://alertmanager.example",
        "alerts": list(alerts),
        "truncatedAlerts": 0,
    }
    return json.dumps(usual | changes).encode()


def the_alert(**changes: Any) -> Alert:
    (alert,) = read(a_body(an_alert(**changes))).alerts
    return alert


def test_an_alert_of_version_4_is_read_whole() -> None:
    alert = the_alert()
    assert alert.source == "prometheus"
    assert alert.status == "firing"
    assert alert.fingerprint == "d2aeefc389ca7746"
    assert alert.starts_at == datetime(2026, 11, 20, 9, 29, 0, 123000, tzinfo=UTC)
    assert alert.ends_at is None
    assert alert.labels["instance"] == "pay-1:9100"
    assert alert.summary == "队列堆积"
    assert alert.group_key == '{}:{alertname="QueueDeep"}'
    assert alert.external_url == "http://alertmanager.example"
    assert alert.generator_url == "http://prometheus.example/graph"


# keys: what is one state of one episode


def test_a_resend_has_the_same_key() -> None:
    body = a_body(an_alert())
    later = read_notification(body, source="prometheus", received_at=RECEIVED_AT + timedelta(hours=4))
    assert later.alerts[0].key == read(body).alerts[0].key


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": "resolved"}, id="the end of an episode"),
        pytest.param({"startsAt": "2026-11-20T09:31:00Z"}, id="the next episode"),
        pytest.param({"fingerprint": "0000000000000001"}, id="another alert"),
    ],
)
def test_something_new_has_another_key(changes: dict[str, Any]) -> None:
    assert the_alert(**changes).key != the_alert().key


def test_the_same_moment_in_another_zone_is_the_same_key() -> None:
    assert the_alert(startsAt="2026-11-20T17:29:00.123456+08:00").key == the_alert().key


def test_each_alert_has_its_own_status() -> None:
    notification = read(a_body(an_alert(), an_alert(status="resolved", endsAt="2026-11-20T09:30:00Z")))
    assert [alert.status for alert in notification.alerts] == ["firing", "resolved"]
    assert notification.alerts[1].ends_at == RECEIVED_AT


# other senders


def test_a_missing_fingerprint_is_made_of_the_labels_in_any_order() -> None:
    one, other = (
        read(a_body(without(an_alert(labels=labels), "fingerprint"))).alerts[0]
        for labels in ({"alertname": "Down", "job": "web"}, {"job": "web", "alertname": "Down"})
    )
    assert one.fingerprint == other.fingerprint
    assert len(one.fingerprint) == 16
    assert int(one.fingerprint, 16) >= 0


@pytest.mark.parametrize("fingerprint", ["", "a b", "x" * 65, 17, None, "../etc"])
def test_a_fingerprint_that_is_none_is_replaced(fingerprint: Any) -> None:
    assert the_alert(fingerprint=fingerprint).fingerprint != fingerprint


@pytest.mark.parametrize(
    "starts_at", [None, "", "yesterday", NEVER, 12, "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.999Z"]
)
def test_a_start_nobody_can_read_is_the_time_it_was_received(starts_at: Any) -> None:
    alert = the_alert(startsAt=starts_at)
    assert (alert.starts_at, alert.dated) == (RECEIVED_AT, False)


@pytest.mark.parametrize("version", ["1", "3", 4, None])
def test_the_version_is_not_asked_for(version: Any) -> None:
    assert len(read(a_body(an_alert(), version=version)).alerts) == 1


def test_grafana_is_understood() -> None:
    extra = {"silenceURL": "http://g.example", "values": {"B": 22.5}, "dashboardURL": "", "imageURL": None}
    body = a_body(an_alert(**extra), version="1", orgId=1, title="[FIRING:1]", state="alerting", message="**Firing**")
    assert len(read(body).alerts) == 1


def test_an_alert_without_a_status_has_that_of_its_group() -> None:
    assert read(a_body(without(an_alert(), "status"), status="resolved")).alerts[0].status == "resolved"


def test_label_values_become_text() -> None:
    labels = {"alertname": "Odd", "port": 9100, "up": False, "none": None, "list": ["甲", 1], "ratio": 0.5}
    read_labels = dict(the_alert(labels=labels).labels)
    assert read_labels == {
        "alertname": "Odd",
        "port": "9100",
        "up": "false",
        "none": "",
        "list": '["\\u7532", 1]',
        "ratio": "0.5",
    }


def test_what_no_database_takes_is_removed() -> None:
    alert = the_alert(annotations={"summary": "disk\x00 \x1b[31mfull\ud800\nnow"})
    assert alert.summary == "disk [31mfull\nnow"


def test_a_value_of_a_megabyte_is_cut() -> None:
    assert len(the_alert(annotations={"summary": "x" * 1_000_000}).summary) == LONGEST_VALUE


# the notification


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("first notification", "first"),
        ("new alerts added", "new"),
        ("some alerts resolved", "some_resolved"),
        ("all alerts resolved", "all_resolved"),
        ("repeat interval elapsed", "repeat"),
        ("none", "unknown"),
        ("something else", "unknown"),
        (None, "unknown"),
        (["first notification"], "unknown"),
    ],
)
def test_the_reason_of_a_notification_is_one_of_six(given: Any, reason: str) -> None:
    notification = read(a_body(an_alert(), notification_reason=given))
    assert notification.reason == reason
    assert (notification.alerts[0].notification_reason is None) == (reason == "unknown")


@pytest.mark.parametrize(("given", "count"), [(3, 3), (0, 0), (-1, 0), ("3", 0), (True, 0), (None, 0), (10**30, 0)])
def test_alerts_the_sender_left_out_are_counted(given: Any, count: int) -> None:
    assert read(a_body(an_alert(), truncatedAlerts=given)).truncated == count


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        pytest.param("text", "the alert is not an object", id="an alert is an object"),
        pytest.param(without(an_alert(), "labels"), "labels is missing", id="an alert has labels"),
        pytest.param(an_alert(labels=[1]), "labels is not an object", id="labels are an object"),
        pytest.param(an_alert(status="pending"), "status is neither firing nor resolved", id="a status is known"),
        pytest.param(an_alert(status={"a": 1}), "status is neither firing nor resolved", id="a status is text"),
    ],
)
def test_one_bad_alert_is_refused_and_the_good_ones_are_read(bad: Any, why: str) -> None:
    notification = read(a_body(an_alert(), bad, an_alert(fingerprint="0000000000000001")))
    assert len(notification.alerts) == 2
    ((raw, reason),) = notification.refused
    assert json.loads(raw) == bad
    assert reason == why


def test_more_alerts_than_ten_thousand_are_refused_one_by_one() -> None:
    notification = read(a_body(*[an_alert()] * (LARGEST_NOTIFICATION + 2)))
    assert len(notification.alerts) == LARGEST_NOTIFICATION
    assert len(notification.refused) == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "not JSON", id="nothing"),
        pytest.param(b"alerts=1", "not JSON", id="a form"),
        pytest.param(b"\xff\xfe\x00", "not JSON", id="bytes"),
        pytest.param(b"[]", "not a JSON object", id="a list"),
        pytest.param(b"{}", "alerts is missing", id="an object without alerts"),
        pytest.param(b'{"alerts": null}', "alerts is not a list", id="alerts that are null"),
        pytest.param(b'{"alerts": {}}', "alerts is not a list", id="alerts that are an object"),
        pytest.param(b'{"alerts": [], "x": NaN}', "NaN", id="not a number"),
        pytest.param(b'{"alerts": [], "x": -Infinity}', "Infinity", id="infinity"),
        pytest.param(b'{"alerts": [], "x": 1e999}', "too large", id="a number beyond all floats"),
        pytest.param(b'{"alerts": [], "x": ' + b"9" * 400_000 + b"}", "not JSON", id="a number of 400,000 digits"),
        pytest.param(b'{"alerts": ' + b"[" * 200_000, "nested too deeply", id="200,000 brackets"),
        pytest.param(b'{"a":' * 200_000, "nested too deeply", id="200,000 braces"),
    ],
)
def test_what_is_no_notification_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(NotificationError, match=reason) as refused:
        read(body)
    assert len(refused.value.reason) < 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(NEVER) | st.just("firing"),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
ALERT_FIELDS = ("status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint")
BODY_FIELDS = ("status", "groupKey", "truncatedAlerts", "notification_reason", "version")
odd_alerts = st.fixed_dictionaries({}, optional=dict.fromkeys(ALERT_FIELDS, json_values))
odd_bodies = st.fixed_dictionaries(
    {"alerts": st.lists(odd_alerts | json_values, max_size=4) | json_values},
    optional=dict.fromkeys(BODY_FIELDS, json_values),
)


def alerts_or_reason(body: bytes) -> tuple[Alert, ...] | str:
    try:
        return read(body).alerts
    except NotificationError as error:
        return error.reason


@given(odd_bodies | json_values)
@example({"alerts": [an_alert(startsAt="0001-01-01T00:00:00+14:00")]})
def test_any_json_is_a_notification_or_refused_with_a_reason(value: Any) -> None:
    read_or_refused = alerts_or_reason(json.dumps(value).encode())
    assert read_or_refused != ""
    for alert in read_or_refused if isinstance(read_or_refused, tuple) else ():
        assert alert.starts_at.tzinfo is UTC
        texts = [alert.key, alert.generator_url, *alert.labels, *alert.labels.values(), *alert.annotations.values()]
        assert b"\0" not in "".join(texts).encode()


@given(st.binary())
def test_any_bytes_are_a_notification_or_refused_with_a_reason(body: bytes) -> None:
    assert alerts_or_reason(body) != ""
