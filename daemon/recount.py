"""Counting all running clocks again when the rulebook has changed, page by page beside the desk's other work."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from daemon.store.tickets.recount import claim_recount, find_promised, find_recount, mark_recount
from rules.deciding.reload import recompute_clocks
from rules.events import ClockChanged, ClockStarted, ClockStopped

if TYPE_CHECKING:
    from daemon.desk import Desk
    from daemon.store.database import Connection
    from rules.decision import Decision
    from rules.rulebook import Rulebook

#: So many tickets are counted in one transaction: webhooks wait no longer than for one such page.
TICKETS_OF_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page:
    """What one page came to."""

    last: bool
    """No page is left, or another rulebook has taken over."""
    tickets: int = 0
    clocks: int = 0
    """How many clocks were started, changed or cancelled."""


class Recount:
    """One way through all tickets with running clocks. How far it came stands in the database, for the next start."""

    def __init__(self, desk: Desk, rulebook: Rulebook, *, tickets_of_a_page: int = TICKETS_OF_A_PAGE) -> None:
        self._desk = desk
        self._size = tickets_of_a_page
        self._rulebook = rulebook
        self._digest = digest_of(rulebook)

    def first_page(self, connection: Connection) -> Page:
        """Begin, or go on where it was broken off; nothing where the clocks follow this rulebook already."""
        return self._page(connection, claim_recount(connection, self._digest)) if self._holds else Page(last=True)

    def next_page(self, connection: Connection) -> Page:
        """Go on."""
        return self._page(connection, find_recount(connection, self._digest)) if self._holds else Page(last=True)

    @property
    def _holds(self) -> bool:
        """Whether the desk works by this rulebook and by no newer one."""
        return self._desk.rulebook is self._rulebook

    def _page(self, connection: Connection, after: int | None) -> Page:
        if after is None:
            return Page(last=True)
        ids = find_promised(connection, after=after, limit=self._size)
        decisions = self._desk.decide_each(connection, ids, recompute_clocks, announced=False) if ids else []
        last = len(ids) < self._size
        mark_recount(connection, None if last else ids[-1])
        return Page(last=last, tickets=len(ids), clocks=sum(map(_clocks_of, decisions)))


def digest_of(rulebook: Rulebook) -> str:
    """Tell one rulebook's content from another's; the public holidays that it takes over are part of it."""
    content = f"{version('holidays')} {rulebook.model_dump_json()}"
    return hashlib.sha256(content.encode()).hexdigest()


def _clocks_of(decision: Decision) -> int:
    return sum(isinstance(event, ClockStarted | ClockChanged | ClockStopped) for event in decision.events)
