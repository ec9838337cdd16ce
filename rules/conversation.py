"""What people say on a ticket by mail: those who reported it, and those who work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.clocks import cancel_clocks, resume_clocks, start_clocks
from rules.commands.obey import obey
from rules.commands.parsing import parse_command
from rules.correspondence import tell_assignee, tell_participants, tell_staff
from rules.escalation import escalate_reopening, escalate_repeat
from rules.events import Closed, Moved, Noted, Reopened, Reported
from rules.language.phrases import is_thanks, says_again
from rules.moments import let_come, note_work, reach, respond
from rules.participants import counts, join
from rules.working import start_work

if TYPE_CHECKING:
    from rules.change import Change
    from rules.decision import Verdict
    from rules.people import Person
    from rules.report import Mail


def hear_requester(change: Change, mail: Mail, *, why: str) -> Verdict:
    """Take in what somebody who reported the problem adds to it; returns the ledger's verdict.

    Plain additions never escalate. A reply that says the problem is back is a repeat, though it lies in the thread;
    a reply to a resolved ticket reopens it, unless it only says thanks, and counts as a repeat only if it says so too.
    """
    words = change.rulebook.repeats
    again = says_again(mail.text, words.again)
    thanks = is_thanks(mail.text, words.thanks, again=words.again, writer=mail.sender.name if mail.sender else "")
    done = not change.ticket.open
    verdict: Verdict = (
        "reopened" if done and not thanks else "repeated" if again and not (done or thanks) else "appended"
    )
    reason = f"{why}; it says the problem is back ({again})" if verdict == "repeated" else why
    join(change, mail, by_similarity=False, reason=why)
    counted = counts(change, mail) and (verdict != "reopened" or again is not None)
    _note_report(change, mail, verdict, reason, counted=counted)
    if thanks:
        _confirm(change, mail)
    match verdict:
        case "reopened":
            reopen(change, by=mail.sender.address if mail.sender else None, reason="the requester wrote again")
            escalate_repeat(change)
            tell_assignee(change, "reopened", author=author(mail), text=mail.text, reason="the requester wrote again")
        case "repeated":
            escalate_repeat(change)
            tell_assignee(change, "repeated", **said(change, mail), reason="; ".join(change.reasons))
        case _:
            _pass_on(change, mail)
    wake(change)
    return verdict


def hear_staff(change: Change, mail: Mail, person: Person, *, why: str) -> Verdict:
    """Take in what a member of staff writes on a ticket: a command, or words for the requester."""
    if command := parse_command(mail.text):
        _note_report(change, mail, "appended", f"{why}; command !{command.word}", counted=False)
        tell_staff(change, person, "transcript", lines=((f"!{command.word}", obey(change, command, person)),))
        return "command"
    _note_report(change, mail, "appended", f"{why}; {person.address} answers the requester", counted=False)
    _answer(change, person, mail.text)
    return "appended"


def hear_unproven_staff(change: Change, mail: Mail, person: Person, *, why: str) -> Verdict:
    """Keep a mail that looks like a colleague's inside the desk, where nothing proves who wrote it, and tell him."""
    reason = f"{why}; kept inside: the mail server does not prove its senders"
    _note_report(change, mail, "appended", reason, counted=False)
    change.happen(Noted(at=change.now, by=person.address, text=mail.text, inside=True))
    told = "not sent to the requester, kept inside the desk: the mail server does not prove its senders"
    tell_staff(change, person, "transcript", lines=((mail.subject, told),))
    return "appended"


def _pass_on(change: Change, mail: Mail) -> None:
    tell_assignee(
        change,
        "message",
        author=author(mail),
        text=mail.text,
        status=change.ticket.status,
        commands=change.facts.commands_by_mail,
    )


def _confirm(change: Change, mail: Mail) -> None:
    """The requester's thanks for the solution are his word that nothing is left; anybody else's are not."""
    confirms = mail.sender is not None and mail.sender.address == change.ticket.requester
    if confirms and change.ticket.status == "resolved":
        reason = "the requester confirms that it is solved"
        reach(change, "confirmed", by=change.ticket.requester)
        change.happen(Closed(at=change.now, how="requester", reason=reason), because=reason)
        let_come(change, "closed")
        cancel_clocks(change)


def wake(change: Change) -> None:
    """Go on with a ticket that waits for whoever wrote now."""
    if change.ticket.status == "waiting":
        change.happen(Moved(at=change.now, status="in_progress", reason="the requester answered"))
        resume_clocks(change, reason="the requester answered")


def reopen(change: Change, *, by: str | None, reason: str) -> None:
    """Give a resolved or closed ticket work again, with new cycles of its clocks."""
    change.happen(Reopened(at=change.now, by=by, reason=reason), because=reason)
    start_clocks(change, "opened")
    if change.ticket.assignee is not None:
        let_come(change, "assigned")
    escalate_reopening(change)


def author(mail: Mail) -> str:
    """The writer of a mail as staff see him: his name and his real address."""
    return str(mail.sender) if mail.sender else ""


def said(change: Change, mail: Mail) -> dict[str, str | int]:
    """What a letter about a repeat tells of it."""
    people = len(change.ticket.participants)
    return {"reporter": author(mail), "text": mail.text, "repeats": change.ticket.repeats, "reporters": people}


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


def _answer(change: Change, person: Person, text: str) -> None:
    change.happen(Noted(at=change.now, by=person.address, text=text))
    note_work(change, person)
    respond(change, person)
    start_work(change)
    tell_participants(change, "answer", human=True, author=person.name or person.address, text=text)
