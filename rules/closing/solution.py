"""How a ticket ends: its solution is proposed, the requester says yes, no or how satisfied he is, or is silent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.closing.answer_words import answers_for, question_for
from rules.closing.answers import waits_for_rating
from rules.closing.satisfaction import CLOCK, Ratings, is_unhappy, waiting_clock
from rules.events import ClockStopped, Joined, Rated, Represented, Resolved
from rules.language.sayings import say
from rules.letters.correspondence import tell_participant, tell_staff, write_time
from rules.work.clocks import start_clock
from rules.work.moments import close_ticket, let_come, reach

if TYPE_CHECKING:
    from rules.change import Change
    from rules.closing.answers import Word
    from rules.letter import Template, Value
    from rules.people import Person
    from rules.report import Mail
    from rules.ticket import Outcome, Participant, Ticket


def propose_solution(change: Change, person: Person, solution: str) -> None:
    """Resolve a ticket with what was done, and ask its requesters whether it is solved.

    Who was joined by likeness alone is told that it is over, and reads no words of staff.
    """
    change.happen(Resolved(at=change.now, by=person.address, how="assignee", solution=solution))
    let_come(change, "resolved")
    for reporter in change.ticket.participants:
        if reporter.by_similarity:
            tell_participant(change, reporter, "over", is_alert=False, ended_at=write_time(change.now, change.rulebook))
        else:
            words = answers_for(reporter, change.rulebook)
            tell_participant(change, reporter, "resolved", solution=solution, by_similarity=False, **words)


def take_yes(change: Change, mail: Mail, word: Word) -> None:
    """Take in the requester's word that it is solved: close the ticket, or ask how satisfied he is first.

    What monitoring reported has no requester: it ends when all its people have said so, and the last of them is asked.
    """
    if change.ticket.requester is None and _others_are_asked(change, mail):
        return
    reason = say("confirmed")
    reach(change, "confirmed", by=change.ticket.requester, text=mail.text)
    asks = waiting_clock(change.rulebook.satisfaction)
    if asks is not None and word.ratings is None:
        change.reasons.append(reason)
        start_clock(change, asks, cycle=_next_cycle(change.ticket))
        _tell_requester(change, "rating", **_question_for(change))
        return
    close_ticket(change, how="requester", reason=reason)
    if change.rulebook.satisfaction.ask == "after_closing":
        asked = {} if word.ratings else _question_for(change)
        _tell_requester(change, "closed", reason="", **asked)


def _others_are_asked(change: Change, mail: Mail) -> bool:
    """Note the yes of one of an incident's people; the last to say so becomes the requester, whose word closes it."""
    ticket, writer = change.ticket, change.ticket.participant(mail.sender.address) if mail.sender else None
    if writer is None:
        return True
    reason = say("confirms", person=writer.address)
    change.happen(Joined(at=change.now, participant=replace(writer, confirmed=True), reason=reason), because=reason)
    if any(_is_awaited(person) for person in change.ticket.participants):
        return True
    spokesman = Represented(
        at=change.now, requester=writer.address, relation=ticket.relation, zone=ticket.zone, by=writer.address
    )
    change.happen(spokesman)
    return False


def _is_awaited(person: Participant) -> bool:
    """Tell whether the ticket waits for somebody's word: he counts or was named, gets letters, and has not given it."""
    return (person.counted or person.named) and not person.silent and not person.confirmed


def take_no(change: Change, mail: Mail) -> None:
    """Record the word that it is not solved. Afterwards the ticket is to be reopened, and `tell_again` called."""
    _stop_waiting(change, "cancelled")
    if change.ticket.solution:
        sender = mail.sender.address if mail.sender else None
        reach(change, "refused", by=sender, text=mail.text)


def tell_again(change: Change, mail: Mail) -> None:
    """Tell who said that it is not solved that it is handled again, and by when."""
    writer = change.ticket.participant(mail.sender.address) if mail.sender else None
    if writer is not None and change.ticket.solution:
        tell_participant(change, writer, "again", due_by=_due_after_refusal(change))


def take_rating(change: Change, mail: Mail, ratings: Ratings) -> None:
    """Record how satisfied the requester is; the lead hears of it where he is not. What waited for it closes."""
    waited = waits_for_rating(change.ticket)
    _stop_waiting(change, "met")
    by = change.ticket.requester or ""
    steps = tuple(dict.fromkeys(step for _, step in ratings))
    change.happen(Rated(at=change.now, by=by, ratings=ratings, text=mail.text), because=say("rated", steps=steps))
    let_come(change, "rated")
    if waited and change.ticket.status == "resolved":
        close_ticket(change, how="requester", reason=say("confirmed"))
    if is_unhappy(ratings, change.rulebook.satisfaction):
        _tell_leads(change, mail, steps)


def close_unrated(change: Change) -> None:
    """Close a ticket whose requester has confirmed the solution, and did not say how satisfied he is."""
    _stop_waiting(change, "cancelled")
    if change.ticket.status == "resolved":
        close_ticket(change, how="requester", reason=say("unrated"))


def _stop_waiting(change: Change, outcome: Outcome) -> None:
    """Stop waiting for a rating. Nobody promised it: however late it comes, nothing is breached."""
    clock = change.ticket.clock(CLOCK)
    if clock is not None and clock.running:
        change.happen(ClockStopped(at=change.now, name=clock.name, cycle=clock.cycle, outcome=outcome))


def _next_cycle(ticket: Ticket) -> int:
    last = ticket.clock(CLOCK)
    return 1 if last is None else last.cycle + 1


def _due_after_refusal(change: Change) -> str | None:
    names = {rule.name for rule in change.rulebook.clocks if "refused" in rule.starts}
    due = (clock.due_at for clock in change.ticket.clocks if clock.running and clock.name in names)
    return write_time(min(due, default=None), change.rulebook)


def _question_for(change: Change) -> dict[str, Value]:
    return question_for(change.ticket.participant(change.ticket.requester or ""), change.rulebook)


def _tell_requester(change: Change, template: Template, **data: Value) -> None:
    requester = change.ticket.participant(change.ticket.requester or "")
    if requester is not None:
        tell_participant(change, requester, template, **data)


def _tell_leads(change: Change, mail: Mail, steps: tuple[str, ...]) -> None:
    said = {"author": str(mail.sender or ""), "text": mail.text, "status": change.ticket.status}
    said["rating"] = say("steps", steps=steps)
    for lead in change.facts.staff.leads(change.ticket.team):
        tell_staff(change, lead, "message", **said)
