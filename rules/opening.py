"""A report becomes a ticket: numbered, judged, its clocks started, given to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.assignment import assign
from rules.clocks import start_clocks, stop_clocks
from rules.correspondence import due_times, tell_staff
from rules.events import Assigned, Moved, Opened
from rules.numbers import format_number

if TYPE_CHECKING:
    from rules.change import Change
    from rules.letter import Value
    from rules.priority import Judgement
    from rules.report import Language, Report

SUMMARY = 400
"""How many characters of a report a ticket keeps for likeness and lists."""


def open_ticket(  # noqa: PLR0913 - all that a report says of its ticket
    change: Change,
    report: Report,
    judgement: Judgement,
    *,
    subject: str,
    summary: str,
    language: Language,
    requester: str | None = None,
    key: str | None = None,
    imported: bool = False,
) -> None:
    """Open a ticket for a report, with the next number of its period, and start the clocks of opening."""
    _, serial = change.facts.next_serial
    change.happen(
        Opened(
            at=change.now,
            ticket=change.facts.last_ticket + 1,
            number=format_number(change.rulebook, serial, change.now),
            channel=report.channel,
            source=report.source,
            ticket_kind=judgement.kind,
            category=judgement.category,
            impact=judgement.impact,
            urgency=judgement.urgency,
            priority=judgement.priority,
            team=judgement.team,
            subject=subject,
            summary=summary[:SUMMARY],
            language=language,
            requester=requester,
            key=key,
            imported=imported,
            reasons=judgement.reasons,
        )
    )
    change.reasons.extend(judgement.reasons)
    start_clocks(change, "opened")


def give_to_somebody(change: Change, **data: Value) -> None:
    """Assign the ticket by skill, duty and load, and tell the assignee; with nobody there, tell the leads.

    What belongs to a team that has no engineers at all goes to the desk's own team.
    """
    ticket, facts = change.ticket, change.facts
    team = _team_with_engineers(change)
    skill = change.rulebook.categories[ticket.category].skill
    chosen = assign(team, skill, facts.load, facts.staff, change.now)
    change.happen(
        Assigned(at=change.now, team=team, assignee=chosen.assignee, reason=chosen.reason),
        because=f"assigned to {chosen.assignee}: {chosen.reason}" if chosen.assignee else chosen.reason,
    )
    assignee = facts.staff.find(chosen.assignee)
    if assignee is None:
        for lead in facts.staff.leads(team):
            tell_staff(change, lead, "unassigned", team=team, reason=chosen.reason)
        return
    change.happen(Moved(at=change.now, status="assigned", reason=chosen.reason))
    stop_clocks(change, "assigned")
    start_clocks(change, "assigned")
    tell_staff(
        change,
        assignee,
        "assigned",
        category=ticket.category,
        impact=ticket.impact,
        urgency=ticket.urgency,
        due=due_times(change),
        reasons=tuple(change.reasons),
        similar=(),
        commands=facts.commands_by_mail,
        **data,
    )


def _team_with_engineers(change: Change) -> str:
    team, desk_team = change.ticket.team, change.rulebook.desk_team
    members = change.facts.staff.members
    return desk_team if not members(team) and members(desk_team) else team
