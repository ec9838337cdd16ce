"""What a comparison with Alertmanager believes, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from immutables import Map

from rules.alertmanager.listed import ListedAlert
from rules.alertmanager.reconcile import Comparison, Known, Look, Since, Terms, compare
from rules.alertmanager.routing import Route
from rules.alerts.identity import identify
from rules.episode import Episode
from tests.samples import HOUR, MINUTE, NOW, RULEBOOK, an_alert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

TERMS = Terms(correct_after=6 * MINUTE, receivers=frozenset({"desk"}))
LONG_AGO = NOW - HOUR


def an_episode(name: str = "DiskFull", **more: Any) -> Episode:
    alert = an_alert(name=name)
    given: dict[str, Any] = {"source": "prod", "fingerprint": alert.fingerprint, "ticket": 1, "name": name}
    given["starts_at"] = NOW
    return Episode(**given | more)


def listed(name: str = "DiskFull", *, minute: int = 0, **more: Any) -> ListedAlert:
    given: dict[str, Any] = {"state": "active", "receivers": frozenset({"desk"})}
    return ListedAlert(alert=an_alert(name=name, minute=minute), **given | more)


def a_look(minute: float, *alerts: ListedAlert, running_since: datetime = LONG_AGO) -> Look:
    return Look(asked_at=NOW + minute * MINUTE, running_since=running_since, alerts=alerts)


def after(looks: Sequence[Look], known: Known, terms: Terms = TERMS) -> Comparison:
    """The last of several looks."""
    found = Comparison((), Since(), (), Map())
    for look in looks:
        found = compare(known, look, found.since, terms, RULEBOOK)
    return found


FIRING = Known(firing=(an_episode(),))
NOTHING = Known(firing=())


def test_both_agree() -> None:
    found = after([a_look(minute, listed()) for minute in (1, 30)], FIRING)
    assert found == Comparison((), Since(), (), Map())


def test_an_episode_that_is_no_longer_listed_has_lost_its_resolve() -> None:
    (resolve,) = after([a_look(1), a_look(7)], FIRING).corrections
    assert (resolve.status, resolve.correction) == ("resolved", "healed")
    assert (resolve.fingerprint, resolve.name) == ("DiskFull db1", "DiskFull")
    assert (resolve.starts_at, resolve.ends_at) == (NOW, NOW + MINUTE)


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param([a_look(1)], id="one look is not enough"),
        pytest.param([a_look(30)], id="however late it comes"),
        pytest.param([a_look(1), a_look(6)], id="the notification may still be on its way"),
        pytest.param([a_look(1), a_look(3, listed()), a_look(7)], id="it was listed again meanwhile"),
        pytest.param(
            [a_look(1, running_since=NOW), a_look(5.9, running_since=NOW)],
            id="an Alertmanager that has just started knows nothing",
        ),
        pytest.param(
            [a_look(1), a_look(7, running_since=NOW + 2 * MINUTE)], id="one that has started again knows nothing either"
        ),
        pytest.param(
            [a_look(1, listed(state="suppressed", silenced_by=("s1",))), a_look(30, listed(state="suppressed"))],
            id="a silenced alert fires",
        ),
        pytest.param(
            [a_look(1, listed(receivers=frozenset())), a_look(30, listed(receivers=frozenset()))], id="rerouted"
        ),
    ],
)
def test_nothing_heals_an_episode_too_early(looks: list[Look]) -> None:
    assert after(looks, FIRING).corrections == ()


def test_the_missing_heartbeat_is_the_desks_own_episode() -> None:
    own = Known(firing=(an_episode("HeartbeatMissing", fingerprint="heartbeat"),))
    assert after([a_look(1), a_look(30)], own).corrections == ()


def test_an_alert_that_nobody_told_is_opened_as_its_push_would_have_been() -> None:
    (firing,) = after([a_look(1, listed()), a_look(7, listed())], NOTHING).corrections
    assert replace(firing, correction=None) == an_alert()
    assert firing.correction == "opened"


def test_it_has_the_group_that_its_push_would_have_had() -> None:
    top = Route(receiver="desk", group_by=("alertname",), key="{}")
    looks = [replace(a_look(minute, listed()), route=top) for minute in (1, 7)]
    (alert,) = after(looks, NOTHING).corrections
    assert alert.group_key == '{}:{alertname="DiskFull"}'


def test_what_a_notification_leaves_out_is_opened_at_once() -> None:
    found = after([a_look(1, listed())], NOTHING, replace(TERMS, truncated=True))
    assert [alert.name for alert in found.corrections] == ["DiskFull"]


@pytest.mark.parametrize(
    "alert",
    [
        pytest.param(listed(state="suppressed", silenced_by=("s1",)), id="what is silenced is to tell nobody"),
        pytest.param(listed(muted_by=("weekends",)), id="nor what is muted for a time"),
        pytest.param(listed(state="unprocessed"), id="what Alertmanager has not looked at yet"),
        pytest.param(listed(receivers=frozenset({"pager"})), id="what goes to others"),
        pytest.param(listed("Watchdog"), id="a heartbeat that is fetched proves nothing"),
        pytest.param(listed("InfoInhibitor"), id="what the rulebook ignores"),
    ],
)
def test_what_is_not_told_to_us_is_not_opened(alert: ListedAlert) -> None:
    assert after([a_look(1, alert), a_look(30, alert)], NOTHING).corrections == ()


ENDED = an_episode(resolved_at=NOW + 10 * MINUTE)


@pytest.mark.parametrize(
    ("minute", "told", "begins"),
    [
        pytest.param(0, 9, None, id="what ended and is listed still is late"),
        pytest.param(0, 11, timedelta(minutes=10, milliseconds=1), id="told after its end, with its old start"),
        pytest.param(8, 9, None, id="and so is one that a twin dated later, but before that end"),
        pytest.param(8, 11, timedelta(minutes=10, milliseconds=1), id="told after its end, with a start before it"),
        pytest.param(12, 13, 12 * MINUTE, id="a later start is a new firing"),
    ],
)
def test_an_alert_that_ended_here_fires_again(minute: int, told: int, begins: timedelta | None) -> None:
    again = listed(minute=minute, updated_at=NOW + told * MINUTE)
    known = Known(firing=(), ended=Map({ENDED.fingerprint: ENDED}))
    found = after([a_look(20, again), a_look(30, again)], known).corrections
    assert [alert.starts_at - NOW for alert in found] == ([] if begins is None else [begins])


def test_two_daemons_that_find_the_same_say_the_same() -> None:
    again = listed(updated_at=NOW + 11 * MINUTE)
    known = Known(firing=(), ended=Map({ENDED.fingerprint: ENDED}))
    (one,) = after([a_look(20, again), a_look(30, again)], known).corrections
    (other,) = after([a_look(21, again), a_look(31, again)], known).corrections
    assert (one.key, one.starts_at) == (other.key, other.starts_at)


def test_why_nobody_is_notified_is_told() -> None:
    found = after([a_look(1, listed(state="suppressed", silenced_by=("s1",)))], FIRING)
    assert found.suppressed == Map({"DiskFull db1": "silenced by s1"})
    known = Known(firing=(an_episode(suppressed="silenced by s1"),))
    assert after([a_look(2, listed(state="suppressed", silenced_by=("s1",)))], known).suppressed == Map()
    assert after([a_look(3, listed())], known).suppressed == Map({"DiskFull db1": None})


OURS = replace(NOTHING, silences=frozenset({"s1"}))


@pytest.mark.parametrize(
    ("mutes", "found"),
    [
        pytest.param({"silenced_by": ("s1",)}, ["opened"], id="what the desk itself silenced is learnt by asking"),
        pytest.param({"silenced_by": ("s1", "s2")}, [], id="what somebody else silenced too is not"),
        pytest.param({"silenced_by": ("s1",), "inhibited_by": ("f1",)}, [], id="nor what is inhibited"),
        pytest.param({}, [], id="nor what is muted for no reason told"),
    ],
)
def test_a_silence_of_the_desk_hides_nothing_from_it(mutes: dict[str, Any], found: list[str]) -> None:
    alert = listed(state="suppressed", **mutes)
    corrections = after([a_look(1, alert), a_look(7, alert)], OURS).corrections
    assert [correction.correction for correction in corrections] == found


REPLICAS = RULEBOOK.model_copy(update={"alerts": RULEBOOK.alerts.model_copy(update={"ignore_labels": ("replica",)})})


def a_replica(name: str) -> ListedAlert:
    each = listed()
    alert = replace(each.alert, fingerprint=name, labels=each.alert.labels.set("replica", name))
    return replace(each, alert=alert)


def test_each_series_of_an_episode_has_an_end_of_its_own() -> None:
    known = Known(firing=(an_episode(fingerprint="both", series=("a", "b")),))
    first = compare(known, a_look(1, a_replica("a")), Since(), TERMS, REPLICAS)
    (end,) = compare(known, a_look(7, a_replica("a")), first.since, TERMS, REPLICAS).corrections
    assert (end.fingerprint, end.status) == ("b", "resolved")
    assert identify(end, REPLICAS) == "both"


@pytest.mark.parametrize("name", [identify(a_replica("a").alert, REPLICAS), "a"], ids=["now", "by an older rulebook"])
def test_a_replica_of_what_ended_here_is_that_alert(name: str) -> None:
    replica = replace(a_replica("a"), updated_at=NOW + 9 * MINUTE)
    ended = Map({name: ENDED})
    look = a_look(20, replica)
    first = compare(Known(firing=(), ended=ended), look, Since(), TERMS, REPLICAS)
    assert first.since == Since()


@pytest.mark.parametrize(
    ("episode", "words"),
    [
        pytest.param({"silent_at": NOW}, [], id="of which the desk misses none"),
        pytest.param({"stale_since": NOW}, ["DiskFull"], id="that the desk has called stale"),
    ],
)
def test_what_is_listed_is_word_of_it(episode: dict[str, Any], words: list[str]) -> None:
    known = Known(firing=(an_episode(starts_at=NOW - HOUR, **episode),))
    found = after([a_look(1, listed())], known).words
    assert [alert.name for alert in found] == words
    assert all(alert.starts_at == NOW - HOUR and alert.correction is None for alert in found)
