"""Comparing what fires here with what an Alertmanager says fires.

A notification can be lost: while an alert is silenced its resolve is never sent, `max_alerts` cuts groups short, and
whoever is down for long is not told again. The difference between the two lists is what was lost, with three
exceptions, which is why nothing is believed at once:

- A notification may be on its way. Alertmanager lists at once what it tells after `group_wait` or `group_interval`.
- An Alertmanager that has just started knows nothing until Prometheus has sent everything again. It keeps no alerts on
  disk; only that it has run for a while makes its silence about an alert worth something.
- What is silenced, inhibited or muted is listed, and fires.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from immutables import Map

from rules.alertmanager.routing import find_group_key
from rules.alerts.heartbeat import FINGERPRINT as HEARTBEAT
from rules.alerts.identity import identify, report_key
from rules.deciding.heartbeats import is_heartbeat
from rules.report import Alert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from rules.alertmanager.listed import ListedAlert
    from rules.alertmanager.routing import Route
    from rules.episode import Episode
    from rules.report import Correction
    from rules.rulebook import Rulebook

#: The finest step of time that both sides tell.
_STEP = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the Alertmanagers of one source told when they were asked."""

    asked_at: datetime
    """Before the first answer: what has changed since is not in it."""
    running_since: datetime
    """Of the one that has run longest."""
    alerts: tuple[ListedAlert, ...]
    route: Route | None = None
    """The top of the routing tree, where the groups of alerts are of interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The episodes of the source, read before anybody was asked."""

    firing: tuple[Episode, ...]
    ended: Map[str, Episode] = Map()
    """The newest ones of alerts that do not fire here, by their fingerprints: as `rules.alerts.identity` makes them
    now, or the sender's own that they had by an earlier rulebook."""
    silences: frozenset[str] = frozenset()
    """The desk's own, by their ids: what nobody is told because of them is learnt here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When Alertmanager is believed."""

    correct_after: timedelta
    """How long a difference must stand, in at least two looks, and an Alertmanager must have run."""
    receivers: frozenset[str] = frozenset()
    """Those that post to us: what goes to others only is none of our business."""
    truncated: bool = False
    """A notification told that it leaves alerts out: what is missing here is not on its way."""


Difference = tuple["Correction", str]
"""What would be corrected, and of which fingerprint of the sender."""

Since = Map[Difference, "datetime"]
"""The first look at which each difference was seen."""


class Comparison(NamedTuple):
    """What a look came to."""

    corrections: tuple[Alert, ...]
    """Reports for the counter, each with its `correction`."""
    since: Since
    """The differences that stand, for the next look."""
    words: tuple[Alert, ...]
    """Reports of what still fires, for episodes of which the desk has missed word: before there was an `api`."""
    suppressed: Map[str, str | None]
    """Why nobody is notified of an episode that fires, by its fingerprint, where that is another than was known."""


def compare(known: Known, look: Look, before: Since, terms: Terms, rulebook: Rulebook) -> Comparison:
    """Compare what the desk knew with what it was told; `before` are the differences that the last look left."""
    listed = {each.alert.fingerprint: each for each in look.alerts}
    since: dict[Difference, datetime] = {}
    corrections: list[Alert] = []
    for difference, correction in _differences(known, listed, look, terms, rulebook):
        first = before.get(difference, look.asked_at)
        if _stands(difference, first, look, terms):
            corrections.append(_dated(correction, first))
        else:
            since[difference] = first
    found = [(episode, [listed[one] for one in _series(episode) if one in listed]) for episode in known.firing]
    return Comparison(
        corrections=tuple(corrections),
        since=Map(since),
        words=tuple(_word(episode, here[0]) for episode, here in found if here and episode.stale_since),
        suppressed=Map(
            {episode.fingerprint: why for episode, here in found if (why := _suppression(here)) != episode.suppressed}
        ),
    )


