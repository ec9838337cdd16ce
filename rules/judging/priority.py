"""How urgent a report is: kind and category by words, impact and urgency by all that tells them, and their level."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rules.judging.classify import Classification, classify, classify_text
from rules.language.sayings import say
from rules.language.writing import fold
from rules.report import Alert, Report
from rules.ticket import IMPACTS, URGENCIES, Impact, Kind, Ticket, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.directory import Contact, Relation
    from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a report is taken for, whose work it is, and why."""

    kind: Kind
    category: str
    team: str
    impact: Impact
    urgency: Urgency
    priority: str
    reasons: tuple[str, ...]
    zone: str | None = None
    """The place that the report tells of, one of the rulebook's zones."""


@dataclass(frozen=True, slots=True)
class WiderImpact:
    """The impact and level of a ticket that more people report than before."""

    impact: Impact
    priority: str
    reason: str


def judge(
    report: Report, rulebook: Rulebook, *, people: int, contact: Contact | None = None, relation: Relation = "internal"
) -> Judgement:
    """Judge a report: its kind and category by its words, its impact also by how many people who count report it.

    `contact` is the requester in the people file, None where he is not in it or nobody knows that it is he; a VIP or a
    department may be urgent. An alert is an incident, and its severity label tells impact and urgency.
    """
    told = classify(report, rulebook)
    if isinstance(report, Alert):
        severity = rulebook.alerts.severities.get(report.labels.get("severity", "").lower(), rulebook.alerts.otherwise)
        severity_told = report.labels.get("severity")
        reason = say("severity", severity=severity_told) if severity_told else say("severity-missing")
        return _judgement(told, _Signals(severity.impact, severity.urgency, (reason,)), rulebook, relation=relation)
    return _judgement(told, _signals(told, people, contact, rulebook), rulebook, relation=relation, contact=contact)


def judge_answer(ticket: Ticket, text: str, rulebook: Rulebook, contact: Contact | None) -> Judgement | None:
    """Judge a ticket by all that its requester has written; None where that changes nothing and says nothing new.

    Nothing becomes smaller: the wider impact, the higher urgency and the higher level stay. What would be a lower level
    now is among the reasons. A kind or category that nobody could tell before is taken from what is told now.
    """
    told = classify_text(ticket.subject, text, ticket.requester, rulebook)
    fresh = _signals(told, sum(person.counted for person in ticket.participants), contact, rulebook)
    kind = told.kind if ticket.kind == rulebook.classification.default_kind else ticket.kind
    unknown = ticket.category == rulebook.classification.otherwise or ticket.category not in rulebook.categories
    category = told.category if unknown else ticket.category
    impact = min(ticket.impact, fresh.impact, key=IMPACTS.index)
    urgency = min(ticket.urgency, fresh.urgency, key=URGENCIES.index)
    level = _level(kind, impact, urgency, rulebook)
    priority = level if higher(level, ticket.priority, rulebook) else ticket.priority
    again = Judgement(
        kind=kind,
        category=category,
        team=_team(category, ticket.relation, rulebook),
        impact=impact,
        urgency=urgency,
        priority=priority,
        reasons=tuple(_would_be_lower(ticket, _level(kind, fresh.impact, fresh.urgency, rulebook), rulebook)),
        zone=ticket.zone or _zone(told, contact, rulebook),
    )
    if not _changes(again, ticket):
        return again if again.reasons else None
    why = (_why_level(again, rulebook),) if priority != ticket.priority else ()
    return replace(again, reasons=(*told.evidence, *fresh.reasons, *why, *again.reasons))


def judge_again(ticket: Ticket, people: int, rulebook: Rulebook) -> WiderImpact | None:
    """Judge the impact again by how many people who count have reported; None where it is no wider than before."""
    impact = impact_of_people(people, rulebook)
    if impact is None or IMPACTS.index(impact) >= IMPACTS.index(ticket.impact):
        return None
    level = _level(ticket.kind, impact, ticket.urgency, rulebook)
    priority = level if higher(level, ticket.priority, rulebook) else ticket.priority
    return WiderImpact(impact, priority, say("people-report", impact=impact, people=people))


def impact_of_people(people: int, rulebook: Rulebook) -> Impact | None:
    """The impact that so many people who count tell by themselves; None for fewer than any is written for."""
    for impact in IMPACTS:
        level = rulebook.priority.impact.get(impact)
        if level is not None and level.people is not None and people >= level.people:
            return impact
    return None


def severity_level(severity: str, rulebook: Rulebook) -> str:
    """The level that an alert with this severity label has by the matrix."""
    meant = rulebook.alerts.severities.get(severity.lower(), rulebook.alerts.otherwise)
    return _level("incident", meant.impact, meant.urgency, rulebook)


