"""What `deskd tickets` prints, out of the database."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from daemon.cli.layout import fit, terminal_width, write
from daemon.cli.ticket_list import list_as_json, list_as_text
from daemon.cli.ticket_story import story_data, tell_story
from daemon.store.database import Database, DatabaseError
from daemon.store.tickets.read import Excerpt, list_tickets, looking_into, read_ticket_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from daemon.config.settings import Config
    from daemon.store.database import Connection
    from daemon.store.tickets.read import ListedTicket

#: A busy ticket of people is shorter; one of a storm has thousands of moments, and what its newest are is wanted.
EXCERPT = Excerpt(first=20, last=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Whose tickets are shown, and for whom."""

    config: Config
    as_json: bool

    @property
    def zone(self) -> ZoneInfo:
        """Times are shown in the rulebook's zone."""
        return ZoneInfo(self.config.rulebook.timezone)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The desk's database, for reading. Raises DatabaseError and SecretError where it cannot be read."""
        database = Database.at(self.config.database.url.reveal())
        if database.path is not None and not database.path.exists():
            raise DatabaseError(f"{database.path} is not there: the desk has not been started yet")
        with looking_into(database) as connection:
            yield connection


def print_list(view: View, *, closed: bool, team: str | None, now: datetime) -> int:
    """Print the tickets, the most urgent first and among them the oldest; returns the exit status.

    That is 0, or 2 for a team that the rulebook does not have and of which there is no ticket either.
    """
    with view.reading() as connection:
        tickets = list_tickets(connection, closed=closed, team=team)
    teams = view.config.rulebook.teams
    if team is not None and team not in teams and not tickets:
        sys.stderr.write(f"--team: {team!r} is no team of the rulebook; it has {', '.join(teams)}\n")
        return 2
    _most_urgent_first(tickets, view.config.rulebook.priority.levels)
    if view.as_json:
        lines = list_as_json(tickets, view.zone)
    else:
        lines = list_as_text(tickets, view.zone, now, terminal_width())
    write("".join(f"{line}\n" for line in lines))
    return 0


def print_stories(view: View, numbers: Sequence[str], *, whole: bool) -> int:
    """Print the story of each ticket, a long one whole or not; returns the exit status, 1 where one is not there.

    Machines get all of it.
    """
    excerpt = None if whole or view.as_json else EXCERPT
    with view.reading() as connection:
        files = {number: read_ticket_file(connection, number, excerpt) for number in numbers}
    for number, file in files.items():
        if file is None:
            sys.stderr.write(f"there is no ticket {number}\n")
        elif view.as_json:
            write(json.dumps(story_data(file, view.zone), ensure_ascii=False) + "\n")
        else:
            lines = fit(tell_story(file, view.zone, excerpt), terminal_width())
            write("".join(f"{line}\n" for line in lines))
    return int(None in files.values())


def _most_urgent_first(tickets: list[ListedTicket], levels: Sequence[str]) -> None:
    rank = {level: place for place, level in enumerate(levels)}
    tickets.sort(key=lambda ticket: rank.get(ticket.priority, len(rank)))
