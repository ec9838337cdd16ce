"""Episodes that fire and of which there may be no word any more.

A resend costs one look-up and one count in the ledger, and must not cost more. So an episode only has a moment at
which the desk looks (`silent_at`), and when it comes, the ledger tells of the last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, bindparam, select, text, update

from daemon.store import schema
from daemon.store.alerts.rows import read_episode
from daemon.store.lists import run_in
from rules.alerts.heartbeat import FINGERPRINT as HEARTBEAT
from rules.alerts.identity import firing_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from rules.episode import Episode

# Written out, so that SQLite sees its partial indexes.
_DUE = text("episodes.silent_at IS NOT NULL")
_FIRING = text("episodes.resolved_at IS NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A firing episode that is due to be looked at."""

    episode: Episode
    ticket: int
    last_word_at: datetime


def expect_word(connection: Connection, *, until: datetime) -> None:
    """Give every episode that fires and is told again at least until then: while away the desk could hear nothing."""
    table = schema.episodes
    early = table.c.silent_at.is_(None) | (table.c.silent_at < until)
    told_again = table.c.monitor.is_(None), table.c.fingerprint != HEARTBEAT
    waiting = and_(_FIRING, table.c.stale_since.is_(None), *told_again, early)
    connection.execute(update(table).where(waiting).values(silent_at=until))


def find_silent_episodes(
    connection: Connection, now: datetime, *, but_of: Collection[str] = (), limit: int
) -> list[Silent]:
    """The episodes that are due, but those of some sources: the longest first, each with the last word of it."""
    table = schema.episodes.c
    due = select(schema.episodes).where(_DUE, table.silent_at <= now, table.ticket_id.is_not(None))
    due = due.where(table.source.not_in(but_of)) if but_of else due
    rows = connection.execute(due.order_by(table.silent_at).limit(limit)).all()
    episodes = [read_episode(row) for row in rows]
    words, words_of_series = _last_words(connection, episodes), _last_words_of_series(connection, episodes)
    return [_silent(episode, words, words_of_series) for episode in episodes]


def put_off(connection: Connection, spoken: Iterable[Silent], by: timedelta) -> None:
    """Look again at episodes so long after their last words."""
    table = schema.episodes
    same = [table.c[name] == bindparam(f"of_{name}") for name in ("source", "fingerprint", "cycle")]
    statement = update(table).where(*same).values(silent_at=bindparam("until"))
    rows = [
        {
            "of_source": each.episode.source,
            "of_fingerprint": each.episode.fingerprint,
            "of_cycle": each.episode.cycle,
            "until": each.last_word_at + by,
        }
        for each in spoken
    ]
    if rows:
        connection.execute(statement, rows)


def _last_words(connection: Connection, episodes: Sequence[Episode]) -> dict[tuple[str, str], datetime]:
    """When each word of these episodes that they fire was last heard, by source and key of the report."""
    table = schema.ledger.c
    keys: dict[str, list[str]] = {}
    for episode in episodes:
        keys.setdefault(episode.source, []).extend(firing_keys(episode))
    words: dict[tuple[str, str], datetime] = {}
    for source, told in keys.items():
        statement = select(table.key, table.last_seen_at).where(table.source == source)
        words |= {(source, row.key): row.last_seen_at for row in run_in(connection, statement, table.key, told)}
    return words


def _last_words_of_series(connection: Connection, episodes: Sequence[Episode]) -> dict[tuple[int, str, str], datetime]:
    """When there was last word of each series of episodes that are made of several, by ticket, source and fingerprint.

    Of these an episode knows the first start and the newest, and not the others. So all reports of its ticket are
    looked at, in whose keys the fingerprint comes first: many rows, and read for no other episodes.
    """
    table = schema.ledger.c
    tickets = {each.ticket for each in episodes if each.series and each.last_start is not None}
    statement = select(table.ticket_id, table.source, table.key, table.last_seen_at).where(table.channel == "alert")
    words: dict[tuple[int, str, str], datetime] = {}
    for row in run_in(connection, statement, table.ticket_id, tickets):
        if row.key.endswith(".firing"):
            of = row.ticket_id, row.source, row.key.partition(".")[0]
            words[of] = max(words.get(of, row.last_seen_at), row.last_seen_at)
    return words


def _silent(
    episode: Episode,
    words: Mapping[tuple[str, str], datetime],
    words_of_series: Mapping[tuple[int, str, str], datetime],
) -> Silent:
    ticket = episode.ticket or 0
    told = [words.get((episode.source, key)) for key in firing_keys(episode)]
    told += [words_of_series.get((ticket, episode.source, series)) for series in episode.series]
    last = max((at for at in told if at is not None), default=episode.starts_at)
    return Silent(episode=episode, ticket=ticket, last_word_at=last)
