"""Whether there are people for the work that the rulebook gives out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.check.finding import Finding, Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.config.settings import Config


def check_staff(config: Config, lines: Lines) -> list[Finding]:
    """Teams and skills that nobody has, and what is off because senders are not proven."""
    people = config.staff.people
    found = [*_empty_teams(config, lines), *_missing_skills(config, lines), *_no_leads(config, lines)]
    where = lines.where("desk", "senders_are_checked")
    if not config.desk.senders_are_checked:
        says = "senders_are_checked = false: commands by mail are off, and what assignees write stays inside the desk"
        found.append(Finding("warn", "staff", says, where))
    return [Finding("ok", "staff", f"{len(people)} people, {len(config.staff.roster)} lines of duty roster"), *found]


def _empty_teams(config: Config, lines: Lines) -> Iterator[Finding]:
    """Teams that get work and have nobody to do it."""
    busy = {category.team for category in config.rulebook.categories.values()} | {config.rulebook.desk_team}
    empty = [team for team in config.rulebook.teams if team in busy and not config.staff.members(team)]
    if empty:
        says = f"no engineers in {', '.join(empty)}: such tickets stay without an assignee"
        yield Finding("warn", "staff", says, lines.where("people"))


def _missing_skills(config: Config, lines: Lines) -> Iterator[Finding]:
    for name, category in config.rulebook.categories.items():
        members = config.staff.members(category.team)
        if category.skill and members and not any(category.skill in person.skills for person in members):
            says = f"the category {name} asks for {category.skill!r}, which nobody of the team {category.team} has"
            yield Finding("warn", "staff", says, lines.where("people"))


def _no_leads(config: Config, lines: Lines) -> Iterator[Finding]:
    if not config.staff.with_role("lead"):
        says = "nobody has the role lead: nobody is told of escalations and of tickets without an assignee"
        yield Finding("warn", "staff", says, lines.where("people"))
