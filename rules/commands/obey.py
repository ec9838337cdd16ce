"""What each command of a member of staff does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.correspondence import tell_participant, write_time
from rules.dispatch import give_to
from rules.events import Noted, Resolved
from rules.moments import let_come, note_work, respond
from rules.working import start_work, wait_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.change import Change
    from rules.commands.parsing import Command
    from rules.people import Person


def obey_all(change: Change, commands: Sequence[Command], person: Person) -> tuple[tuple[str, str], ...]:
    """Do what commands say, one after the other; returns each as it was written and what came of it, in one line."""
    return tuple((f"!{command.word}", obey(change, command, person)) for command in commands)


def obey(change: Change, command: Command, person: Person) -> str:
    """Do what a command says; returns what came of it, in one line."""
    match command.verb:
        case "note":
            note_work(change, person, reassesses=False)
            change.happen(Noted(at=change.now, by=person.address, text=command.text, inside=True))
            return "noted inside the desk"
        case "resolve":
            return _resolve(change, person, command.text)
        case "take":
            give_to(change, person, team=change.ticket.team, reason="taken")
            note_work(change, person)
            start_work(change)
            return f"{change.ticket.number} is yours"
        case "wait" if not change.ticket.open:
            return f"{change.ticket.number} is {change.ticket.status} already"
        case "wait":
            note_work(change, person)
            wait_for(change, command.text or "requester", reason="!wait")
            return "waiting; the clocks that may be held are held"
        case _:
            return "not known; these are: !note, !resolve + solution, !take, !wait"


def _resolve(change: Change, person: Person, solution: str) -> str:
    if not solution:
        return "not resolved: write the solution behind !resolve"
    if not change.ticket.open:
        return f"{change.ticket.number} is {change.ticket.status} already"
    note_work(change, person)
    respond(change, person)
    change.happen(Resolved(at=change.now, by=person.address, how="assignee", solution=solution))
    let_come(change, "resolved")
    for reporter in change.ticket.participants:
        if reporter.by_similarity:
            tell_participant(change, reporter, "over", is_alert=False, ended_at=write_time(change.now, change.rulebook))
        else:
            tell_participant(change, reporter, "resolved", solution=solution, by_similarity=False)
    return f"{change.ticket.number} is resolved, the requesters are told"
