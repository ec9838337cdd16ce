"""What a ticket leaves behind beside its solution: reports and articles, each owed from a moment on, by the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.events import Owes, Written
from rules.language.sayings import say
from rules.letters.correspondence import tell_staff, write_time
from rules.work.clocks import start_clock, stop_clock

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person
    from rules.sections.promises import OwedRule
    from rules.ticket import Moment, Owed


def owe_for(change: Change, moment: Moment) -> None:
    """Note everything that is owed from this moment on."""
    for rule in change.rulebook.owed:
        if moment in rule.on:
            owe(change, rule, reason=say("moment", moment=moment))


def owe(change: Change, rule: OwedRule, *, reason: str) -> None:
    """Note that something is owed, start its clock and tell who owes it; what is owed already is not owed twice."""
    if find_owed(change, rule.name) is not None or not rule.when.holds(change.ticket):
        return
    writers = _writers(change, rule)
    by = writers[0].address if writers else None
    change.happen(
        Owes(at=change.now, name=rule.name, by=by, reason=reason), because=say("owed", owed=rule.name, why=reason)
    )
    last = change.ticket.clock(rule.name)
    start_clock(change, change.rulebook.promises[rule.name], cycle=1 if last is None else last.cycle + 1)
    clock = change.ticket.clock(rule.name)
    for person in writers:
        until = write_time(clock.due_at, change.rulebook) if clock is not None else None
        tell_staff(change, person, "owed", owed=rule.name, until=until, reason=reason)


def write_down(change: Change, owed: Owed, person: Person, text: str) -> None:
    """Record that what was owed has been written, and stop its clock."""
    change.happen(Written(at=change.now, name=owed.name, by=person.address, text=text))
    clock = change.ticket.clock(owed.name)
    if clock is not None and clock.running:
        stop_clock(change, clock, kept=True)


def find_owed(change: Change, name: str) -> Owed | None:
    """What is owed under this name and not written yet, or None."""
    return next((owed for owed in change.ticket.owed if owed.name == name and owed.written_at is None), None)


def _writers(change: Change, rule: OwedRule) -> tuple[Person, ...]:
    staff = change.facts.staff
    match rule.by:
        case "assignee":
            assignee = staff.find(change.ticket.assignee)
            return (assignee,) if assignee else staff.leads(change.ticket.team)
        case "lead":
            return staff.leads(change.ticket.team)
        case "supervisor":
            return staff.with_role("supervisor")
