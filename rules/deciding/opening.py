"""A report becomes a ticket: numbered, judged, its clocks started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.events import Opened
from rules.letters.correspondence import assignee_name, tell_role
from rules.numbers import format_number
from rules.ticket import SUMMARY
from rules.work.lines import first_line, team_on_line
from rules.work.moments import let_come

if TYPE_CHECKING:
    from rules.change import Change
    from rules.directory import Relation
    from rules.judging.priority import Judgement
    from rules.report import Language, Report


def open_ticket(  # noqa: PLR0913 - all that a report says of its ticket
    change: Change,
    report: Report,
    judgement: Judgement,
    *,
    subject: str,
    summary: str,
    language: Language,
    requester: str | None = None,
    forwarded_from: int | None = None,
    key: str | None = None,
    concerns: tuple[str, ...] = (),
    imported: bool = False,
) -> None:
    """Open a ticket for a report, with the next number of its period, and start the clocks of opening."""
    _, serial = change.facts.next_serial
    line = first_line(change.rulebook)
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
            team=team_on_line(change.rulebook, line, judgement.category) or judgement.team,
            subject=subject,
            summary=summary[:SUMMARY],
            language=language,
            requester=requester,
            relation=relation_of(requester, change) if report.channel == "mail" else "internal",
            zone=judgement.zone,
            line=line,
            forwarded_from=forwarded_from,
            key=key,
            concerns=concerns,
            imported=imported,
            reasons=judgement.reasons,
        )
    )
    change.reasons.extend(judgement.reasons)
    let_come(change, "opened")


def relation_of(address: str | None, change: Change) -> Relation:
    """Whether somebody is of the organisation or a customer, by the people file or else by the rulebook."""
    return change.facts.directory.relation(address) or change.rulebook.requesters.unknown


def ask_for_review(change: Change, text: str) -> None:
    """Ask for a second look at category and priority, where the rulebook wants one of this ticket."""
    rules, ticket = change.rulebook.review, change.ticket
    if rules.by is None or not rules.when.holds(ticket):
        return
    tell_role(
        change,
        rules.by,
        "review",
        category=ticket.category,
        impact=ticket.impact,
        urgency=ticket.urgency,
        reasons=tuple(change.reasons),
        text=text,
        assignee=assignee_name(change),
    )
