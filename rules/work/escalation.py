"""Rungs of the ladder: what raises a ticket, moves it up a line, and who hears of it. Each rung is taken once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.closing.answer_words import answers_for, question_for
from rules.events import ApprovalAsked, Escalated
from rules.judging.priority import raise_level
from rules.language.sayings import say
from rules.letters.correspondence import (
    assignee_name,
    people_to_tell,
    tell_participant,
    tell_participants,
    tell_progress,
    tell_role,
    tell_staff,
    write_time,
)
from rules.letters.describing import describe_escalation, describe_report
from rules.work.clocks import change_limits
from rules.work.dispatch import give_to_somebody, hand_over
from rules.work.lines import next_line
from rules.work.moments import close_ticket
from rules.work.owed import owe

if TYPE_CHECKING:
    from collections.abc import Callable

    from rules.change import Change
    from rules.letter import Value
    from rules.people import Person, Role
    from rules.sections.escalation import EscalationRule, Trigger
    from rules.ticket import Clock, Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cause:
    """Why a rung is taken."""

    trigger: Trigger
    rung: str
    """`clock/rung/cycle`: unique in the ticket."""
    reason: str
    keep: str | None = None
    """The clock that keeps its own limit."""
    knows: str | None = None
    """The address that hears of it in a letter of its own."""
    raising: bool = True


def escalate_repeat(change: Change) -> None:
    """Take the rungs for the repeats that the ticket has by now.

    The assignee hears of a repeat in a letter of its own, with the level it led to: he gets none about the rung.
    """
    count, knows = change.ticket.counted_repeats, change.ticket.assignee
    for rule in _rules(change, "repeat"):
        if rule.count is not None and count >= rule.count:
            reason = say("repeat", count=count)
            _take(change, rule, _Cause(trigger="repeat", rung=f"repeat/{rule.name}/1", reason=reason, knows=knows))


def escalate_reopening(change: Change) -> None:
    """Take the rungs for how often the ticket was reopened."""
    count = change.ticket.reopened
    for rule in _rules(change, "reopened"):
        if rule.count is not None and count >= rule.count:
            reason = say("reopened-times", count=count)
            _take(change, rule, _Cause(trigger="reopened", rung=f"reopened/{rule.name}/1", reason=reason))


def escalate_overdue(change: Change, clock: Clock, *, raising: bool = True) -> None:
    """Take the rungs of a clock that ran over, once in each of its cycles; without `raising` they only tell people."""
    for rule in _rules(change, "overdue"):
        if rule.clock == clock.name:
            rung, reason = f"{clock.name}/{rule.name}/{clock.cycle}", say("overdue", clock=clock.name)
            cause = _Cause(trigger="overdue", rung=rung, reason=reason, keep=clock.name, raising=raising)
            _take(change, rule, cause)


def escalate_warning(change: Change, clock: Clock) -> None:
    """Take the rungs of a clock that will soon be due, once in each of its cycles; with none, warn the assignee."""
    until = write_time(clock.due_at, change.rulebook)
    rungs = [rule for rule in _rules(change, "warning") if rule.clock == clock.name]
    for rule in rungs:
        reason = say("due", clock=clock.name, until=until or "")
        _take(change, rule, _Cause(trigger="warning", rung=f"{clock.name}/{rule.name}/{clock.cycle}", reason=reason))
    if not rungs:
        tell_role(change, "assignee", "warning", clock=clock.name, until=until)


def escalate_complaint(change: Change) -> None:
    """Take the rungs for a complaint; each complaint is a cycle of its own."""
    for rule in _rules(change, "complaint"):
        rung = f"complaint/{rule.name}/{_next_cycle(change, 'complaint', rule)}"
        _take(change, rule, _Cause(trigger="complaint", rung=rung, reason=say("complains")))


def escalate_asked(change: Change, person: Person, why: str) -> bool:
    """Take the rungs that somebody asks for; each time anew. Returns whether there is any for this ticket."""
    rules = _rules(change, "asked")
    for rule in rules:
        cycle = _next_cycle(change, "asked", rule)
        asker = person.name or person.address
        reason = say("asks-because", person=asker, why=why) if why else say("asks", person=asker)
        _take(change, rule, _Cause(trigger="asked", rung=f"asked/{rule.name}/{cycle}", reason=reason))
    return bool(rules)


def _next_cycle(change: Change, trigger: Trigger, rule: EscalationRule) -> int:
    return 1 + sum(rung.startswith(f"{trigger}/{rule.name}/") for rung in change.ticket.rungs)


def _rules(change: Change, trigger: Trigger) -> tuple[EscalationRule, ...]:
    """The rungs of a trigger that are for this ticket as it stands now."""
    return tuple(rule for rule in change.rulebook.escalations if rule.on == trigger and rule.when.holds(change.ticket))


def _take(change: Change, rule: EscalationRule, cause: _Cause) -> None:
    """Take one rung, once."""
    if cause.rung in change.ticket.rungs:
        return
    was, now = change.ticket.priority, _level_after(change, rule, cause)
    told = tuple(people_to_tell(change, rule.tell))
    why = say("raised", cause=cause.reason, was=was, level=now) if now != was else cause.reason
    change.happen(
        Escalated(
            at=change.now,
            rung=cause.rung,
            trigger=cause.trigger,
            was=was,
            now=now,
            told=tuple(person.address for person in told),
            reason=why,
        ),
        because=why,
    )
    if now != was:
        change_limits(change, reason=say("level", level=now), keep=cause.keep)
    letter = describe_escalation(change, why, say(f"advise-{cause.trigger}"), was=was)
    for person in told:
        if person.address != cause.knows:
            tell_staff(change, person, "escalated", **letter)
    if "requester" in rule.tell:
        tell_progress(change)
    for effect in _effects(rule):
        effect(change, rule, why)


def _level_after(change: Change, rule: EscalationRule, cause: _Cause) -> str:
    if not cause.raising:
        return change.ticket.priority
    steps = len(change.rulebook.priority.levels) if rule.raises == "top" else rule.raises
    return raise_level(change.ticket.priority, steps, change.rulebook)


def _effects(rule: EscalationRule) -> list[Callable[[Change, EscalationRule, str], None]]:
    """What a rung does beside raising and telling, in this order."""
    chosen = (
        (rule.owes, _owe),
        (rule.approval, _ask_approval),
        (rule.lines, _go_up),
        (rule.assigns, _assign),
        (rule.reminds, _remind),
        (rule.closes, _close),
    )
    return [effect for wanted, effect in chosen if wanted]


def _owe(change: Change, rule: EscalationRule, why: str) -> None:
    for owed in change.rulebook.owed:
        if owed.name in rule.owes:
            owe(change, owed, reason=why)


def _ask_approval(change: Change, rule: EscalationRule, why: str) -> None:
    if rule.approval is not None and change.ticket.approval is None:
        ask_approval(change, rule.approval, why)


def ask_approval(change: Change, role: Role, why: str) -> None:
    """Ask everybody with a role for approval; the first answer counts."""
    change.happen(ApprovalAsked(at=change.now, of=role, reason=why), because=say("approval-asked", role=role))
    for person in change.facts.staff.with_role(role):
        tell_staff(
            change, person, "approval", reason=why, assignee=assignee_name(change), **describe_report(change.ticket)
        )


def _go_up(change: Change, rule: EscalationRule, why: str) -> None:
    line = next_line(change.rulebook, change.ticket, rule.lines)
    if line is not None and change.ticket.open:
        hand_over(change, line, by=None, reason=why)


def _assign(change: Change, rule: EscalationRule, why: str) -> None:  # noqa: ARG001 - one form for all effects
    if change.ticket.assignee is None and change.ticket.open:
        give_to_somebody(change, by_desk=True)


def _remind(change: Change, rule: EscalationRule, why: str) -> None:  # noqa: ARG001 - as above
    """Ask once more: whether it is solved, or for what the report does not tell."""
    if change.ticket.status == "resolved":
        _remind_of_solution(change)
    elif change.ticket.missing:
        tell_participants(change, "asked", missing=change.ticket.missing)


def _remind_of_solution(change: Change) -> None:
    solution = change.ticket.solution or ""
    if change.ticket.awaits_assignee:
        ended = write_time(change.ticket.resolved_at, change.rulebook)
        tell_role(change, "assignee", "over", is_alert=True, ended_at=ended, asks=True)
    for reporter in change.ticket.participants:
        if not reporter.confirmed and not (solution and reporter.by_similarity):
            tell_participant(change, reporter, "reminder", solution=solution, **answers_for(reporter, change.rulebook))


def _close(change: Change, rule: EscalationRule, why: str) -> None:  # noqa: ARG001 - as above
    if change.ticket.status == "resolved" and not _awaits_decision(change):
        close_ticket(change, how="silence", reason=why, because=say("closed-because", why=why))
        for reporter in change.ticket.participants:
            tell_participant(change, reporter, "closed", reason="", **_question_after(change, reporter))


def _awaits_decision(change: Change) -> bool:
    """Tell whether somebody must still decide about a complaint: then silence closes nothing."""
    ticket = change.ticket
    decided = ticket.reached("decided", since="complained")
    return change.rulebook.complaints.decided_by is not None and ticket.reached("complained") and not decided


def _question_after(change: Change, reporter: Participant) -> dict[str, Value]:
    """The satisfaction question for the requester, where the rulebook asks it after closing."""
    asks = change.rulebook.satisfaction.ask == "after_closing" and reporter.address == change.ticket.requester
    return question_for(reporter, change.rulebook) if asks else {}
