"""Who takes a ticket: of those who are eligible now, the one with the least to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from rules.people import Person, Staff


@dataclass(frozen=True, slots=True)
class Assignment:
    """The chosen person's address, or None, and why."""

    assignee: str | None
    reason: str


def assign(team: str, skill: str | None, load: Mapping[str, int], staff: Staff, now: datetime) -> Assignment:
    """Choose the assignee of a ticket.

    Eligible are the engineers of the team who are on duty at `now` and under their own limit; of these, those with
    the skill, where anybody has it. Of the eligible the one with the fewest open tickets (`load`, by address) is
    chosen, and of equals the first by address.
    """
    on_duty = staff.members(team, at=now)
    if not on_duty:
        return Assignment(None, f"nobody of {team} is on duty" if staff.members(team) else f"{team} has no engineers")
    free = [person for person in on_duty if person.limit is None or load.get(person.address, 0) < person.limit]
    if not free:
        return Assignment(None, f"everybody of {team} on duty has as many tickets as they may hold")
    skilled = [person for person in free if skill in person.skills] if skill else []
    return _choose(skilled or free, load, f"skill {skill}" if skilled else f"on duty in {team}")


def _choose(eligible: Sequence[Person], load: Mapping[str, int], why: str) -> Assignment:
    chosen = min(eligible, key=lambda person: (load.get(person.address, 0), person.address))
    count = load.get(chosen.address, 0)
    among = f"fewest of {len(eligible)}" if len(eligible) > 1 else "the only one"
    return Assignment(chosen.address, f"{why}; {count} open, {among}")
