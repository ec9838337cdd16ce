"""Firing episodes of which there was no word for long: found by the clock's tick, and marked on their tickets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from daemon.store.alerts.silent_episodes import Silent, expect_word, find_silent_episodes, put_off
from rules.alerts.staleness import decide_stale

if TYPE_CHECKING:
    from daemon.desk import Desk
    from daemon.store.database import Connection
    from rules.decision import Decision
    from rules.facts import Facts
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

LOOK_EVERY = timedelta(seconds=30)
#: The desk looks every half a minute. After a longer gap it was away itself, and could hear nothing.
AWAY = timedelta(minutes=2)
#: So many episodes are looked at in one tick.
AT_ONCE = 500


@dataclass(slots=True)
class Staleness:
    """Looks for silent episodes; knows of itself only when it last did, and by which rulebook."""

    looked_at: datetime | None = None
    rulebook: Rulebook | None = None

    def look(self, connection: Connection, desk: Desk, now: datetime) -> None:
        """Mark the episodes of which there was no word for as long as the rulebook says, if it does.

        An Alertmanager that the desk asks itself needs no word: what ends there is found by asking, and what the desk
        has silenced is not told.
        """
        after = desk.rulebook.alerts.stale_after
        if after is None or not self._is_time(now):
            return
        if self.rulebook is not desk.rulebook or self.looked_at is None or now - self.looked_at >= AWAY:
            expect_word(connection, until=now + after.length())
        self.looked_at, self.rulebook = now, desk.rulebook
        found = find_silent_episodes(connection, now, but_of=desk.standing.silencing, limit=AT_ONCE)
        spoken = [each for each in found if each.last_word_at + after.length() > now]
        put_off(connection, spoken, after.length())
        _mark(connection, desk, [each for each in found if each.last_word_at + after.length() <= now])

    def _is_time(self, now: datetime) -> bool:
        """Tell whether to look: the desk's clock may also have been set back."""
        return self.looked_at is None or not self.looked_at <= now < self.looked_at + LOOK_EVERY


def _mark(connection: Connection, desk: Desk, silent: list[Silent]) -> None:
    by_ticket = defaultdict[int, list[Silent]](list)
    for each in silent:
        by_ticket[each.ticket].append(each)

    def decide(ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
        words = [(each.episode, each.last_word_at) for each in by_ticket[ticket.id]]
        return decide_stale(ticket, words, facts, rulebook, now)

    if by_ticket:
        desk.decide_each(connection, sorted(by_ticket), decide)
