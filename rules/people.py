"""The people of a desk: who they are, which team they work in, and who is on duty when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from immutables import Map

Role = Literal["engineer", "lead", "supervisor", "manager", "head"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Away:
    """A time in which somebody is not there: from one instant up to, not including, another."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of staff. The address is the identity."""

    address: str
    name: str = ""
    role: Role = "engineer"
    teams: tuple[str, ...] = ()
    skills: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    """Zones of the rulebook that this person is responsible for."""
    lines: frozenset[str] = frozenset()
    """Support lines of the rulebook that this person works on; none is all of them."""
    language: str | None = None
    """Of the letters to this person; None takes the rulebook's own."""
    limit: int | None = None
    """How many open tickets this person may hold; None is no limit."""
    away: tuple[Away, ...] = ()

    def is_away(self, at: datetime) -> bool:
        """Tell whether this person is not there at an instant."""
        return any(away.begins <= at < away.ends for away in self.away)

    def works_on(self, line: str) -> bool:
        """Tell whether this person works on a support line."""
        return not self.lines or line in self.lines


@dataclass(frozen=True, slots=True)
class Rotation:
    """How the people of a shift take turns."""

    days: int
    """The length of a turn. A multiple of 7 counts weeks; any other number counts only days with a shift."""
    since: date
    """The first day of a turn of the first person; turns before it are counted backwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One line of the duty roster: these people of a team are on duty at these hours of these days."""

    team: str
    people: tuple[str, ...]
    days: frozenset[Weekday] = frozenset(WEEKDAYS)
    begins: time = time(0)
    ends: time = time(0)
    """At or before `begins`: the shift runs past midnight, into the next day."""
    rotation: Rotation | None = None
    """None: all of them are on duty together; otherwise one at a time, in their order."""

    def begun_on(self, at: datetime) -> date | None:
        """The day on which the shift began that runs at a local time, or None where none runs.

        A night shift belongs to the day on which it begins.
        """
        clock, today = at.time(), at.date()
        if self.begins < self.ends:
            return today if self._runs_on(today) and self.begins <= clock < self.ends else None
        day = today if clock >= self.begins else today - timedelta(days=1)
        return day if self._runs_on(day) and (clock >= self.begins or clock < self.ends) else None

    def in_turn(self, day: date) -> tuple[str, ...]:
        """The people of the shift that begins on a day, the one whose turn it is first."""
        if self.rotation is None or not self.people:
            return self.people
        first = self._turns_since(self.rotation, day) % len(self.people)
        return self.people[first:] + self.people[:first]

    def _turns_since(self, rotation: Rotation, day: date) -> int:
        if rotation.days % 7 == 0:
            return (day - rotation.since).days // rotation.days
        return (self._shifts_before(day) - self._shifts_before(rotation.since)) // rotation.days

    def _shifts_before(self, day: date) -> int:
        """How many shifts have begun before a day, since the first Monday of the calendar."""
        weeks, rest = divmod(day.toordinal() - 1, 7)
        return weeks * len(self.days) + sum(weekday in self.days for weekday in WEEKDAYS[:rest])

    def _runs_on(self, day: date) -> bool:
        return WEEKDAYS[day.weekday()] in self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Everybody who works at the desk, and the duty roster."""

    people: Map[str, Person] = Map()
    roster: tuple[Shift, ...] = ()
    timezone: ZoneInfo = ZoneInfo("UTC")
    known: frozenset[str] = frozenset()
    """Addresses and domains (`@example.org`) whose reports count even where the mail server proves nobody."""

    def find(self, address: str | None) -> Person | None:
        """The member of staff with this address, or None."""
        return self.people.get(address) if address else None

    def knows(self, address: str) -> bool:
        """Tell whether the address is staff, or is declared as known by itself or by its domain."""
        domain = "@" + address.rpartition("@")[2]
        return address in self.people or address in self.known or domain in self.known

    def members(self, team: str, *, at: datetime | None = None) -> tuple[Person, ...]:
        """The engineers of a team, by address; with `at` only those on duty then and not away.

        A team without a line in the roster is always on duty. Where people take turns and the one whose turn it is
        is away, the next in the order stands in.
        """
        members = [person for person in self.people.values() if team in person.teams and person.role == "engineer"]
        if at is not None:
            members = [person for person in members if not person.is_away(at)]
            shifts = [shift for shift in self.roster if shift.team == team]
            there = self._on_duty(shifts, {person.address for person in members}, at) if shifts else None
            members = [person for person in members if there is None or person.address in there]
        return tuple(sorted(members, key=lambda person: person.address))

    def leads(self, team: str) -> tuple[Person, ...]:
        """The leads of a team; of a team without one, every lead of the desk."""
        leads = [person for person in self.people.values() if person.role == "lead"]
        own = [person for person in leads if team in person.teams]
        return tuple(sorted(own or leads, key=lambda person: person.address))

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """Everybody with this role, by address."""
        return tuple(sorted((p for p in self.people.values() if p.role == role), key=lambda p: p.address))

    def _on_duty(self, shifts: list[Shift], there: set[str], at: datetime) -> set[str]:
        """Of the people who are there those whom a running shift has on duty."""
        local = at.astimezone(self.timezone)
        on_duty: set[str] = set()
        for shift in shifts:
            day = shift.begun_on(local)
            present = [address for address in shift.in_turn(day) if address in there] if day else []
            on_duty.update(present if shift.rotation is None else present[:1])
        return on_duty
