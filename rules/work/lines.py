"""Lines of support: the first one takes every ticket, and each has its own teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.rulebook import Rulebook
    from rules.sections.desk import Line
    from rules.ticket import Ticket


def first_line(rulebook: Rulebook) -> str:
    """The name of the line that tickets begin on; empty where the rulebook has none."""
    return rulebook.lines[0].name if rulebook.lines else ""


def find_line(rulebook: Rulebook, name: str) -> Line | None:
    """The line with this name, or None."""
    return next((line for line in rulebook.lines if line.name == name), None)


def next_line(rulebook: Rulebook, ticket: Ticket, steps: int) -> Line | None:
    """The line so many steps up from the ticket's, the last one at most; None where it is there already."""
    names = [line.name for line in rulebook.lines]
    at = names.index(ticket.line) if ticket.line in names else -1
    up = min(at + steps, len(names) - 1)
    return rulebook.lines[up] if steps and up > at else None


def team_on_line(rulebook: Rulebook, line: str, category: str) -> str | None:
    """Whose work a category is on a line, where the line says so itself; None leaves it to the category."""
    found = find_line(rulebook, line)
    return None if found is None else found.teams.get(category) or found.team


def team_for(rulebook: Rulebook, ticket: Ticket, line: str | None = None) -> str:
    """Whose work a ticket is, by its category, requester and line; `line` names another one than it is on.

    A category of an earlier rulebook is the desk's own work.
    """
    category = rulebook.categories.get(ticket.category)
    theirs = rulebook.requesters.external_team if ticket.relation == "external" else None
    on_line = team_on_line(rulebook, ticket.line if line is None else line, ticket.category)
    return on_line or theirs or (category.team if category is not None else rulebook.desk_team)
