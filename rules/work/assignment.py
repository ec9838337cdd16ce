"""Who takes a ticket: of those who are eligible now, the best suited; of equals, whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from immutables import Map

from rules.language.sayings import Saying, say, say_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rules.people import Person, Staff

Chooser = Literal["least_load", "round_robin"]
PROPOSED = 3
"""How many candidates are proposed to somebody who names the assignee himself."""
NEVER_GIVEN: Map[str, int] = Map()


@dataclass(frozen=True, slots=True)
class Assignment:
    """The chosen person's address, or None, and why."""

    assignee: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a ticket asks of its assignee."""

    team: str
    skill: str | None = None
    """Preferred: where nobody free has it, somebody without it takes the ticket."""
    area: str | None = None
    """Preferred like the skill, and after it."""
    line: str | None = None
    """The support line, on which the assignee must work."""
    not_these: frozenset[str] = frozenset()
    """Addresses of people who must not get it, such as the one who asked for somebody else."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well somebody who is eligible suits a ticket. The best is the smallest."""

    unsuited: tuple[bool, bool]
    """Lacks the skill, lacks the area."""
    turn: int
    """Open tickets, or the serial of the ticket that was given last."""
    person: Person

    @property
    def rank(self) -> tuple[tuple[bool, bool], int, str]:
        return self.unsuited, self.turn, self.person.address


def assign(  # noqa: PLR0913 - all that an assignment hangs on
    team: str,
    skill: str | None,
    load: Mapping[str, int],
    staff: Staff,
    now: datetime,
    *,
    area: str | None = None,
    line: str | None = None,
    not_these: frozenset[str] = frozenset(),
    chooser: Chooser = "least_load",
    last_given: Mapping[str, int] = NEVER_GIVEN,
) -> Assignment:
    """Choose the assignee of a ticket, as `choose` does, with what is wanted written out."""
    wanted = Wanted(team=team, skill=skill, area=area, line=line, not_these=not_these)
    return choose(wanted, load, staff, now, chooser=chooser, last_given=last_given)


def choose(
    wanted: Wanted,
    load: Mapping[str, int],
    staff: Staff,
    now: datetime,
    *,
    chooser: Chooser = "least_load",
    last_given: Mapping[str, int] = NEVER_GIVEN,
) -> Assignment:
    """Choose the assignee of a ticket.

    Eligible are the engineers of the team who are on duty at `now`, not away, on the line and under their own limit
    of open tickets (`load`, by address). Of these go first those with the skill, then those with the area, where
    anybody has it. Of equals `least_load` takes the one with the fewest open tickets, `round_robin` the one who was
    given a ticket longest ago (`last_given`, the serial of the last one by address; nobody's is 0), and of equals
    again the first by address.
    """
    eligible = _eligible(wanted, load, staff, now)
    if isinstance(eligible, Saying):
        return Assignment(None, eligible)
    fits = _ranked(wanted, eligible, load if chooser == "least_load" else last_given)
    best = fits[0]
    equals = sum(fit.unsuited == best.unsuited for fit in fits)
    count = load.get(best.person.address, 0)
    return Assignment(best.person.address, say_all((*_suits(wanted, best), _standing(chooser, count, equals))))


def candidates(
    wanted: Wanted,
    load: Mapping[str, int],
    staff: Staff,
    now: datetime,
    *,
    chooser: Chooser = "least_load",
    last_given: Mapping[str, int] = NEVER_GIVEN,
) -> tuple[tuple[str, str], ...]:
    """The best three for a ticket, each as address and reason; the first is whom `choose` takes."""
    eligible = _eligible(wanted, load, staff, now)
    if isinstance(eligible, Saying):
        return ()
    best = _ranked(wanted, eligible, load if chooser == "least_load" else last_given)[:PROPOSED]
    return tuple(
        (fit.person.address, say_all((*_suits(wanted, fit), say("open", count=load.get(fit.person.address, 0)))))
        for fit in best
    )


def _eligible(wanted: Wanted, load: Mapping[str, int], staff: Staff, now: datetime) -> list[Person] | Saying:
    """Everybody who may take the ticket, at least one, or why there is nobody."""
    team = wanted.team
    on_duty = staff.members(team, at=now)
    if not on_duty:
        return _why_nobody_is_there(team, staff, now)
    others = [person for person in on_duty if person.address not in wanted.not_these]
    if not others:
        return say("nobody-else", team=team)
    on_line = [person for person in others if wanted.line is None or person.works_on(wanted.line)]
    if not on_line:
        return say("nobody-on-line", team=team, line=wanted.line or "")
    free = [person for person in on_line if person.limit is None or load.get(person.address, 0) < person.limit]
    return free or say("all-full", team=team)


def _why_nobody_is_there(team: str, staff: Staff, now: datetime) -> Saying:
    members = staff.members(team)
    if not members:
        return say("no-engineers", team=team)
    return say("all-away" if all(person.is_away(now) for person in members) else "nobody-on-duty", team=team)


def _ranked(wanted: Wanted, eligible: list[Person], turns: Mapping[str, int]) -> list[_Fit]:
    """The eligible people, the best suited first."""
    fits = [_Fit(_unsuited(wanted, person), turns.get(person.address, 0), person) for person in eligible]
    return sorted(fits, key=lambda fit: fit.rank)


def _unsuited(wanted: Wanted, person: Person) -> tuple[bool, bool]:
    lacks_skill = wanted.skill is not None and wanted.skill not in person.skills
    return lacks_skill, wanted.area is not None and wanted.area not in person.areas


def _suits(wanted: Wanted, fit: _Fit) -> list[Saying]:
    """What speaks for somebody, and what of the wanted is lacking."""
    lacks_skill, lacks_area = fit.unsuited
    line = [say("on-line", line=wanted.line)] if wanted.line else []
    skill = [say("lacks-skill" if lacks_skill else "has-skill", skill=wanted.skill)] if wanted.skill else []
    area = [say("lacks-area" if lacks_area else "has-area", area=wanted.area)] if wanted.area else []
    fits = [*line, *(part for part in (*skill, *area) if part.key.startswith("has"))]
    lacking = [part for part in (*skill, *area) if part.key.startswith("lacks")]
    return [*(fits or [say("on-duty", team=wanted.team)]), *lacking]


def _standing(chooser: Chooser, count: int, equals: int) -> Saying:
    if chooser == "round_robin":
        return say("next-in-turn", equals=equals) if equals > 1 else say("only-one")
    return say("fewest", count=count, equals=equals) if equals > 1 else say("open-only-one", count=count)
