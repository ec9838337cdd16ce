"""Who is written to when something happens on a ticket, and what the letter may hold."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from immutables import Map

from rules.letter import Letter, LetterLanguage, Template, Value, letter_language
from rules.letters.enclosing import attached_now, enclose
from rules.letters.naming import name_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rules.attachment import TicketAttachment
    from rules.change import Change
    from rules.people import Person
    from rules.rulebook import Rulebook
    from rules.sections.section import Told
    from rules.ticket import Clock, Moment, Participant, Ticket


#: Letters that hand on what somebody wrote.
_HANDING_ON: Final = frozenset(("message", "repeated", "reopened"))
#: Moments and how they are written: the letters of a batch show the same few.
_REMEMBERED: Final = 500


def tell_participant(change: Change, person: Participant, template: Template, /, **data: Value) -> None:
    """Write to somebody who takes part in the ticket, in his own thread and language."""
    believed = _is_believed(change, person)
    if person.silent or (change.facts.senders_are_proven and not believed):
        return
    language = letter_language(person.language, otherwise=change.rulebook.language)
    change.write(
        Letter(
            to=person.address,
            name=person.name if believed else "",
            template=template,
            language=language,
            references=person.threads,
            data=_with_ticket(change, {"ticket_subject": person.subject if believed else "", **data}, language),
        )
    )


def _is_believed(change: Change, person: Participant) -> bool:
    """Whether an address is no forged one, as far as the desk knows: to others it writes none of their own words.

    Where senders are proven mail by mail it writes nothing to them by itself. Once a colleague has answered on the
    ticket its reporter is believed; whom only likeness joined to it is not.
    """
    if person.counted or person.named:
        return True
    return not person.by_similarity and change.ticket.reached("responded")


def tell_participants(change: Change, template: Template, /, *, human: bool = False, **data: Value) -> None:
    """Write to everybody who takes part.

    `human` says that the letter holds somebody's own words: those get nothing who were joined by likeness alone.
    """
    for person in change.ticket.participants:
        if not (human and person.by_similarity):
            tell_participant(change, person, template, **data)


def tell_progress(change: Change) -> None:
    """Tell everybody who takes part how far the ticket is."""
    tell_participants(
        change,
        "progress",
        status=_status_for_requesters(change.ticket),
        assignee_name=assignee_name(change),
        since=write_time(change.ticket.opened_at, change.rulebook),
        expected_by=due_time(change, "resolved") or _expected_by_assignee(change),
        late=_is_late(change),
    )


def _is_late(change: Change) -> bool:
    """Tell whether the solution was promised for a moment that has passed: the requester is told so, not spared it."""
    promised = (clock for clock in change.ticket.clocks if _promises(change.rulebook, clock) == "resolved")
    return any(clock.running and (clock.overdue_at is not None or clock.due_at < change.now) for clock in promised)


def _expected_by_assignee(change: Change) -> str | None:
    expected = change.ticket.expected_at
    return write_time(expected, change.rulebook) if expected is not None and expected > change.now else None


def _status_for_requesters(ticket: Ticket) -> str:
    """The status as its requesters need it: one that waits says for whom, as that may be themselves."""
    if ticket.status != "waiting":
        return ticket.status
    return "waiting_for_requester" if ticket.waiting_for == "requester" else "waiting_for_others"


def tell_staff(
    change: Change,
    person: Person,
    template: Template,
    attachments: tuple[TicketAttachment, ...] = (),
    /,
    **data: Value,
) -> None:
    """Write to a member of staff; all letters of one ticket make one thread in his mailbox.

    Of `attachments` the letter tells what becomes of each, and carries what fits.
    """
    language = staff_language(person, change.rulebook)
    enclosed, told = enclose(attachments, change.rulebook)
    shown: dict[str, Value] = {"attachments": told} if told else {}
    change.write(
        Letter(
            to=person.address,
            name=person.name,
            template=template,
            language=language,
            references=(f"<ticket.{change.ticket.number}@{change.facts.domain}>",),
            data=_with_ticket(change, {"commands": change.facts.commands_by_mail, **shown, **data}, language),
            enclosed=enclosed,
        )
    )


def tell_role(change: Change, role: Told, template: Template, /, **data: Value) -> None:
    """Write to the staff of a ticket who have a role."""
    for person in people_to_tell(change, (role,)):
        tell_staff(change, person, template, **data)


def tell_assignee(change: Change, template: Template, /, **data: Value) -> None:
    """Write to the assignee; where there is none, to the leads of the team. What a mail brought goes with its words."""
    assignee = change.facts.staff.find(change.ticket.assignee)
    attachments = attached_now(change) if template in _HANDING_ON else ()
    for person in (assignee,) if assignee else change.facts.staff.leads(change.ticket.team):
        tell_staff(change, person, template, attachments, **data)


def assignee_name(change: Change) -> str:
    """The assignee as letters call him, or an empty string where there is none."""
    assignee = change.facts.staff.find(change.ticket.assignee)
    return (assignee.name or assignee.address) if assignee else ""


def people_to_tell(change: Change, roles: Iterable[Told]) -> Iterator[Person]:
    """The staff that an escalation tells, each once; requesters are none of them."""
    staff, seen = change.facts.staff, set[str]()
    for role in roles:
        match role:
            case "assignee":
                assignee = staff.find(change.ticket.assignee)
                people: tuple[Person, ...] = (assignee,) if assignee else ()
            case "lead":
                people = staff.leads(change.ticket.team)
            case "supervisor" | "manager" | "head":
                people = staff.with_role(role)
            case "requester":
                people = ()
        for person in people:
            if person.address not in seen:
                seen.add(person.address)
                yield person


def write_time(at: datetime | None, rulebook: Rulebook) -> str | None:
    """A moment as letters show it, to the minute, in the rulebook's time zone."""
    return None if at is None else _write_minute(at, rulebook.timezone)


@lru_cache(maxsize=_REMEMBERED)
def _write_minute(at: datetime, timezone: str) -> str:
    return at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")


def write_zone(at: datetime, rulebook: Rulebook) -> str:
    """The offset from UTC of the times that letters show, such as `UTC+08:00`."""
    return _write_offset(at, rulebook.timezone)


@lru_cache(maxsize=_REMEMBERED)
def _write_offset(at: datetime, timezone: str) -> str:
    return "UTC" + at.astimezone(ZoneInfo(timezone)).isoformat()[-6:]


def due_times(change: Change) -> tuple[tuple[str, str], ...]:
    """The running clocks of the ticket that staff can still keep, with their due times."""
    repeating = {rule.name for rule in change.rulebook.clocks if rule.repeats}
    waiting = (clock for clock in change.ticket.clocks if clock.waits and clock.name not in repeating)
    coming = (clock for clock in waiting if clock.due_at >= change.now)
    return tuple((clock.name, write_time(clock.due_at, change.rulebook) or "") for clock in coming)


def due_time(change: Change, moment: Moment) -> str | None:
    """When the desk promised that the moment (`responded`, `resolved`) will have come, or None.

    The first moment that stops a clock is what it promises: an arrival ends with a solution, too, and promises none.
    """
    clocks = [clock for clock in change.ticket.clocks if clock.waits and _promises(change.rulebook, clock) == moment]
    return write_time(min((clock.due_at for clock in clocks), default=None), change.rulebook)


def _promises(rulebook: Rulebook, clock: Clock) -> Moment | None:
    rule = rulebook.promises.get(clock.name)
    return None if rule is None or rule.repeats else rule.stops[0]


def _with_ticket(change: Change, data: dict[str, Value], language: LetterLanguage) -> Map[str, Value]:
    zone = write_zone(change.now, change.rulebook)
    whole = {**_about(change.ticket, change.rulebook), "desk_name": change.facts.desk_name, "zone": zone, **data}
    return Map(name_values(whole, change.rulebook, language, change.facts.staff))


def _about(ticket: Ticket, rulebook: Rulebook) -> dict[str, Value]:
    return {
        "number": ticket.number,
        "ticket_subject": ticket.subject,
        "priority": ticket.priority,
        "rank": _rank(ticket.priority, rulebook.priority.levels),
    }


def _rank(level: str, levels: tuple[str, ...]) -> int | None:
    """How many levels are more urgent; None for one that the rulebook has no longer."""
    return levels.index(level) if level in levels else None


def staff_language(person: Person, rulebook: Rulebook) -> LetterLanguage:
    """The language of letters to a member of staff: his own, or else the rulebook's."""
    return letter_language(person.language or rulebook.language, otherwise=rulebook.language)
