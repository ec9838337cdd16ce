"""What people say on a ticket by mail: those who reported it, and those who work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.closing.answers import hear_word
from rules.closing.complaints import complain
from rules.closing.solution import take_no, take_rating, take_yes, tell_again
from rules.commands.obey import obey_all
from rules.commands.parsing import parse_commands
from rules.deciding.attaching import take_attachments
from rules.deciding.incomplete import hear_answer
from rules.events import Moved, Noted, Reopened, Reported
from rules.joining.participants import count_reporters, counts, join, join_copied
from rules.language.sayings import say, say_all
from rules.letters.correspondence import tell_assignee, tell_participants, tell_staff
from rules.letters.enclosing import attached_now
from rules.letters.receipts import write_receipt
from rules.work.clocks import resume_clocks, start_clocks
from rules.work.escalation import escalate_reopening, escalate_repeat
from rules.work.moments import let_come, note_work, respond
from rules.work.status import VENDOR, start_work

if TYPE_CHECKING:
    from rules.change import Change
    from rules.closing.answers import Word
    from rules.decision import Verdict
    from rules.people import Person
    from rules.report import Mail


def hear_requester(change: Change, mail: Mail, *, why: str) -> Verdict:
    """Take in what somebody who reported the problem adds to it; returns the ledger's verdict.

    Plain additions never escalate. A reply that says the problem is back is a repeat, though it lies in the thread;
    what is neither a yes nor thanks nor a rating reopens a resolved ticket, and counts as a repeat only if it says so
    too. A complaint takes its rungs whatever the ticket's status.
    """
    word = hear_word(change, mail)
    verdict = _verdict(change, word)
    reason = say_all((why, say("says-back", word=word.again))) if verdict == "repeated" and word.again else why
    person = join(change, mail, by_similarity=False, reason=why)
    join_copied(change, mail)
    counted = counts(change, mail) and (verdict != "reopened" or word.again is not None)
    _note_report(change, mail, verdict, reason, counted=counted)
    hear_answer(change, mail)
    wake(change)
    _take_word(change, mail, word, verdict)
    if person is not None and change.ticket.open and any(each.refused for each in attached_now(change)):
        write_receipt(change, mail, person, joined=True)
    if word.complains:
        complain(change, mail.sender.address if mail.sender else "", mail.text, acknowledge=True)
    return verdict


def hear_unproven(change: Change, mail: Mail, *, why: str) -> Verdict:
    """Keep a mail that names a participant as its sender and proves it by nothing: the assignee reads it, no more.

    It closes, reopens, wakes and counts nothing, adds nobody, and nobody outside hears of it.
    """
    _note_report(change, mail, "appended", say("unproven", why=why), counted=False)
    _pass_on(change, mail)
    return "appended"


def hear_staff(change: Change, mail: Mail, person: Person, *, why: str) -> Verdict:
    """Take in what a member of staff writes on a ticket: a command, or words for the requester."""
    if commands := parse_commands(mail.text):
        said_so = say("commands", why=why, commands=" ".join(f"!{command.word}" for command in commands))
        _note_report(change, mail, "appended", said_so, counted=False)
        tell_staff(change, person, "transcript", lines=obey_all(change, commands, person))
        return "command"
    _note_report(change, mail, "appended", say("staff-answers", why=why, person=person.address), counted=False)
    _answer(change, person, mail.text)
    return "appended"


def hear_unproven_staff(change: Change, mail: Mail, person: Person, *, why: str) -> Verdict:
    """Keep a mail that looks like a colleague's inside the desk, where nothing proves who wrote it, and tell him."""
    reason = say("kept-inside", why=why)
    _note_report(change, mail, "appended", reason, counted=False)
    change.happen(Noted(at=change.now, by=person.address, text=mail.text, inside=True))
    tell_staff(change, person, "transcript", lines=((mail.subject, say("not-sent-on")),))
    return "appended"


def _pass_on(change: Change, mail: Mail) -> None:
    tell_assignee(
        change,
        "message",
        author=author(mail),
        text=mail.text,
        status=change.ticket.status,
    )


def _verdict(change: Change, word: Word) -> Verdict:
    if not change.ticket.open:
        return "reopened" if word.answer == "no" else "appended"
    return "repeated" if word.again and not word.thanks else "appended"


def _take_word(change: Change, mail: Mail, word: Word, verdict: Verdict) -> None:
    if verdict == "reopened":
        _handle_again(change, mail)
    if word.ratings:
        take_rating(change, mail, word.ratings)
    if word.answer == "yes":
        take_yes(change, mail, word)
    if verdict == "repeated":
        escalate_repeat(change)
        tell_assignee(change, "repeated", **said(change, mail), reason=say_all(change.reasons))
    if verdict == "appended":
        _pass_on(change, mail)


def _handle_again(change: Change, mail: Mail) -> None:
    reason = say("wrote-again")
    take_no(change, mail)
    reopen(change, by=mail.sender.address if mail.sender else None, reason=reason)
    escalate_repeat(change)
    tell_again(change, mail)
    tell_assignee(change, "reopened", author=author(mail), text=mail.text, reason=reason)


def wake(change: Change) -> None:
    """Go on with a ticket that waits for whoever wrote now; what a requester asks ends no wait for a vendor."""
    if change.ticket.status == "waiting" and change.ticket.waiting_for not in _others(change):
        reason = say("answered")
        change.happen(Moved(at=change.now, status="in_progress", reason=reason))
        resume_clocks(change, reason=reason)


def _others(change: Change) -> set[str]:
    """For whom a ticket waits that never writes to the desk as a requester."""
    return {VENDOR, *(line.name for line in change.rulebook.lines if line.vendor)}


def reopen(change: Change, *, by: str | None, reason: str) -> None:
    """Give a resolved or closed ticket work again, with new cycles of its clocks."""
    change.happen(Reopened(at=change.now, by=by, reason=reason), because=reason)
    start_clocks(change, "opened")
    if change.ticket.assignee is not None:
        let_come(change, "assigned")
    escalate_reopening(change)


def author(mail: Mail) -> str:
    """The writer of a mail as staff see him: his name and real address, or whom the mail names where none is sure."""
    return str(mail.sender) if mail.sender else ", ".join(map(str, mail.authors[:3]))


def said(change: Change, mail: Mail) -> dict[str, str | int]:
    """What a letter about a repeat tells of it."""
    told = {"repeats": change.ticket.repeats, "reporters": count_reporters(change.ticket)}
    return {"reporter": author(mail), "text": mail.text, **told}


def _note_report(change: Change, mail: Mail, verdict: Verdict, reason: str, *, counted: bool) -> None:
    if verdict not in ("appended", "repeated", "reopened", "resolved"):
        raise ValueError(f"a report on a ticket is not {verdict}")
    change.happen(
        Reported(
            at=change.now,
            verdict=verdict,
            source=mail.source,
            key=mail.key,
            reporter=mail.sender.address if mail.sender else None,
            counts=counted,
            imported=mail.imported,
            reason=reason,
        ),
        because=reason,
    )
    take_attachments(change, mail)


def _answer(change: Change, person: Person, text: str) -> None:
    change.happen(Noted(at=change.now, by=person.address, text=text))
    note_work(change, person)
    respond(change, person)
    if change.ticket.awaits_assignee:
        reopen(change, by=person.address, reason=say("more-to-do", person=person.address))
    start_work(change)
    tell_participants(change, "answer", human=True, author=person.name or person.address, text=text)
