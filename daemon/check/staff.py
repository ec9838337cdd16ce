"""Whether there are people for the work that the rulebook gives out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from daemon.check.finding import Finding, Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.config.settings import Config

AHEAD: Final = timedelta(days=7)
STEP: Final = timedelta(minutes=15)
"""How often duty is looked at; a shift shorter than that may be overlooked."""


def check_staff(config: Config, lines: Lines, *, now: datetime | None = None) -> list[Finding]:
    """Teams and skills that nobody has, and what is off because senders are not proven.

    `now` is the moment from which duty is looked at; None is this one.
    """
    people = config.staff.people
    found = [
        *_empty_teams(config, lines),
        *_teams_off_duty(config, lines, now or datetime.now(UTC)),
        *_missing_skills(config, lines),
        *_deserted_lines(config, lines),
        *_no_leads(config, lines),
    ]
    says = f"{len(people)} people, {len(config.staff.roster)} lines of duty roster"
    return [Finding("ok", "staff", says), *_requesters(config), *_trust(config, lines), *found]


def _trust(config: Config, lines: Lines) -> Iterator[Finding]:
    """What proves who writes, and what is off where nothing does."""
    desk = config.desk
    if desk.authserv_ids:
        says = f"senders are proven by Authentication-Results of {', '.join(sorted(desk.authserv_ids))}"
        yield Finding("ok", "senders", says)
    elif desk.senders_are_checked:
        yield Finding("ok", "senders", "senders_are_checked = true: every sender is believed")
    else:
        says = (
            "neither authserv_id nor senders_are_checked is set: commands by mail are off, what assignees write stays "
            "inside the desk, and receipts repeat nothing of a mail"
        )
        where = lines.where_one_of(("desk",), "authserv_id", "senders_are_checked")
        yield Finding("warn", "senders", says, where)


def _requesters(config: Config) -> Iterator[Finding]:
    contacts = config.directory.contacts.values()
    if contacts:
        important = sum(contact.vip for contact in contacts)
        says = f"{len(contacts)} people in the people file, {important} of them VIPs"
        yield Finding("ok", "requesters", says)


def _busy_teams(config: Config) -> list[str]:
    """The teams that get work, in the order of the rulebook."""
    rulebook = config.rulebook
    busy = {rulebook.desk_team, rulebook.requesters.external_team}
    busy.update(category.team for category in rulebook.categories.values())
    busy.update(team for line in rulebook.lines for team in (line.team, *line.teams.values()))
    return [team for team in rulebook.teams if team in busy]


def _empty_teams(config: Config, lines: Lines) -> Iterator[Finding]:
    """Teams that get work and have nobody to do it."""
    empty = [team for team in _busy_teams(config) if not config.staff.members(team)]
    if empty:
        says = f"no engineers in {', '.join(empty)}: such tickets stay without an assignee"
        yield Finding("warn", "staff", says, lines.where("people"))


def _teams_off_duty(config: Config, lines: Lines, now: datetime) -> Iterator[Finding]:
    """Teams that have engineers, none of whom is on duty in the days to come."""
    staff = config.staff
    moments = [now + STEP * number for number in range(AHEAD // STEP)]
    for team in config.rulebook.teams:
        if staff.members(team) and not any(staff.members(team, at=moment) for moment in moments):
            says = f"nobody of {team} is on duty in the next {AHEAD.days} days"
            yield Finding("warn", "staff", says, lines.where("roster"))


def _missing_skills(config: Config, lines: Lines) -> Iterator[Finding]:
    for name, category in config.rulebook.categories.items():
        members = config.staff.members(category.team)
        if category.skill and members and not any(category.skill in person.skills for person in members):
            says = f"the category {name} asks for {category.skill!r}, which nobody of the team {category.team} has"
            yield Finding("warn", "staff", says, lines.where("people"))


def _deserted_lines(config: Config, lines: Lines) -> Iterator[Finding]:
    """Support lines of a team whose engineers all work on others; a vendor's is the lead's work."""
    for line in config.rulebook.lines:
        teams = dict.fromkeys(team for team in (line.team, *line.teams.values()) if team and not line.vendor)
        for team in teams:
            members = config.staff.members(team)
            if members and not any(person.works_on(line.name) for person in members):
                says = f"nobody of {team} works on the line {line.name}"
                yield Finding("warn", "staff", says, lines.where("people"))


def _no_leads(config: Config, lines: Lines) -> Iterator[Finding]:
    """Teams whose escalations go to the leads of others, or to nobody."""
    leads = config.staff.with_role("lead")
    led = {team for lead in leads for team in lead.teams}
    without = [team for team in _busy_teams(config) if team not in led and config.staff.members(team)]
    if not leads:
        says = "nobody has the role lead: nobody is told of escalations and of tickets without an assignee"
        yield Finding("warn", "staff", says, lines.where("people"))
    elif without:
        says = f"no lead in {', '.join(without)}: the leads of other teams are told instead"
        yield Finding("warn", "staff", says, lines.where("people"))