def raise_level(priority: str, steps: int, rulebook: Rulebook) -> str:
    """The level so many steps above; the highest has none above it."""
    return rulebook.priority.levels[max(0, _rank(priority, rulebook) - steps)] if steps else priority


def higher(one: str, other: str, rulebook: Rulebook) -> bool:
    """Tell whether one level is more urgent than another."""
    return _rank(one, rulebook) < _rank(other, rulebook)


def _rank(priority: str, rulebook: Rulebook) -> int:
    """The place of a level, from the top. One that an earlier rulebook gave and this one lacks is below them all."""
    levels = rulebook.priority.levels
    return levels.index(priority) if priority in levels else len(levels)


@dataclass(frozen=True, slots=True)
class _Signals:
    """How wide and how urgent something is, and what tells it beside words."""

    impact: Impact
    urgency: Urgency
    reasons: tuple[str, ...]


def _signals(told: Classification, people: int, contact: Contact | None, rulebook: Rulebook) -> _Signals:
    """The wider impact of what words and the number of people say, and the highest urgency of all that tells one."""
    impact, by_people = told.impact or rulebook.priority.default_impact, impact_of_people(people, rulebook)
    reasons: list[str] = []
    if by_people is not None and IMPACTS.index(by_people) < IMPACTS.index(impact):
        impact = by_people
        reasons.append(say("people-report", impact=impact, people=people))
    by_person = list(_urgencies_of(contact, rulebook)) if contact else []
    reasons += [say("urgent-person", urgency=urgency, why=why) for urgency, why in by_person]
    urgencies = [urgency for urgency in (told.urgency, *(urgency for urgency, _ in by_person)) if urgency]
    urgency = min(urgencies, key=URGENCIES.index, default=rulebook.priority.default_urgency)
    return _Signals(impact, urgency, tuple(reasons))


def _urgencies_of(contact: Contact, rulebook: Rulebook) -> Iterator[tuple[Urgency, str]]:
    """The urgencies that somebody's person tells, each with why."""
    department = fold(contact.department.strip())
    for urgency, level in rulebook.priority.urgency.items():
        if level.vip and contact.vip:
            yield urgency, say("a-vip")
        for written in level.departments:
            if department and fold(written.strip()) == department:
                yield urgency, say("department", department=written)


def _judgement(
    told: Classification,
    signals: _Signals,
    rulebook: Rulebook,
    *,
    relation: Relation,
    contact: Contact | None = None,
) -> Judgement:
    judgement = Judgement(
        kind=told.kind,
        category=told.category,
        team=_team(told.category, relation, rulebook),
        impact=signals.impact,
        urgency=signals.urgency,
        priority=_level(told.kind, signals.impact, signals.urgency, rulebook),
        reasons=(),
        zone=_zone(told, contact, rulebook),
    )
    return replace(judgement, reasons=(*told.evidence, *signals.reasons, _why_level(judgement, rulebook)))


def _why_level(judgement: Judgement, rulebook: Rulebook) -> str:
    if judgement.kind in rulebook.priority.by_kind:
        return say("level-kind", level=judgement.priority, kind=judgement.kind)
    return say("level-grounds", level=judgement.priority, impact=judgement.impact, urgency=judgement.urgency)


def _changes(again: Judgement, ticket: Ticket) -> bool:
    now = (again.kind, again.category, again.impact, again.urgency, again.priority)
    return now != (ticket.kind, ticket.category, ticket.impact, ticket.urgency, ticket.priority)


def _would_be_lower(ticket: Ticket, fresh: str, rulebook: Rulebook) -> Iterator[str]:
    """What the level would be if the ticket were new; rungs that raised it are left out of that."""
    before = _level(ticket.kind, ticket.impact, ticket.urgency, rulebook)
    if higher(before, fresh, rulebook):
        yield say("would-be", level=fresh)


def _team(category: str, relation: Relation, rulebook: Rulebook) -> str:
    """Whose work it is: what customers report may have a team of its own."""
    of_customers = rulebook.requesters.external_team if relation == "external" else None
    return of_customers or rulebook.categories[category].team


def _zone(told: Classification, contact: Contact | None, rulebook: Rulebook) -> str | None:
    """The place by the people file, where the rulebook has it as a zone, or else by words."""
    return contact.zone if contact is not None and contact.zone in rulebook.zones else told.zone


def _level(kind: Kind, impact: Impact, urgency: Urgency, rulebook: Rulebook) -> str:
    return rulebook.priority.by_kind.get(kind) or rulebook.priority.matrix[impact][urgency]
