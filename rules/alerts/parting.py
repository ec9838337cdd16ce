"""Alerts that joined a ticket because one service needs another get one of their own where that was a mistake."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from immutables import Map

from rules.alerts.events import AlertsParted, AlertsTaken
from rules.alerts.healing import hold_or_heal
from rules.alerts.identity import firing_keys, subject_of
from rules.alerts.state import SHOWN, FiringOn, RelatedAlerts
from rules.deciding.opening import open_ticket
from rules.judging.priority import judge, severity_level
from rules.report import Alert
from rules.work.dispatch import give_to_somebody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.change import Change
    from rules.episode import Episode
    from rules.facts import Facts
    from rules.language.sayings import Saying
    from rules.ticket import Ticket


@dataclass(frozen=True, slots=True)
class PartableAlerts:
    """Related alerts of a ticket, with the newest episode of each."""

    related: RelatedAlerts
    episodes: tuple[Episode, ...]


def partable_alerts(ticket: Ticket, facts: Facts) -> tuple[PartableAlerts, ...]:
    """The related alerts of a ticket of which some still fire: what has ended is parted by itself."""
    found = (PartableAlerts(each, _episodes(each.key, ticket, facts)) for each in ticket.alerts.related)
    return tuple(each for each in found if any(episode.firing for episode in each.episodes))


def part_alerts(whole: Change, parted: PartableAlerts, *, by: str, reason: Saying) -> Change:
    """Open a ticket for related alerts, which goes on as if they had opened it, and let them join the other no more.

    `by` is the address of the member of staff who says that it is another problem. What is left of the ticket is held
    or healed where nothing fires on it any more.
    """
    part = whole.change_beside(None)
    alert = _alert_of(parted, part)
    _open(part, alert, parted, reason)
    _leave(whole, part, parted, by=by, reason=reason)
    give_to_somebody(part, requester=None, text=alert.summary, is_alert=True, labels=parted.related.labels)
    if whole.ticket.firing <= 0 and whole.ticket.open:
        hold_or_heal(whole, whole.now)
    return part


def _episodes(key: str, ticket: Ticket, facts: Facts) -> tuple[Episode, ...]:
    """The newest episodes of alerts with a key on a ticket, as they stand after what the batch has decided."""
    told = {(each.source, each.fingerprint): each for each in facts.related.get((ticket.id, key), ())}
    latest = {**told, **{name: each for name, each in facts.episodes.items() if name in told or each.key == key}}
    return tuple(each for each in latest.values() if each.ticket == ticket.id and each.key == key)


def _alert_of(parted: PartableAlerts, part: Change) -> Alert:
    """The alert that would have opened the ticket, with the worst severity that fires."""
    related, rulebook = parted.related, part.rulebook
    firing = sorted((each for each in parted.episodes if each.firing), key=lambda each: each.starts_at)
    levels = rulebook.priority.levels
    worst = min((each.severity for each in firing), key=lambda each: levels.index(severity_level(each, rulebook)))
    return Alert(
        source=related.source,
        key="",
        received_at=part.now,
        status="firing",
        fingerprint=firing[0].fingerprint,
        starts_at=firing[0].starts_at,
        labels=Map(related.labels).set("severity", worst) if worst else Map(related.labels),
        annotations=Map(summary=related.summary),
    )


def _open(part: Change, alert: Alert, parted: PartableAlerts, reason: Saying) -> None:
    subject, key = subject_of(alert), parted.related.key
    judgement = judge(alert, part.rulebook, people=0)
    open_ticket(part, alert, judgement, subject=subject, summary=alert.summary, language="und", key=key)
    firing = [each for each in parted.episodes if each.firing]
    part.happen(
        AlertsTaken(
            at=part.now,
            firing=len(firing),
            stale=_stale(firing),
            severities=_severities(firing),
            firing_on=tuple(map(_listed, sorted(firing, key=lambda each: each.starts_at)[:SHOWN])),
            concerns=parted.related.concerns,
            reason=reason,
        ),
        because=reason,
    )


def _leave(whole: Change, part: Change, parted: PartableAlerts, *, by: str, reason: Saying) -> None:
    firing = [each for each in parted.episodes if each.firing]
    gone = {(each.source, each.fingerprint) for each in firing}
    listed = whole.ticket.alerts.firing_on
    whole.happen(
        AlertsParted(
            at=whole.now,
            key=parted.related.key,
            name=parted.related.name,
            ticket=part.ticket.id,
            number=part.ticket.number,
            firing=len(firing),
            stale=_stale(firing),
            severities=_severities(firing),
            firing_on=tuple(each for each in listed if (each.source, each.fingerprint) in gone),
            concerns=parted.related.concerns,
            by=by,
            reason=reason,
        ),
        because=reason,
    )
    part.moved += [(each.source, key) for each in parted.episodes for key in firing_keys(each)]
    whole.episodes += tuple(replace(each, ticket=part.ticket.id, key=None) for each in parted.episodes)


def _severities(firing: Sequence[Episode]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(each.severity for each in firing).items()))


def _stale(firing: Sequence[Episode]) -> int:
    return sum(each.stale_since is not None for each in firing)


def _listed(episode: Episode) -> FiringOn:
    return FiringOn(
        source=episode.source,
        fingerprint=episode.fingerprint,
        name=episode.name,
        target=episode.target,
        since=episode.starts_at,
    )
