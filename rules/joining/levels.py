"""A level that was reached with reports which turn out to be about something else: it stays, and staff are told so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.alerts.severity import worst_level
from rules.judging.priority import higher, impact_of_people

if TYPE_CHECKING:
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


def rests_on_what_left(before: Ticket, after: Ticket, rulebook: Rulebook) -> bool:
    """Tell whether a ticket would not have its level, or its impact, without the people and alerts that have left it.

    Nothing lowers it by itself: what raised it may be true all the same, and its promises were given.
    """
    raised = _was_raised_by_repeats(before, after, rulebook) or _was_raised_by_severity(before, after, rulebook)
    return raised or _was_widened_by_people(before, after, rulebook)


def _was_raised_by_repeats(before: Ticket, after: Ticket, rulebook: Rulebook) -> bool:
    if not after.raised:
        return False
    rules = [rule for rule in rulebook.escalations if rule.on == "repeat" and rule.raises and rule.count is not None]
    return any(
        f"repeat/{rule.name}/1" in after.rungs and after.counted_repeats < (rule.count or 0) <= before.counted_repeats
        for rule in rules
    )


def _was_raised_by_severity(before: Ticket, after: Ticket, rulebook: Rulebook) -> bool:
    was, now = (worst_level(ticket, rulebook) for ticket in (before, after))
    return was == after.priority and now is not None and higher(after.priority, now, rulebook)


def _was_widened_by_people(before: Ticket, after: Ticket, rulebook: Rulebook) -> bool:
    was, now = (impact_of_people(_counted(ticket), rulebook) for ticket in (before, after))
    return was != now and was == after.impact


def _counted(ticket: Ticket) -> int:
    return sum(person.counted for person in ticket.participants)
