"""What is found in an Alertmanager's configuration."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rules.alertmanager.losses import Expected, find_losses
from rules.alertmanager.routing import AlertmanagerConfig, LabelMatcher, Route, Webhook

EXPECTED = Expected(
    source="prod",
    correct_after=timedelta(minutes=6),
    heartbeat="Watchdog",
    heartbeat_interval=timedelta(minutes=10),
)
OURS = "http://desk:9201/alertmanager/prod"
WATCHDOG = Route(
    receiver="desk",
    matchers=(LabelMatcher("alertname", "=", "Watchdog"),),
    group_interval=timedelta(minutes=1),
    repeat_interval=timedelta(minutes=5),
)
OURSELVES = Route(receiver="operators", matchers=(LabelMatcher("deskd_self", "=", "true"),))
CHILDREN = (WATCHDOG, OURSELVES)


def a_webhook(**more: Any) -> Webhook:
    given: dict[str, Any] = {"receiver": "desk", "url": OURS, "send_resolved": True, "max_alerts": 0, "login": "bearer"}
    return Webhook(**given | more)


def a_config(*webhooks: Webhook, children: tuple[Route, ...] = CHILDREN, **route: Any) -> AlertmanagerConfig:
    given: dict[str, Any] = {"receiver": "desk", "children": children}
    return AlertmanagerConfig(webhooks=webhooks or (a_webhook(),), route=Route(**given | route))


def said(config: AlertmanagerConfig, expected: Expected = EXPECTED) -> list[str]:
    return [f"{loss.grade}: {loss.says}" for loss in find_losses(config, expected)]


def test_a_sound_configuration_loses_nothing() -> None:
    assert said(a_config()) == []


@pytest.mark.parametrize(
    ("config", "says"),
    [
        pytest.param(
            a_config(a_webhook(send_resolved=False)),
            "warn: receiver desk does not tell what ended: write send_resolved: true",
            id="ends are not told",
        ),
        pytest.param(
            a_config(a_webhook(max_alerts=20)),
            "warn: receiver desk tells of 20 alerts of a group at most: write max_alerts: 0",
            id="groups are cut short",
        ),
        pytest.param(
            a_config(a_webhook(login="none")),
            "FAIL: receiver desk sends no bearer token: every notification is refused (http_config)",
            id="no token",
        ),
        pytest.param(
            a_config(a_webhook(login="other")),
            "FAIL: receiver desk sends no bearer token: every notification is refused (http_config)",
            id="a login of another kind",
        ),
        pytest.param(
            a_config(a_webhook(url="http://desk:9201/alertmanager/test")),
            "FAIL: none of its receivers posts to /alertmanager/prod: no alert comes here",
            id="it posts elsewhere",
        ),
        pytest.param(
            a_config(a_webhook(url="")),
            "warn: its URLs are hidden: write receivers, and what loses their alerts can be told",
            id="it does not tell where it posts",
        ),
        pytest.param(
            a_config(group_interval=timedelta(seconds=5)),
            "warn: a route to receiver desk has group_interval 5s: below 10s a notification has no time to be tried "
            "again",
            id="no time to try again",
        ),
        pytest.param(
            a_config(group_interval=timedelta(minutes=5), repeat_interval=timedelta(minutes=2)),
            "warn: a route to receiver desk has group_interval 5m, over twice its repeat_interval 2m: ends are "
            "forgotten untold",
            id="ends are forgotten",
        ),
        pytest.param(
            a_config(group_interval=timedelta(minutes=7)),
            "warn: a route to receiver desk has group_interval 7m or group_wait 30s: write a longer correct_after",
            id="the desk would be faster than the notification",
        ),
        pytest.param(
            a_config(children=(replace(WATCHDOG, receiver="nobody"), OURSELVES)),
            "warn: no route takes Watchdog here: nothing would tell that alerts do not arrive",
            id="the heartbeat goes elsewhere",
        ),
        pytest.param(
            a_config(children=(OURSELVES,)),
            "warn: Watchdog is told every 4h and missed after 10m: see its repeat_interval",
            id="the heartbeat comes too seldom",
        ),
        pytest.param(
            a_config(children=(WATCHDOG,)),
            'warn: alerts with deskd_self="true" come only here: nobody would be told that the desk fails',
            id="alerts about the desk come to the desk alone",
        ),
    ],
)
def test_what_loses_alerts_is_named(config: AlertmanagerConfig, says: str) -> None:
    assert said(config) == [says]


def test_hidden_urls_are_known_by_the_names_of_their_receivers() -> None:
    named = replace(EXPECTED, receivers=frozenset({"desk"}))
    assert said(a_config(a_webhook(url="")), named) == []
    assert said(a_config(a_webhook(url="http://elsewhere/x")), named) == [
        "warn: receiver desk has a webhook that does not lead to /alertmanager/prod"
    ]
    assert said(a_config(), replace(EXPECTED, receivers=frozenset({"desk", "desks"}))) == [
        "FAIL: it has no receiver desks with a webhook: see receivers; desk has one"
    ]


def test_alerts_about_the_desk_may_come_here_as_long_as_others_get_them_too() -> None:
    first = replace(OURSELVES, goes_on=True)
    ours = Route(receiver="desk", matchers=(LabelMatcher("deskd_self", "=", "true"),))
    by_name = replace(OURSELVES, matchers=(LabelMatcher("alertname", "=~", "Deskd.+"),))
    assert said(a_config(children=(WATCHDOG, first, ours))) == said(a_config(children=(WATCHDOG, by_name))) == []


def test_what_goes_to_others_is_none_of_our_business() -> None:
    theirs = a_webhook(receiver="pager", url="http://pager/", login="none", max_alerts=1)
    slow = Route(receiver="pager", matchers=(LabelMatcher("team", "=", "a"),), group_interval=timedelta(hours=1))
    assert said(a_config(a_webhook(), theirs, children=(*CHILDREN, slow))) == []


def test_a_heartbeat_that_goes_on_reaches_the_next_route_too() -> None:
    on = replace(WATCHDOG, receiver="nobody", goes_on=True)
    assert said(a_config(children=(on, WATCHDOG))) == []


def test_a_route_by_labels_that_are_not_known_may_take_the_heartbeat() -> None:
    some = replace(WATCHDOG, matchers=(LabelMatcher("cluster", "=", "a"),))
    assert said(a_config(receiver="nobody", children=(some,))) == []


def test_without_a_heartbeat_none_is_missed() -> None:
    assert said(a_config(children=(OURSELVES,)), replace(EXPECTED, heartbeat="")) == []


def test_before_0_28_what_is_muted_looks_lost() -> None:
    (told,) = said(a_config(timed=True), replace(EXPECTED, lists_muted=False))
    assert told.startswith("warn: a route to receiver desk is mute at times")
    assert said(a_config(timed=True)) == []
