"""How urgent a report is: kind and category by words, impact and urgency, and the level they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.classify import Classification, classify
from rules.report import Alert, Report
from rules.ticket import IMPACTS, Impact, Kind, Ticket, Urgency

if TYPE_CHECKING:
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


def judge(report: Report, rulebook: Rulebook, *, people: int) -> Judgement:
    """Judge a report: its kind and category by its words, its impact also by how many people who count report it.

    An alert is an incident, and its severity label tells impact and urgency.
    """
    told = classify(report, rulebook)
    if isinstance(report, Alert):
        severity = rulebook.alerts.severities.get(report.labels.get("severity", "").lower(), rulebook.alerts.otherwise)
        reason = f"severity {report.labels.get('severity') or 'not given'}"
        return _judgement(told, "incident", severity.impact, severity.urgency, rulebook, (reason,))
    impact, reasons = _impact(told, people, rulebook)
    return _judgement(told, told.kind, impact, told.urgency or rulebook.priority.default_urgency, rulebook, reasons)


def judge_again(ticket: Ticket, people: int, rulebook: Rulebook) -> WiderImpact | None:
    """Judge the impact again by how many people who count have reported; None where it is no wider than before."""
    impact = _impact_of(people, rulebook)
    if impact is None or IMPACTS.index(impact) >= IMPACTS.index(ticket.impact):
        return None
    level = _level(ticket.kind, impact, ticket.urgency, rulebook)
    priority = level if higher(level, ticket.priority, rulebook) else ticket.priority
    return WiderImpact(impact, priority, f"impact {impact}: {people} people report it")


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


def _impact(told: Classification, people: int, rulebook: Rulebook) -> tuple[Impact, tuple[str, ...]]:
    """The wider of what the words say and what the number of people says."""
    by_words = told.impact or rulebook.priority.default_impact
    by_people = _impact_of(people, rulebook)
    if by_people is None or IMPACTS.index(by_people) >= IMPACTS.index(by_words):
        return by_words, ()
    return by_people, (f"impact {by_people}: {people} people report it",)


def _impact_of(people: int, rulebook: Rulebook) -> Impact | None:
    for impact in IMPACTS:
        level = rulebook.priority.impact.get(impact)
        if level is not None and level.people is not None and people >= level.people:
            return impact
    return None


def _judgement(
    told: Classification, kind: Kind, impact: Impact, urgency: Urgency, rulebook: Rulebook, reasons: tuple[str, ...]
) -> Judgement:
    priority = _level(kind, impact, urgency, rulebook)
    fixed = rulebook.priority.by_kind.get(kind)
    why = f"{priority}: every {kind}" if fixed else f"{priority}: {impact} impact, {urgency} urgency"
    return Judgement(
        kind=kind,
        category=told.category,
        team=rulebook.categories[told.category].team,
        impact=impact,
        urgency=urgency,
        priority=priority,
        reasons=(*told.evidence, *reasons, why),
    )


def _level(kind: Kind, impact: Impact, urgency: Urgency, rulebook: Rulebook) -> str:
    return rulebook.priority.by_kind.get(kind) or rulebook.priority.matrix[impact][urgency]