def _differences(
    known: Known, listed: Mapping[str, ListedAlert], look: Look, terms: Terms, rulebook: Rulebook
) -> Iterator[tuple[Difference, Alert]]:
    if look.asked_at - look.running_since >= terms.correct_after:
        for episode in known.firing:
            missed = [one for one in _series(episode) if one not in listed and one != HEARTBEAT]
            yield from ((("healed", one), _end(episode, one, look)) for one in missed)
    firing = {one for episode in known.firing for one in _series(episode)}
    for one, each in listed.items():
        if one not in firing and _is_ours(each, known.silences, terms, rulebook):
            found = _beginning(each, known.ended.get(identify(each.alert, rulebook)) or known.ended.get(one))
            if found is not None:
                yield ("opened", one), _with_group(found, look, terms)


def _series(episode: Episode) -> tuple[str, ...]:
    """The fingerprints by which Alertmanager knows an episode."""
    return episode.series or (episode.fingerprint,)


def _word(episode: Episode, each: ListedAlert) -> Alert:
    """A resend as a push of it would be, with the start that the desk knows: the ledger has that state."""
    key = report_key(each.alert.fingerprint, episode.starts_at, "firing")
    return replace(each.alert, starts_at=episode.starts_at, key=key)


def _suppression(listed: list[ListedAlert]) -> str | None:
    """Why nobody is notified of an episode; of one with several series as long as that is so for all of them."""
    reasons = [each.suppression for each in listed]
    return reasons[0] if reasons and all(reasons) else None


def _stands(difference: Difference, first: datetime, look: Look, terms: Terms) -> bool:
    if difference[0] == "opened" and terms.truncated:
        return True
    return first < look.asked_at and look.asked_at - first >= terms.correct_after


def _is_ours(each: ListedAlert, silences: frozenset[str], terms: Terms, rulebook: Rulebook) -> bool:
    """Whether somebody should have been notified, and that is us. A heartbeat that is fetched would prove nothing."""
    if not (_is_told(each) or each.is_muted_by_these(silences)) or not each.receivers & terms.receivers:
        return False
    return each.alert.name not in rulebook.alerts.ignore and not is_heartbeat(each.alert, rulebook)


def _is_told(each: ListedAlert) -> bool:
    return each.state == "active" and not each.suppression


def _end(episode: Episode, fingerprint: str, look: Look) -> Alert:
    """The resolve that was lost, for what is known of the alert. When it ended nobody says."""
    return Alert(
        source=episode.source,
        key="",
        received_at=look.asked_at,
        status="resolved",
        fingerprint=fingerprint,
        episode=episode.fingerprint,
        starts_at=episode.starts_at,
        labels=Map({"alertname": episode.name, "severity": episode.severity}),
        correction="healed",
    )


def _beginning(each: ListedAlert, ended: Episode | None) -> Alert | None:
    """The firing that was lost; None where it may be older than the end that we know."""
    alert = replace(each.alert, correction="opened")
    if ended is None or ended.resolved_at is None or alert.starts_at >= ended.resolved_at:
        return alert
    # Prometheus remembers over a restart since when an alert is pending, so that a new firing can bear the old start;
    # and one that began before we missed the resolve of the last bears a start before its end. A push of either would
    # be taken for a late word of what has ended. What tells them apart is that Alertmanager was told of it after that
    # end; the firing then begins with the end, the same for every daemon that finds it.
    if each.updated_at is None or each.updated_at <= ended.resolved_at:
        return None
    begins = ended.resolved_at + _STEP
    return replace(alert, starts_at=begins, key=report_key(alert.fingerprint, begins, "firing"))


def _with_group(alert: Alert, look: Look, terms: Terms) -> Alert:
    """The alert with the group in which a push would have told it; the API tells no groups by their keys."""
    if look.route is None:
        return alert
    return replace(alert, group_key=find_group_key(look.route, alert.labels, terms.receivers))


def _dated(correction: Alert, first: datetime) -> Alert:
    """A lost resolve ends its episode at the first look that missed it.

    The end is in its key: the next episode of an alert may bear the start of this one, and has an end of its own. The
    real resolve, should it come yet, finds the episode resolved.
    """
    if correction.correction != "healed":
        return correction
    ended = max(first, correction.starts_at + _STEP)
    key = f"{report_key(correction.fingerprint, correction.starts_at, 'resolved')}.{ended.isoformat()}"
    return replace(correction, ends_at=ended, key=key)
