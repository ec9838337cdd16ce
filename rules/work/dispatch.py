"""Who works on a ticket: somebody is named, by the desk or by the lead, and it goes from line to line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.change import Change
from rules.events import Assigned, HandedOver, Moved
from rules.language.sayings import Saying, is_saying, say
from rules.letters.correspondence import due_times, staff_language, tell_participants, tell_staff
from rules.letters.describing import describe_escalation, describe_report
from rules.letters.naming import name_in
from rules.work.assignment import Assignment, Wanted, candidates, choose
from rules.work.clocks import pause_clocks, resume_clocks, stop_clock
from rules.work.lines import find_line, team_for
from rules.work.moments import let_come

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rules.decision import Decision
    from rules.facts import Facts
    from rules.letter import Value
    from rules.people import Person
    from rules.rulebook import Rulebook
    from rules.sections.desk import Line
    from rules.ticket import Ticket


def give_to_somebody(change: Change, *, by_desk: bool = False, **data: Value) -> None:
    """Have somebody named for the ticket: by the desk at once, or by the team's lead where the rulebook says so.

    `by_desk` is for the end of the lead's time. With nobody there the leads are told. What belongs to a team that has
    no engineers at all goes to the desk's own team. `data` is what their letters show of the report.
    """
    team = _team_with_engineers(change)
    leads = change.facts.staff.leads(team)
    if change.rulebook.assignment.by == "lead" and leads and not by_desk:
        _ask_leads(change, team, leads, _shown(change.ticket, data))
        return
    chosen = _choose(change, team)
    assignee = change.facts.staff.find(chosen.assignee)
    if assignee is not None:
        give_to(change, assignee, team=team, reason=chosen.reason)
        tell_assigned(change, assignee, **data)
        return
    change.happen(Assigned(at=change.now, team=team, assignee=None, reason=chosen.reason), because=chosen.reason)
    _await_somebody(change)
    shown = {**_shown(change.ticket, data), "similar": _similar(change)}
    for lead in leads:
        tell_staff(change, lead, "unassigned", team=team, reason=chosen.reason, proposals=(), **shown)


def give_to(change: Change, assignee: Person, *, team: str, reason: str) -> None:
    """Name the assignee, and start the clocks of that. He is not told: he may have asked for it himself."""
    was = change.ticket.assignee
    because = say("assigned", assignee=assignee.address, why=reason)
    change.happen(Assigned(at=change.now, team=team, assignee=assignee.address, reason=reason), because=because)
    if change.ticket.status == "new":
        change.happen(Moved(at=change.now, status="assigned", reason=reason))
    if was != assignee.address:
        _end_acknowledgement(change)
    let_come(change, "assigned")


def decide_assignment(ticket: Ticket, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Name somebody for an open ticket that nobody has, now that somebody may be free; no events where nobody is.

    What waits, for its requester or for a vendor, is left until it goes on.
    """
    change = Change(facts=facts, rulebook=rulebook, now=now, before=ticket)
    if rulebook.assignment.by == "desk" and _wants_somebody(ticket, rulebook):
        team = _team_with_engineers(change)
        chosen = _choose(change, team)
        assignee = facts.staff.find(chosen.assignee)
        if assignee is not None:
            give_to(change, assignee, team=team, reason=chosen.reason)
            tell_assigned(change, assignee)
    return change.decide(None)


def hand_over(change: Change, line: Line, *, by: str | None, reason: str) -> None:
    """Hand the ticket to another line of support, have somebody of it named, and tell the requesters."""
    ticket = change.ticket
    team = team_for(change.rulebook, ticket, line.name)
    over = HandedOver(at=change.now, was=ticket.line, line=line.name, team=team, by=by, reason=reason)
    change.happen(over, because=say("handed-over", line=line.name, why=reason))
    let_come(change, "handed_over")
    if line.vendor:
        _wait_for_vendor(change, line, team)
    else:
        _go_on(change, line)
        change.happen(Assigned(at=change.now, team=team, assignee=None, reason=say("goes-to", line=line.name)))
        give_to_somebody(change, by_desk=by is None)
    tell_participants(change, "handed_over", line=line.name, reason="")


def follow_category(change: Change) -> bool:
    """Bring the ticket to the team of its category; who has it keeps it where he works in that team too.

    Returns whether it is another team's now. On a vendor's line the assignee keeps at it.
    """
    team = team_for(change.rulebook, change.ticket)
    if team == change.ticket.team:
        return False
    reason = say("belongs-to", team=team)
    assignee = change.facts.staff.find(change.ticket.assignee)
    line = find_line(change.rulebook, change.ticket.line)
    stays = assignee is not None and (team in assignee.teams or (line is not None and line.vendor))
    keeper = assignee.address if assignee and stays else None
    change.happen(Assigned(at=change.now, team=team, assignee=keeper, reason=reason), because=reason)
    if keeper is None:
        give_to_somebody(change)
    return True


