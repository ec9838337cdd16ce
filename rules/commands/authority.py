"""Who may give which command: by role, by what the ticket asks of whom, and by what the rulebook says instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from rules.closing.complaints import has_open_complaint
from rules.commands.terms import listed
from rules.language.sayings import say
from rules.people import Role
from rules.silences.wanting import why_not_silenced

if TYPE_CHECKING:
    from rules.change import Change
    from rules.commands.verbs import Verb
    from rules.language.sayings import Saying
    from rules.people import Person
    from rules.ticket import Ticket

#: From the lowest to the highest; a higher one may do everything that a lower one may.
_ROLES: Final[tuple[Role, ...]] = get_args(Role)

#: What makes no sense once the work is done, and what makes none once nothing is left at all.
_WHILE_OPEN: Final = frozenset(("take", "resolve", "assign", "wait", "line", "priority", "eta", "escalate", "silence"))
_UNTIL_CLOSED: Final = frozenset(("category", "diagnose", "review", "arrived", "left", "close"))


def refuse(change: Change, verb: Verb, person: Person, *, word: str = "") -> Saying | None:
    """Why this person may not give this command on this ticket, or why the ticket is past it; None where he may.

    `word` is the command as he wrote it.
    """
    return _refuse_role(change, verb, person, word) or _refuse_status(change.ticket, verb)


def is_offered(change: Change, verb: Verb, person: Person) -> bool:
    """Tell whether a command is of any use here to this person: he may give it, and there is something to do by it."""
    ticket, rulebook = change.ticket, change.rulebook
    if refuse(change, verb, person) is not None:
        return False
    match verb:
        case "approve" | "reject":
            return ticket.approval is not None
        case "findings" | "decide":
            return has_open_complaint(ticket)
        case "line":
            return bool(rulebook.lines)
        case "escalate":
            return any(rule.on == "asked" for rule in rulebook.escalations)
        case "report":
            return any(owed.written_at is None for owed in ticket.owed)
        case "owe":
            return bool(rulebook.owed)
        case "silence":
            return ticket.silence is not None or why_not_silenced(change) is None
        case "join":
            return ticket.open
        case "split":
            return bool(ticket.absorbed or ticket.alerts.related) or any(
                each.by_similarity for each in ticket.participants
            )
        case _:
            return True


def is_on_site(ticket: Ticket) -> bool:
    """Tell whether somebody arrived and has not left since: he may still tell of it once the ticket is closed."""
    return ticket.reached("arrived") and not ticket.reached("left", since="arrived")


def _refuse_role(change: Change, verb: Verb, person: Person, word: str) -> Saying | None:
    given = change.rulebook.authority.roles.get(verb)
    roles = _by_default(change, verb) if given is None else given
    is_assignee = change.ticket.assignee == person.address
    if person.role in roles or (is_assignee and "engineer" in roles):
        return None
    others: list[Saying] = []
    if given is None and verb == "assign":
        if is_assignee:
            return None
        others.append(say("the-assignee"))
    if given is None and verb == "findings":
        if change.rulebook.desk_team in person.teams:
            return None
        others.append(say("all-of", team=change.rulebook.desk_team))
    allowed = [*(say(f"role-{role}") for role in roles), *others]
    who = listed(allowed) if allowed else say("nobody")
    return say("not-allowed", word=word or verb, who=who)


def _by_default(change: Change, verb: Verb) -> tuple[Role, ...]:
    rulebook = change.rulebook
    match verb:
        case "assign" | "priority" | "close":
            return _at_least("lead")
        case "review":
            return _at_least(rulebook.review.by or "lead")
        case "approve" | "reject":
            return _at_least(_approver(change.ticket))
        case "findings":
            return _at_least(rulebook.complaints.verified_by or "lead")
        case "decide":
            return _at_least(rulebook.complaints.decided_by or "manager")
        case _:
            return _ROLES


def _approver(ticket: Ticket) -> Role:
    return next((role for role in _ROLES if role == ticket.approval), "lead")


def _at_least(lowest: Role) -> tuple[Role, ...]:
    return _ROLES[_ROLES.index(lowest) :]


def _refuse_status(ticket: Ticket, verb: Verb) -> Saying | None:
    if verb == "resolve" and ticket.awaits_assignee:
        return None
    if verb in _WHILE_OPEN and not ticket.open:
        return say(f"already-{ticket.status}", number=ticket.number)
    if verb in _UNTIL_CLOSED and ticket.status == "closed" and not (verb == "left" and is_on_site(ticket)):
        return say("already-closed", number=ticket.number)
    return None
