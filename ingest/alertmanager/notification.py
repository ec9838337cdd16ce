"""Alertmanager's webhook body, version 4 and its relatives, as a notification of alerts.

The shape is that of `notify/webhook` and `template.Data` in Alertmanager's source. It has grown under one version
number, and Grafana and others send nearly the same. So nothing unknown is refused, and nothing missing but the labels.
"""

from __future__ import annotations

import json
import math
import re
from datetime import MAXYEAR, UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn

from immutables import Map

from rules.alerts.identity import fingerprint_of, report_key
from rules.report import Alert, Notification

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_NOTIFICATION: Final = 10_000
"""Alerts read from one body; the sender's own `max_alerts` is far below."""
LONGEST_VALUE: Final = 16_384
"""Characters kept of one label, annotation or URL."""

#: `notification_reason` of Alertmanager 0.32 and later, in our words.
REASONS: Final = {
    "first notification": "first",
    "new alerts added": "new",
    "some alerts resolved": "some_resolved",
    "all alerts resolved": "all_resolved",
    "repeat interval elapsed": "repeat",
}

_QUOTED = re.compile(r"\\([^A-Za-z0-9_])")
_FINGERPRINT = re.compile(r"[0-9A-Za-z_-]{1,64}\Z")
#: Controls but tab and newline, and halves of surrogate pairs: no database or header takes them.
_UNCLEAN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class NotificationError(ValueError):
    """The body is no notification; the text, one sentence, is the answer to the sender (400)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _AlertError(ValueError):
    """One alert cannot be read; the others can."""


def read_notification(body: bytes, *, source: str, received_at: datetime) -> Notification:
    """Read one webhook body. `received_at` (UTC) stands for a missing or impossible `startsAt`.

    An alert that cannot be read is among `refused`, beside the good ones: an error status would make the sender drop or
    repeat them all. Raises NotificationError, and nothing else, where the body as a whole is none.
    """
    data = _load(body)
    given = data.get("alerts")
    if not isinstance(given, list):
        raise NotificationError("alerts is not a list" if "alerts" in data else "alerts is missing")
    frame = _Frame(data, source, received_at)
    alerts: list[Alert] = []
    refused: list[tuple[str, str]] = []
    for item in given[:LARGEST_NOTIFICATION]:
        try:
            alerts.append(frame.read(item))
        except _AlertError as error:
            refused.append((_as_json(item), str(error)))
    surplus = f"there are more than {LARGEST_NOTIFICATION} alerts in one notification"
    refused += ((_as_json(item), surplus) for item in given[LARGEST_NOTIFICATION:])
    return Notification(
        source=source,
        alerts=tuple(alerts),
        refused=tuple(refused),
        reason=REASONS.get(frame.reason or "", "unknown"),
        truncated=_count(data.get("truncatedAlerts")),
        # Alertmanager sends it quoted for an expression: `team.x` as `team\\.x`.
        receiver=_QUOTED.sub(r"\1", read_text(data.get("receiver"))),
    )


class _Frame:
    """What all alerts of one body share."""

    __slots__ = ("_external_url", "_group_key", "_received_at", "_source", "_status", "reason")

    def __init__(self, data: Mapping[str, Any], source: str, received_at: datetime) -> None:
        self._source = source
        self._received_at = received_at
        self._group_key = read_text(data.get("groupKey"))
        self._external_url = read_text(data.get("externalURL"))
        self._status = data.get("status")
        reason = data.get("notification_reason")
        self.reason = reason if isinstance(reason, str) and reason in REASONS else None

    def read(self, item: Any) -> Alert:
        """One alert; raises _AlertError."""
        if not isinstance(item, dict):
            raise _AlertError("the alert is not an object")
        labels = _labels(item.get("labels"))
        status = _status(item.get("status") or self._status)
        given = item.get("fingerprint")
        fingerprint = given if isinstance(given, str) and _FINGERPRINT.match(given) else fingerprint_of(labels)
        told = read_moment(item.get("startsAt"))
        starts_at = told or self._received_at
        return Alert(
            source=self._source,
            key=report_key(fingerprint, starts_at, status),
            received_at=self._received_at,
            status=status,
            fingerprint=fingerprint,
            starts_at=starts_at,
            ends_at=read_moment(item.get("endsAt")),
            dated=told is not None,
            labels=Map(labels),
            annotations=Map(_pairs(item.get("annotations"))),
            generator_url=read_text(item.get("generatorURL")),
            group_key=self._group_key,
            external_url=self._external_url,
            notification_reason=self.reason,
        )


def read_listed_alert(item: Any, *, source: str, received_at: datetime) -> Alert | None:
    """One alert that the API lists, as the report a push of it would have been; None where it cannot be read.

    Its `endsAt` is left out: for an alert that fires it is when Alertmanager would stop believing so.
    """
    if not isinstance(item, dict):
        return None
    try:
        return _Frame({}, source, received_at).read({**item, "status": "firing", "endsAt": None})
    except _AlertError:
        return None


def _load(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(
            body.decode("utf-8-sig", "replace"), parse_constant=_refuse_constant, parse_float=_finite_float
        )
    except RecursionError:
        raise NotificationError("the body is nested too deeply") from None
    except ValueError as error:
        raise NotificationError(f"the body is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise NotificationError("the body is not a JSON object")
    return data


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _finite_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _labels(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise _AlertError("labels is not an object" if given is not None else "labels is missing")
    return _pairs(given)


def _pairs(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        return {}
    return {read_text(name): read_text(value) for name, value in given.items()}


def _status(given: Any) -> Literal["firing", "resolved"]:
    """Each alert's own status: that of the group is `firing` while any of them is."""
    match given:
        case "firing" | "resolved":
            return given  # type: ignore[no-any-return] # narrowed by value, which mypy does not do for Any
        case None:
            raise _AlertError("status is missing")
        case _:
            raise _AlertError("status is neither firing nor resolved")


def read_moment(given: Any) -> datetime | None:
    """A time of RFC 3339 in UTC, cut to milliseconds; None for Go's zero time, which an open end is sent as.

    Others write the last moment of the year 9999 for never: nothing can be added to it, and in Asia it has no date.
    A push tells nanoseconds and the API milliseconds of the same moment, which is one and the same moment here.
    """
    if not isinstance(given, str):
        return None
    try:
        moment = datetime.fromisoformat(given)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        elif moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000) if 1 < moment.year < MAXYEAR else None


def read_text(given: Any) -> str:
    """A JSON value as clean text: a label is a string by contract, but not by everybody's."""
    if not isinstance(given, str):
        given = "" if given is None else _as_json(given)
    text: str = given if len(given) <= LONGEST_VALUE else given[:LONGEST_VALUE]
    return text if text.isprintable() else _UNCLEAN.sub("", text)


def _as_json(value: Any) -> str:
    """The value as JSON in ASCII, on one line."""
    try:
        return json.dumps(value)
    except RecursionError:
        return '"(nested too deeply to show)"'


def _count(given: Any) -> int:
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**31 else 0
