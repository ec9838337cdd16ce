"""The configuration that an Alertmanager tells of itself (`config.original` of its status), which is YAML."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from rules.alertmanager.routing import (
    DEFAULT_INTERVAL,
    DEFAULT_REPEAT,
    DEFAULT_WAIT,
    AlertmanagerConfig,
    LabelMatcher,
    Login,
    Route,
    Webhook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEEPEST: Final = 50
MOST_ROUTES: Final = 10_000
"""An alias of YAML makes many of few."""

#: In the order in which Alertmanager sorts them.
_OPERATORS: Final = ("=", "!=", "=~", "!~")
#: What stands where Alertmanager keeps a value to itself.
_HIDDEN = ("<secret>", "")
_SECONDS: Final = {"y": 31_536_000.0, "w": 604_800.0, "d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_DURATION = re.compile(r"([0-9]{1,9})(ms|[ywdhms])")
_MATCHER = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^"=!~\s]+)\s*(=~|!=|!~|=)\s*(.*?)\s*', re.DOTALL)


class ConfigurationError(ValueError):
    """The configuration cannot be read; the text says why."""


def read_configuration(text: str) -> AlertmanagerConfig:
    """Read what decides on our notifications. Raises ConfigurationError where it is no configuration."""
    import yaml  # noqa: PLC0415 - most desks read none

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data: Any = yaml.load(text, loader)  # noqa: S506 - both loaders are safe ones
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigurationError(f"no YAML: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(data, dict) or not isinstance(data.get("route"), dict):
        raise ConfigurationError("there is no route")
    common = _table(_table(data.get("global")).get("http_config"))
    return AlertmanagerConfig(webhooks=tuple(_webhooks(data, common)), route=_Tree().read(data["route"], None, 0))


def _webhooks(data: Mapping[str, Any], common: Mapping[str, Any]) -> Iterator[Webhook]:
    for receiver in _tables(data.get("receivers")):
        for webhook in _tables(receiver.get("webhook_configs")):
            url, most = webhook.get("url"), webhook.get("max_alerts")
            yield Webhook(
                receiver=str(receiver.get("name", "")),
                url=url if isinstance(url, str) and url not in _HIDDEN else "",
                send_resolved=webhook.get("send_resolved") is not False,
                max_alerts=most if isinstance(most, int) else 0,
                login=_login(_table(webhook.get("http_config")) or common),
            )


def _login(http: Mapping[str, Any]) -> Login:
    authorization = _table(http.get("authorization"))
    if authorization:
        return "bearer" if str(authorization.get("type", "Bearer")).lower() == "bearer" else "other"
    if http.get("bearer_token") or http.get("bearer_token_file"):
        return "bearer"
    return "other" if any(http.get(key) for key in ("basic_auth", "oauth2", "http_headers")) else "none"


class _Tree:
    """Reads a routing tree of bounded size and depth."""

    def __init__(self) -> None:
        self._routes = 0

    def read(self, node: Mapping[str, Any], above: Route | None, depth: int) -> Route:
        self._routes += 1
        if depth > DEEPEST or self._routes > MOST_ROUTES:
            raise ConfigurationError("there are too many routes to read")
        route = _route(node, above)
        children = tuple(self.read(child, route, depth + 1) for child in _tables(node.get("routes")))
        return Route(
            receiver=route.receiver,
            matchers=route.matchers,
            goes_on=route.goes_on,
            group_wait=route.group_wait,
            group_interval=route.group_interval,
            repeat_interval=route.repeat_interval,
            timed=route.timed,
            group_by=route.group_by,
            key=route.key,
            children=children,
        )


def _route(node: Mapping[str, Any], above: Route | None) -> Route:
    group_by = tuple(map(str, _list(node.get("group_by"))))
    return Route(
        receiver=str(node.get("receiver") or (above.receiver if above else "")),
        matchers=tuple(_matchers(node)),
        goes_on=node.get("continue") is True,
        group_wait=_duration(node.get("group_wait"), above.group_wait if above else DEFAULT_WAIT),
        group_interval=_duration(node.get("group_interval"), above.group_interval if above else DEFAULT_INTERVAL),
        repeat_interval=_duration(node.get("repeat_interval"), above.repeat_interval if above else DEFAULT_REPEAT),
        timed=any(_list(node.get(key)) for key in ("mute_time_intervals", "active_time_intervals")),
        group_by=group_by or (above.group_by if above else ()),
        key=f"{above.key}/{_key(node)}" if above else _key(node),
    )


def _key(node: Mapping[str, Any]) -> str:
    """The matchers of a route as its key has them, sorted; `match_re` is anchored in it (`route.go`)."""
    read = [
        LabelMatcher(each.label, each.operator, f"^(?:{each.value})$") if old and each.operator == "=~" else each
        for old, matchers in ((True, _old_matchers(node)), (False, _new_matchers(node)))
        for each in matchers
        if each is not None
    ]
    ordered = sorted(read, key=lambda each: (each.label, each.value, _OPERATORS.index(each.operator)))
    written = (f"{each.label}{each.operator}{json.dumps(each.value, ensure_ascii=False)}" for each in ordered)
    return f"{{{','.join(written)}}}"


def _matchers(node: Mapping[str, Any]) -> Iterator[LabelMatcher | None]:
    yield from _old_matchers(node)
    yield from _new_matchers(node)


def _old_matchers(node: Mapping[str, Any]) -> Iterator[LabelMatcher]:
    for label, value in _table(node.get("match")).items():
        yield LabelMatcher(str(label), "=", str(value))
    for label, value in _table(node.get("match_re")).items():
        yield LabelMatcher(str(label), "=~", str(value))


def _new_matchers(node: Mapping[str, Any]) -> Iterator[LabelMatcher | None]:
    for written in _list(node.get("matchers")):
        yield _matcher(str(written))


def _matcher(written: str) -> LabelMatcher | None:
    found = _MATCHER.fullmatch(written)
    if found is None:
        return None
    label, operator, value = found.groups()
    try:
        return LabelMatcher(_unquoted(label), cast("Any", operator), _unquoted(value))
    except ValueError:
        return None


def _unquoted(text: str) -> str:
    """A string in Go's quotes, which for what stands in labels are those of JSON; raises ValueError for others."""
    return str(json.loads(text)) if text.startswith('"') else text


def _duration(written: Any, otherwise: timedelta) -> timedelta:
    """`1h30m` as Prometheus writes it."""
    parts = _DURATION.findall(written) if isinstance(written, str) else []
    if not parts:
        return otherwise
    return timedelta(seconds=min(sum(int(count) * _SECONDS[unit] for count, unit in parts), _SECONDS["y"] * 100))


def _table(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}


def _tables(given: Any) -> list[Mapping[str, Any]]:
    return [item for item in _list(given) if isinstance(item, dict)]


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []
