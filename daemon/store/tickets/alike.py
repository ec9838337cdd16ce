"""Which open tickets the mails of a batch may repeat, found without loading all that look a little like them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain
from typing import TYPE_CHECKING

from immutables import Map
from sqlalchemy import select

from daemon.store import schema
from daemon.store.lists import find_newest, run_in
from rules.joining.repeats import CANDIDATES, could_repeat, describe
from rules.language.similarity import sketch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from rules.report import Mail
    from rules.rulebook import Rulebook

#: Of the tickets that share a value of a sketch so many are looked at, the newest. A value that more tickets share
#: tells little of any of them, and a mail has others.
SHARING = 50

_SUMMARIES = select(schema.tickets.c.id, schema.tickets.c.summary, schema.tickets.c.changed_at).where(
    schema.tickets.c.channel == "mail", schema.tickets.c.status.not_in(("resolved", "closed"))
)


@dataclass(frozen=True, slots=True)
class Alike:
    """What `Facts` needs to know of the tickets that mails may repeat."""

    by_value: Map[int, tuple[int, ...]]
    """By the values of their sketches, the newest first."""
    tickets: frozenset[int]


def find_alike(
    connection: Connection,
    mails: Sequence[Mail],
    by_person: Mapping[str, tuple[int, ...]],
    rulebook: Rulebook,
    now: datetime,
) -> Alike:
    """Find the open tickets that a mail of the batch may repeat; `by_person` are those of the senders themselves.

    Many share a value and few are alike enough, so they are compared by their summaries before they are loaded.
    A ticket that another mail of the batch changes is loaded for that mail's sake, and needs no thought here.
    """
    described = [describe(mail) for mail in mails]
    sharing = find_sharing(connection, {value for text in described for value in sketch(text)})
    own = [_own(mail, by_person) for mail in mails]
    candidates = [mine | _most_alike(text, sharing) for mine, text in zip(own, described, strict=True)]
    summaries = _find_summaries(connection, set().union(*candidates), since=now - rulebook.repeats.window.length())
    tickets = frozenset().union(
        *(
            could_repeat(text, {ticket: summaries[ticket] for ticket in found if ticket in summaries}, mine, rulebook)
            for text, found, mine in zip(described, candidates, own, strict=True)
        )
    )
    kept = ((value, tuple(sorted(tickets.intersection(found), reverse=True))) for value, found in sharing.items())
    return Alike(Map({value: found for value, found in kept if found}), tickets)


def _own(mail: Mail, by_person: Mapping[str, tuple[int, ...]]) -> set[int]:
    return set(by_person.get(mail.sender.address, ())) if mail.sender else set()


def _most_alike(described: str, sharing: Mapping[int, Iterable[int]]) -> set[int]:
    """The tickets that share most of the mail's sketch."""
    shared = Counter(chain.from_iterable(sharing.get(value, ()) for value in sketch(described)))
    most = nlargest(CANDIDATES, zip(shared.values(), shared.keys(), strict=True))
    return {ticket for _, ticket in most}


def find_sharing(connection: Connection, values: Collection[int]) -> dict[int, list[int]]:
    """Find the open tickets that have each value in their sketch: the newest, no more than `SHARING`."""
    return find_newest(connection, schema.sketches.c.value, values, SHARING)


def _find_summaries(connection: Connection, tickets: Collection[int], *, since: datetime) -> dict[int, str]:
    """The summaries of those tickets that take repeats: open, of people, and not too old."""
    rows = run_in(connection, _SUMMARIES, schema.tickets.c.id, tickets)
    return {row.id: row.summary for row in rows if row.changed_at >= since}