def _wants_somebody(ticket: Ticket, rulebook: Rulebook) -> bool:
    line = find_line(rulebook, ticket.line)
    with_vendor = line is not None and line.vendor
    return ticket.open and ticket.assignee is None and ticket.status != "waiting" and not with_vendor


def _choose(change: Change, team: str) -> Assignment:
    facts, chooser = change.facts, change.rulebook.assignment.choose
    wanted = _wanted(change, team)
    return choose(wanted, facts.load, facts.staff, change.now, chooser=chooser, last_given=facts.last_given)


def _wanted(change: Change, team: str) -> Wanted:
    ticket = change.ticket
    category = change.rulebook.categories.get(ticket.category)
    skill = category.skill if category is not None else None
    return Wanted(team=team, skill=skill, area=ticket.zone, line=ticket.line or None)


def _ask_leads(change: Change, team: str, leads: tuple[Person, ...], report: dict[str, Value]) -> None:
    """The lead names somebody; he is proposed who would be best."""
    facts = change.facts
    proposed = candidates(_wanted(change, team), facts.load, facts.staff, change.now)
    reason = say("lead-names")
    change.happen(Assigned(at=change.now, team=team, assignee=None, reason=reason), because=reason)
    _await_somebody(change)
    for lead in leads:
        similar = _similar(change)
        tell_staff(change, lead, "unassigned", team=team, reason=reason, proposals=proposed, similar=similar, **report)


def _await_somebody(change: Change) -> None:
    """Start the clocks of a ticket that was somebody's and is nobody's: who names the next one has his own time."""
    if change.ticket.reached("unassigned") and not change.ticket.reached("assigned"):
        let_come(change, "unassigned")


def tell_assigned(change: Change, assignee: Person, **data: Value) -> None:
    """Tell the assignee that the ticket is his; `data` is what his letter shows of the report beyond its summary."""
    ticket = change.ticket
    shown: dict[str, Value] = {
        **describe_report(ticket),
        "is_alert": ticket.channel == "alert",
        "labels": (),
        "similar": _similar(change),
        **data,
    }
    tell_staff(
        change,
        assignee,
        "assigned",
        ticket.attachments,
        category=ticket.category,
        impact=ticket.impact,
        urgency=ticket.urgency,
        due=due_times(change),
        reasons=tuple(reason for reason in change.reasons if not _is_told_elsewhere(reason)),
        checklist=_checklist(change, assignee),
        **shown,
    )


def _is_told_elsewhere(reason: str) -> bool:
    """The command that named him is no reason; refused attachments and what it may be the same as have their places."""
    return is_saying(reason, "commands") or is_saying(reason, "attachments-refused") or is_saying(reason, "may-be-same")


def _shown(ticket: Ticket, data: Mapping[str, Value]) -> dict[str, Value]:
    """The same, of the report as it came where that is at hand, and of an alert its labels and links."""
    of_alert = {key: data[key] for key in ("labels", "links") if key in data}
    return {key: data.get(key, kept) for key, kept in describe_report(ticket).items()} | of_alert


def _similar(change: Change) -> tuple[Saying, ...]:
    """What the ticket may be the same as."""
    likely, key = change.ticket.suggested, "may-be-joined" if change.facts.commands_by_mail else "may-be-same"
    return (say(key, number=likely.number, why=likely.reason),) if likely else ()


def _checklist(change: Change, assignee: Person) -> tuple[str, ...]:
    """What to go through with tickets of this category, in the assignee's language or the next best."""
    category = change.rulebook.categories.get(change.ticket.category)
    language = staff_language(assignee, change.rulebook)
    return name_in(category.steps, language, otherwise=()) if category is not None else ()


def _end_acknowledgement(change: Change) -> None:
    """An acknowledgement is the assignee's own promise: another assignee makes it anew."""
    for clock in change.ticket.clocks:
        rule = change.rulebook.promises.get(clock.name)
        if clock.running and rule is not None and "acknowledged" in rule.stops:
            stop_clock(change, clock, kept=False)


def _wait_for_vendor(change: Change, line: Line, team: str) -> None:
    reason = say("line-works", line=line.name)
    change.happen(Assigned(at=change.now, team=team, assignee=change.ticket.assignee, reason=reason))
    change.happen(Moved(at=change.now, status="waiting", waiting_for=line.name, reason=reason))
    pause_clocks(change, reason=reason)
    for lead in change.facts.staff.leads(team):
        tell_staff(change, lead, "escalated", **describe_escalation(change, reason, say("advise-vendor")))


def _go_on(change: Change, line: Line) -> None:
    if change.ticket.status == "waiting":
        reason = say("line-works", line=line.name)
        change.happen(Moved(at=change.now, status="in_progress", reason=reason))
        resume_clocks(change, reason=reason)


def _team_with_engineers(change: Change) -> str:
    team, desk_team = change.ticket.team, change.rulebook.desk_team
    members = change.facts.staff.members
    return desk_team if not members(team) and members(desk_team) else team
