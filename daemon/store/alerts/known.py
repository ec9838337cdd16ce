"""What is known of alerts before they are decided: their episodes, by whatever identity, and why they were ignored."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import and_, bindparam, select, text

from daemon.store import schema
from daemon.store.alerts.rows import read_episode
from daemon.store.bulk import upsert
from daemon.store.lists import run_in
from rules.alerts.identity import end_key, identify
from rules.alerts.ignoring import is_left_out
from rules.alerts.known import find_by_series, fires_in
from rules.facts import Entry
from rules.report import Alert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from rules.episode import Episode
    from rules.report import Report
    from rules.rulebook import Rulebook

    Ledger = Map[tuple[str, str], Entry]

# Written out, so that SQLite sees its partial indexes. A statement takes longer to build than to run: built once.
_NEWEST = select(schema.episodes).where(schema.episodes.c.source == bindparam("of"), text("episodes.newest"))
_BY_SERIES = (
    select(schema.series.c.fingerprint.label("one_of_it"), schema.episodes)
    .join_from(
        schema.series,
        schema.episodes,
        and_(
            schema.episodes.c.source == schema.series.c.source,
            schema.episodes.c.fingerprint == schema.series.c.episode,
            text("episodes.resolved_at IS NULL"),
        ),
    )
    .where(schema.series.c.source == bindparam("of"))
)
_REASONS = select(
    schema.ledger.c.key, schema.ledger.c.verdict, schema.ledger.c.ticket_id, schema.ledger.c.reason
).where(schema.ledger.c.source == bindparam("of"))


@dataclass(frozen=True, slots=True)
class KnownEpisodes:
    """The episodes that words of alerts may be about."""

    episodes: Map[tuple[str, str], Episode] = Map()
    """The newest by source and fingerprint, and those that fire with a series under another one."""
    series: Map[tuple[str, str], str] = Map()
    """The fingerprints of the latter by source and series."""


def find_known_episodes(connection: Connection, alerts: Sequence[Alert], rulebook: Rulebook) -> KnownEpisodes:
    """Find the episodes of alerts: by the identity that the rulebook makes, and of what fires in none by the series.

    An episode keeps the identity with which it began, and the rulebook may have changed since.
    """
    identities = [(alert.source, identify(alert, rulebook)) for alert in alerts]
    episodes = _find_newest(connection, set(identities), {(alert.source, alert.fingerprint) for alert in alerts})
    elsewhere = {
        (alert.source, alert.fingerprint)
        for alert, identity in zip(alerts, identities, strict=True)
        if (own := episodes.get(identity)) is None or not fires_in(alert, own)
        if find_by_series(alert, episodes, {}) is None
    }
    series = {}
    for source, fingerprints in _by_source(elsewhere).items():
        for row in run_in(connection, _BY_SERIES, schema.series.c.fingerprint, fingerprints, of=source):
            series[source, row.one_of_it] = row.fingerprint
            episodes[source, row.fingerprint] = read_episode(row)
    return KnownEpisodes(Map(episodes), Map(series))


def _find_newest(
    connection: Connection, identities: Collection[tuple[str, str]], senders: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Episode]:
    """The newest episodes by identity, and by the sender's fingerprint those that fire."""
    found = {}
    for source, fingerprints in _by_source({*identities, *senders}).items():
        for row in run_in(connection, _NEWEST, schema.episodes.c.fingerprint, fingerprints, of=source):
            if row.resolved_at is None or (source, row.fingerprint) in identities:
                found[source, row.fingerprint] = read_episode(row)
    return found


def record_series(connection: Connection, decided: Iterable[tuple[Report | None, Sequence[Episode]]]) -> None:
    """Write down of which episodes the series of alerts are part, where these have another fingerprint."""
    rows = {
        (report.source, report.fingerprint): episode.fingerprint
        for report, episodes in decided
        if isinstance(report, Alert)
        for episode in episodes
        if report.fingerprint in episode.series
    }
    names = ("source", "fingerprint", "episode")
    upsert(connection, schema.series, [dict(zip(names, (*key, of), strict=True)) for key, of in rows.items()])


def complete_ledger(
    connection: Connection, ledger: Ledger, alerts: Iterable[Alert], known: KnownEpisodes, rulebook: Rulebook
) -> Ledger:
    """Add what else of the ledger a decision may depend on, which is rare.

    That is why alerts were ignored that the rulebook does not ignore now; and whether the end of these was told, or of
    those that come to an episode of other series.
    """
    pairs: set[tuple[str, str]] = set()
    for alert in alerts:
        if is_left_out(alert, ledger, rulebook):
            pairs |= {(alert.source, alert.key), (alert.source, end_key(alert))}
        elif rulebook.alerts.ignore_labels and _is_of_others(alert, ledger, known, rulebook):
            pairs.add((alert.source, end_key(alert)))
    found = {}
    for source, keys in _by_source(pairs).items():
        for row in run_in(connection, _REASONS, schema.ledger.c.key, keys, of=source):
            found[source, row.key] = Entry(row.verdict, row.ticket_id, row.reason)
    return ledger.update(found)


def _is_of_others(alert: Alert, ledger: Ledger, known: KnownEpisodes, rulebook: Rulebook) -> bool:
    if alert.status != "firing" or (alert.source, alert.key) in ledger:
        return False
    identity = identify(alert, rulebook)
    return identity != alert.fingerprint and (alert.source, identity) in known.episodes


def _by_source(pairs: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    by_source = defaultdict[str, set[str]](set)
    for source, name in pairs:
        by_source[source].add(name)
    return by_source
