"""What in an Alertmanager's configuration would lose alerts on their way to us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.alertmanager.routing import AlertmanagerConfig, Route, Webhook

SHORTEST_INTERVAL: Final = timedelta(seconds=10)
"""Alertmanager gives a notification `group_interval`, and ten seconds at least, for all its attempts
(`notify.MinTimeout` in its source): with less the next one begins while the first is still tried."""

OURSELVES: Final = "deskd_self"
"""The label of alerts about the desk itself (`deploy/prometheus/deskd-rules.yml`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What we expect of an Alertmanager."""

    source: str
    """Our name for it, the last part of its webhook's URL."""
    receivers: frozenset[str] = frozenset()
    """Its receivers that post to us, where they are configured here."""
    correct_after: timedelta
    heartbeat: str
    """The alertname of the alert that always fires; empty for none."""
    heartbeat_interval: timedelta
    lists_muted: bool = True
    """It lists what is muted for a time as such (since 0.28)."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that loses alerts, or may."""

    grade: Literal["FAIL", "warn"]
    says: str


def receivers_of(config: AlertmanagerConfig, expected: Expected) -> frozenset[str]:
    """The receivers that post to us: those that are named here, else those whose URL leads to us."""
    if expected.receivers:
        return expected.receivers
    return frozenset(webhook.receiver for webhook in config.webhooks if _is_ours(webhook, expected))


def find_losses(config: AlertmanagerConfig, expected: Expected) -> list[Loss]:
    """Everything in the configuration that would lose alerts for the receivers that post to us."""
    receivers = receivers_of(config, expected)
    if not receivers:
        return [_nobody_posts(config, expected)]
    webhooks = [webhook for webhook in config.webhooks if webhook.receiver in receivers]
    routes = [route for route in config.route.nodes() if route.receiver in receivers]
    losses = [*_of_names(receivers, webhooks), *_of_webhooks(webhooks, expected), *_of_routes(routes, expected)]
    losses += [*_of_heartbeat(config, receivers, expected), *_of_ourselves(config, receivers)]
    return list(dict.fromkeys(losses))


def _is_ours(webhook: Webhook, expected: Expected) -> bool:
    return webhook.url.partition("?")[0].rstrip("/").endswith(f"/alertmanager/{expected.source}")


def _nobody_posts(config: AlertmanagerConfig, expected: Expected) -> Loss:
    if any(not webhook.url for webhook in config.webhooks):
        return Loss("warn", "its URLs are hidden: write receivers, and what loses their alerts can be told")
    return Loss("FAIL", f"none of its receivers posts to /alertmanager/{expected.source}: no alert comes here")


def _of_names(receivers: frozenset[str], webhooks: Sequence[Webhook]) -> Iterator[Loss]:
    present = {webhook.receiver for webhook in webhooks}
    known = f"; {', '.join(sorted(present))} has one" if present else ""
    for name in sorted(receivers - present):
        yield Loss("FAIL", f"it has no receiver {name} with a webhook: see receivers{known}")


def _of_webhooks(webhooks: Sequence[Webhook], expected: Expected) -> Iterator[Loss]:
    for webhook in webhooks:
        name = webhook.receiver
        if webhook.url and not _is_ours(webhook, expected):
            yield Loss("warn", f"receiver {name} has a webhook that does not lead to /alertmanager/{expected.source}")
            continue
        if webhook.login != "bearer":
            yield Loss("FAIL", f"receiver {name} sends no bearer token: every notification is refused (http_config)")
        if not webhook.send_resolved:
            yield Loss("warn", f"receiver {name} does not tell what ended: write send_resolved: true")
        if webhook.max_alerts > 0:
            yield Loss(
                "warn", f"receiver {name} tells of {webhook.max_alerts} alerts of a group at most: write max_alerts: 0"
            )


def _of_routes(routes: Sequence[Route], expected: Expected) -> Iterator[Loss]:
    for route in routes:
        interval, repeat = route.group_interval, route.repeat_interval
        to = f"a route to receiver {route.receiver} has group_interval {_short(interval)}"
        if interval < SHORTEST_INTERVAL:
            yield Loss("warn", f"{to}: below {_short(SHORTEST_INTERVAL)} a notification has no time to be tried again")
        if interval > 2 * repeat:
            # After that long the log of notifications forgets, and with it that there is an end to tell (nflog).
            yield Loss("warn", f"{to}, over twice its repeat_interval {_short(repeat)}: ends are forgotten untold")
        if max(interval, route.group_wait) >= expected.correct_after:
            yield Loss("warn", f"{to} or group_wait {_short(route.group_wait)}: write a longer correct_after")
        if route.timed and not expected.lists_muted:
            yield Loss(
                "warn",
                f"a route to receiver {route.receiver} is mute at times, which it tells only since 0.28: see api",
            )


def _of_heartbeat(config: AlertmanagerConfig, receivers: frozenset[str], expected: Expected) -> Iterator[Loss]:
    name = expected.heartbeat
    if not name:
        return
    # Its severity is that of the usual rules of Prometheus on Kubernetes; of other labels nothing is known.
    ends = list(config.route.ends({"alertname": name, "severity": "none", OURSELVES: ""}))
    ours = [route for route in ends if route.receiver in receivers]
    if not ours:
        yield Loss("warn", f"no route takes {name} here: nothing would tell that alerts do not arrive")
    elif len(ends) == 1 and (every := _told_every(ours[0])) >= expected.heartbeat_interval:
        missed = _short(expected.heartbeat_interval)
        yield Loss("warn", f"{name} is told every {_short(every)} and missed after {missed}: see its repeat_interval")


def _of_ourselves(config: AlertmanagerConfig, receivers: frozenset[str]) -> Iterator[Loss]:
    """What our own alert rules say of the desk is lost with the desk where it goes nowhere else."""
    if all(route.receiver in receivers for route in config.route.ends({OURSELVES: "true"})):
        yield Loss("warn", f'alerts with {OURSELVES}="true" come only here: nobody would be told that the desk fails')


def _told_every(route: Route) -> timedelta:
    """What still fires is told again at the first group_interval after repeat_interval."""
    if not route.group_interval:
        return route.repeat_interval
    return -(-route.repeat_interval // route.group_interval) * route.group_interval


def _short(time: timedelta) -> str:
    """`1h30m`, as Alertmanager writes it."""
    minutes, seconds = divmod(time.total_seconds(), 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count:g}{unit}" for count, unit in parts if count) or "0s"
