"""What a desk would do with a file: everything is read and decided as the daemon does it, and nothing is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from daemon.explain.material import MaterialError, Origin, read_content, read_material
from rules.decide import decide
from rules.decision import Decision
from rules.facts import apply
from rules.joining.threads import find_thread
from rules.report import Mail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from rules.facts import Facts
    from rules.joining.threads import Thread
    from rules.report import Report
    from rules.rulebook import Rulebook


class Knowledge(Protocol):
    """What the desk knows, gathered anew for each file: one file never sees another."""

    def gather(self, reports: Sequence[Report]) -> Facts:
        """The facts on which these reports are decided."""

    def close(self) -> None:
        """Let go of the database; afterwards nothing more is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDesk:
    """The desk that is asked, at one moment."""

    rulebook: Rulebook
    knowledge: Knowledge
    origin: Origin
    now: datetime
    """In UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One report and what would become of it."""

    report: Report | None
    """None for an alert that cannot be read."""
    decision: Decision
    thread: Thread | None = None
    thread_number: str | None = None
    """The number of the ticket that a mail continues."""
    raw: str = ""
    """The JSON of an alert that cannot be read."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would become of one file: its answers, or why it could not be read."""

    file: Path
    answers: tuple[Answer, ...] = ()
    error: str | None = None


def explain_file(file: Path, desk: AskedDesk) -> Explanation:
    """Decide every report of a file, in order, each after those before it; touches nothing.

    Raises DatabaseError where the desk's database fails.
    """
    try:
        material = read_material(read_content(file), desk.origin, desk.now)
    except MaterialError as error:
        return Explanation(file, error=str(error))
    unread = (
        Answer(report=None, decision=Decision(verdict="quarantined", reasons=(why,)), raw=raw)
        for raw, why in material.refused
    )
    return Explanation(file, (*_decide_all(material.reports, desk), *unread))


def _decide_all(reports: Sequence[Report], desk: AskedDesk) -> list[Answer]:
    facts = desk.knowledge.gather(reports)
    answers = []
    for report in reports:
        decision = decide(report, facts, desk.rulebook, desk.now)
        answers.append(_answer(report, decision, facts))
        facts = apply(facts, report, decision)
    return answers


def _answer(report: Report, decision: Decision, facts: Facts) -> Answer:
    thread = find_thread(report, facts) if isinstance(report, Mail) else None
    ticket = facts.tickets.get(thread.ticket) if thread else None
    return Answer(report=report, decision=decision, thread=thread, thread_number=ticket.number if ticket else None)
