"""Rungs of the ladder: what raises a ticket and who hears of it. Each rung is taken once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rules.clocks import change_limits
from rules.correspondence import assignee_name, due_times, people_to_tell, tell_progress, tell_staff
from rules.events import Escalated
from rules.priority import raise_level

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person
    from rules.rulebook import EscalationRule
    from rules.ticket import Clock


def escalate_repeat(change: Change) -> None:
    """Take the rungs for the repeats that the ticket has by now.

    The assignee hears of a repeat in a letter of its own, with the level it led to: he gets none about the rung.
    """
    for rule in change.rulebook.escalations:
        if rule.on == "repeat" and rule.count is not None and change.ticket.counted_repeats >= rule.count:
            reason = f"repeat {change.ticket.counted_repeats} of the problem"
            _take(change, rule, "repeat", rung=f"repeat/{rule.name}/1", reason=reason, knows=change.ticket.assignee)


def escalate_reopening(change: Change) -> None:
    """Take the rungs for how often the ticket was reopened."""
    for rule in change.rulebook.escalations:
        if rule.on == "reopened" and rule.count is not None and change.ticket.reopened >= rule.count:
            reason = f"reopened {change.ticket.reopened} times"
            _take(change, rule, "reopened", rung=f"reopened/{rule.name}/1", reason=reason)


def escalate_overdue(change: Change, clock: Clock, *, raising: bool = True) -> None:
    """Take the rungs of a clock that ran over, once in each of its cycles; without `raising` they only tell people."""
    for rule in change.rulebook.escalations:
        if rule.on == "overdue" and rule.clock == clock.name:
            rung = f"{clock.name}/{rule.name}/{clock.cycle}"
            taken = rule if raising else rule.model_copy(update={"raises": 0})
            _take(change, taken, "overdue", rung=rung, reason=f"{clock.name} is overdue", keep=clock.name)


def _take(
    change: Change,
    rule: EscalationRule,
    trigger: Literal["repeat", "overdue", "reopened"],
    *,
    rung: str,
    reason: str,
    keep: str | None = None,
    knows: str | None = None,
) -> None:
    """Take one rung, once. `keep` is the clock that keeps its limit, `knows` the address that hears of it otherwise."""
    if rung in change.ticket.rungs:
        return
    was = change.ticket.priority
    now = raise_level(was, rule.raises, change.rulebook)
    told = tuple(people_to_tell(change, rule.tell))
    why = f"{reason}: {was} -> {now}" if now != was else reason
    change.happen(
        Escalated(
            at=change.now,
            rung=rung,
            trigger=trigger,
            was=was,
            now=now,
            told=tuple(person.address for person in told),
            reason=why,
        ),
        because=why,
    )
    if now != was:
        change_limits(change, reason=f"the level is {now}", keep=keep)
    for person in told:
        if person.address != knows:
            _tell(change, person, was, why)
    if "requester" in rule.tell:
        tell_progress(change)


def _tell(change: Change, person: Person, was: str, why: str) -> None:
    due = due_times(change)
    tell_staff(change, person, "escalated", was=was, reason=why, assignee=assignee_name(change), due=due)
