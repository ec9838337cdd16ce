"""The answers of Alertmanager's API, version 2, as data: alerts, silences and its status."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ingest.alertmanager.notification import read_listed_alert, read_moment, read_text
from rules.alertmanager.listed import ListedAlert, Listing
from rules.silences.silence import Matcher, Silence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rules.alertmanager.listed import State

_BLANKS = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class AnswerError(ValueError):
    """The answer is none of Alertmanager's; the text says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """`GET /api/v2/status`."""

    started_at: datetime
    """Called `uptime` in the answer."""
    configuration: str
    """Its YAML as it runs, secrets left out."""
    cluster: str = ""
    """`ready`, `settling`, or `disabled` where it stands alone."""
    peers: tuple[str, ...] = ()
    version: str = ""


def items_of(body: bytes) -> Iterator[Any]:
    """The items of a list in JSON, each parsed when it is asked for.

    Parsed as a whole, 40 MB hold up every other thread for a second. Raises ValueError where it is no list.
    """
    text = body.decode()
    at = _past_blanks(text, 0)
    if not text.startswith("[", at):
        raise AnswerError("the answer is no list")
    at = _past_blanks(text, at + 1)
    while not text.startswith("]", at):
        item, at = _DECODER.raw_decode(text, at)
        yield item
        at = _past_blanks(text, at)
        if text.startswith(",", at):
            at = _past_blanks(text, at + 1)
        elif not text.startswith("]", at):
            raise AnswerError("the answer ends within its list")


def read_alerts(items: Iterable[Any], *, source: str, received_at: datetime) -> Listing:
    """`GET /api/v2/alerts`, item by item; one that is no alert is counted."""
    read = [_listed(item, source, received_at) for item in items]
    alerts = tuple(alert for alert in read if alert is not None)
    return Listing(alerts=alerts, unread=len(read) - len(alerts))


def read_status(data: Any) -> ServerStatus:
    """`GET /api/v2/status`. Raises AnswerError where there is no time it runs since."""
    status = _table(data)
    cluster = _table(status.get("cluster"))
    started_at = read_moment(status.get("uptime"))
    if started_at is None:
        raise AnswerError("the answer is no status of an Alertmanager")
    return ServerStatus(
        started_at=started_at,
        configuration=str(_table(status.get("config")).get("original", "")),
        cluster=read_text(cluster.get("status")),
        peers=tuple(read_text(_table(peer).get("name")) for peer in _list(cluster.get("peers"))),
        version=read_text(_table(status.get("versionInfo")).get("version")),
    )


def read_silences(data: Any) -> tuple[Silence, ...]:
    """`GET /api/v2/silences`. Raises AnswerError where it is no list of silences."""
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise AnswerError("the answer is no list of silences")
    return tuple(map(_silence, data))


def read_silence_id(data: Any) -> str:
    """The id in the answer to a POST. Raises AnswerError where there is none."""
    told = _table(data).get("silenceID")
    if not isinstance(told, str) or not told:
        raise AnswerError("the answer holds no silenceID")
    return told


def silence_as_json(silence: Silence) -> dict[str, Any]:
    """The body of a POST (`postableSilence`)."""
    body = {
        "matchers": [
            {"name": each.name, "value": each.value, "isRegex": each.is_regex, "isEqual": each.is_equal}
            for each in silence.matchers
        ],
        "startsAt": silence.starts_at.isoformat(),
        "endsAt": silence.ends_at.isoformat(),
        "createdBy": silence.created_by,
        "comment": silence.comment,
    }
    return body | ({"id": silence.id} if silence.id else {})


def _past_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _listed(item: Any, source: str, received_at: datetime) -> ListedAlert | None:
    alert = read_listed_alert(item, source=source, received_at=received_at)
    if alert is None:
        return None
    status = _table(item.get("status"))
    return ListedAlert(
        alert=alert,
        state=_state(status.get("state")),
        silenced_by=tuple(map(read_text, _list(status.get("silencedBy")))),
        inhibited_by=tuple(map(read_text, _list(status.get("inhibitedBy")))),
        muted_by=tuple(map(read_text, _list(status.get("mutedBy")))),
        receivers=frozenset(read_text(_table(each).get("name")) for each in _list(item.get("receivers"))),
        updated_at=read_moment(item.get("updatedAt")),
    )


def _state(given: Any) -> State:
    match given:
        case "suppressed" | "unprocessed":
            return given  # type: ignore[no-any-return] # narrowed by value, which mypy does not do for Any
        case _:
            return "active"


def _silence(item: Mapping[str, Any]) -> Silence:
    state = _table(item.get("status")).get("state")
    return Silence(
        id=read_text(item.get("id")),
        matchers=tuple(_matcher(_table(each)) for each in _list(item.get("matchers"))),
        starts_at=read_moment(item.get("startsAt")) or _NEVER,
        ends_at=read_moment(item.get("endsAt")) or _NEVER,
        created_by=read_text(item.get("createdBy")),
        comment=read_text(item.get("comment")),
        state=state if state in ("pending", "expired") else "active",
    )


def _matcher(item: Mapping[str, Any]) -> Matcher:
    """`isEqual` is missing before 0.22, and true then."""
    return Matcher(
        name=read_text(item.get("name")),
        value=read_text(item.get("value")),
        is_regex=item.get("isRegex") is True,
        is_equal=item.get("isEqual") is not False,
    )


def _table(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []
