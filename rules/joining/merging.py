"""Tickets become a part of another one, and stand on their own again where that was a mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.events import ClockChanged, Closed, Joined
from rules.joining.events import Absorbed, Merged, Parted, Unmerged
from rules.joining.participants import join_threads, judge_people
from rules.language.sayings import say
from rules.letters.correspondence import tell_assignee, tell_participant
from rules.work.clocks import cancel_clocks, resume_clocks, with_due
from rules.work.dispatch import give_to_somebody
from rules.work.escalation import escalate_repeat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.change import Change
    from rules.language.sayings import Saying
    from rules.ticket import Clock, Participant, Ticket


def merge(part: Change, whole: Change, *, by: str, reason: Saying) -> None:
    """Make one ticket a part of another, on the word of staff (`by` is an address), and tell its people.

    Its people take part in the other ticket, each in his own thread; what they answer to its letters belongs there.
    Its promises are cancelled: those of the other ticket hold.
    """
    ticket = part.ticket
    _absorb(ticket, whole, by=by, reason=reason)
    into = say("merged-into", number=whole.ticket.number)
    merged = Merged(at=part.now, into=whole.ticket.id, number=whole.ticket.number, by=by, reason=reason)
    part.happen(merged, because=into)
    cancel_clocks(part, reason=into)
    part.happen(Closed(at=part.now, how="merged", reason=into))


def unmerge(whole: Change, part: Change, *, by: str, reason: Saying) -> None:
    """Let a ticket that was merged by mistake stand on its own again, as it stood, and tell its people."""
    ticket = part.ticket
    _stay(whole, part)
    leaving = tuple(person for person in whole.ticket.participants if person.came_with == ticket.id)
    _part(whole, part, _addresses(leaving), by=by, reason=reason)
    part.happen(Unmerged(at=part.now, number=whole.ticket.number, by=by, reason=reason), because=reason)
    for clock in ticket.clocks:
        if clock.stopped_at is not None and clock.stopped_at == ticket.closed_at:
            going = with_due(_going_on(clock), part.rulebook)
            part.happen(ClockChanged(at=part.now, clock=going, reason=reason))
    resume_clocks(part, reason=reason)
    tell_parted(part, ticket.participants, was=whole.ticket.number)
    if part.ticket.assignee is None:
        give_to_somebody(part)
    elif part.ticket.assignee != by:
        tell_assignee(part, "reopened", author=None, text=ticket.summary, reason=reason)


def tell_parted(part: Change, people: Iterable[Participant], *, was: str) -> None:
    """Tell people that their report is handled on its own, and that letters about the ticket `was` are not for them."""
    for person in people:
        tell_participant(part, person, "parted", was=was)


def _absorb(ticket: Ticket, whole: Change, *, by: str, reason: Saying) -> None:
    came = say("joined-from", number=ticket.number)
    for person in ticket.participants:
        known = whole.ticket.participant(person.address)
        joined = join_threads(known, person) if known else replace(person, came_with=ticket.id)
        if joined != known:
            whole.happen(Joined(at=whole.now, participant=joined, reason=came))
    counted = any(person.counted for person in ticket.participants)
    whole.happen(
        Absorbed(
            at=whole.now,
            ticket=ticket.id,
            number=ticket.number,
            reports=ticket.reports,
            repeats=ticket.repeats + 1,
            counted_repeats=ticket.counted_repeats + counted,
            by=by,
            reason=reason,
        ),
        because=came,
    )
    judge_people(whole)
    if counted:
        escalate_repeat(whole)
    addresses = _addresses(ticket.participants)
    for person in whole.ticket.participants:
        if person.address in addresses:
            tell_participant(whole, person, "joined", was=ticket.number)


def _stay(whole: Change, part: Change) -> None:
    """Let those stay on a ticket who came with the one that leaves it, and with another that does not."""
    for number in whole.ticket.absorbed:
        other = whole.facts.tickets.get(number)
        if other is None or other.id == part.ticket.id:
            continue
        for person in whole.ticket.participants:
            if person.came_with == part.ticket.id and other.participant(person.address) is not None:
                stays = say("joined-from", number=other.number)
                whole.happen(Joined(at=whole.now, participant=replace(person, came_with=other.id), reason=stays))


def _part(whole: Change, part: Change, people: tuple[str, ...], *, by: str, reason: Saying) -> None:
    ticket = part.ticket
    whole.happen(
        Parted(
            at=whole.now,
            people=people,
            ticket=ticket.id,
            number=ticket.number,
            reports=ticket.reports,
            repeats=ticket.repeats + 1,
            counted_repeats=ticket.counted_repeats + any(person.counted for person in ticket.participants),
            by=by,
            reason=reason,
        ),
        because=reason,
    )


def _addresses(people: Iterable[Participant]) -> tuple[str, ...]:
    return tuple(person.address for person in people)


def _going_on(clock: Clock) -> Clock:
    """A cancelled clock as if it had run on; what was counted as broken stays so."""
    broken = clock.overdue_at or (clock.stopped_at if clock.outcome == "breached" else None)
    return replace(clock, stopped_at=None, outcome=None, overdue_at=broken)
