"""The people of a desk: who they are, which team they work in, and who is on duty when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from immutables import Map

Role = Literal["engineer", "lead", "supervisor", "manager", "head"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of staff. The address is the identity."""

    address: str
    name: str = ""
    role: Role = "engineer"
    teams: tuple[str, ...] = ()
    skills: frozenset[str] = frozenset()
    language: str | None = None
    """Of the letters to this person; None takes the rulebook's own."""
    limit: int | None = None
    """How many open tickets this person may hold; None is no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One line of the duty roster: these people of a team are on duty at these hours of these days."""

    team: str
    people: frozenset[str]
    days: frozenset[Weekday] = frozenset(WEEKDAYS)
    begins: time = time(0)
    ends: time = time(0)
    """At or before `begins`: the shift runs past midnight, into the next day."""

    def covers(self, at: datetime) -> bool:
        """Tell whether the shift runs at a local time; a night shift belongs to the day on which it begins."""
        clock, today = at.time(), WEEKDAYS[at.weekday()]
        if self.begins < self.ends:
            return today in self.days and self.begins <= clock < self.ends
        yesterday = WEEKDAYS[(at.weekday() - 1) % 7]
        return (today in self.days and clock >= self.begins) or (yesterday in self.days and clock < self.ends)


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
        """The engineers of a team, by address; with `at` only those on duty then.

        A team without a line in the roster is always on duty.
        """
        members = [person for person in self.people.values() if team in person.teams and person.role == "engineer"]
        shifts = [shift for shift in self.roster if shift.team == team]
        if at is not None and shifts:
            local = at.astimezone(self.timezone)
            on_duty = frozenset[str]().union(*(shift.people for shift in shifts if shift.covers(local)))
            members = [person for person in members if person.address in on_duty]
        return tuple(sorted(members, key=lambda person: person.address))

    def leads(self, team: str) -> tuple[Person, ...]:
        """The leads of a team; of a team without one, every lead of the desk."""
        leads = [person for person in self.people.values() if person.role == "lead"]
        own = [person for person in leads if team in person.teams]
        return tuple(sorted(own or leads, key=lambda person: person.address))

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """Everybody with this role, by address."""
        return tuple(sorted((p for p in self.people.values() if p.role == role), key=lambda p: p.address))
