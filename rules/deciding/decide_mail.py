"""What becomes of a mail."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rules.alerts.groups import GroupMail, read_monitor_mail
from rules.alerts.mails import AlertMail
from rules.change import Change
from rules.closing.complaints import complain, complained_of, is_complaint
from rules.commands.answers import not_done
from rules.commands.parsing import parse_command
from rules.deciding.attaching import take_attachments
from rules.deciding.conversation import (
    author,
    hear_requester,
    hear_staff,
    hear_unproven,
    hear_unproven_staff,
    said,
    wake,
)
from rules.deciding.decide_alert_mail import decide_alert_mail
from rules.deciding.decide_bounce import decide_bounce, is_returned
from rules.deciding.decide_group_mail import decide_group_mail
from rules.deciding.incomplete import ask_for_missing
from rules.deciding.opening import ask_for_review, open_ticket, relation_of
from rules.decision import Decision
from rules.events import Reported
from rules.joining.earlier import people_concerns
from rules.joining.events import Suggested
from rules.joining.floods import find_flood, take_into_flood
from rules.joining.forwarding import forward_reasons, is_handed_on
from rules.joining.incidents import Incident, find_incident, suggestion_of
from rules.joining.participants import counts, join, join_copied, judge_people
from rules.joining.repeats import describe, find_repeat
from rules.joining.representing import NotRepresented, Represented, take_represented
from rules.joining.threads import Thread, find_thread, is_own_letter, passed_over
from rules.judging.priority import judge
from rules.language.sayings import say, say_all
from rules.language.subjects import bare_subject
from rules.letters.correspondence import tell_assignee, tell_staff
from rules.letters.reaching import wakes
from rules.letters.receipts import write_receipt
from rules.work.dispatch import give_to_somebody
from rules.work.escalation import escalate_repeat

if TYPE_CHECKING:
    from datetime import datetime

    from rules.facts import Facts
    from rules.language.sayings import Saying
    from rules.report import Mail
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


def decide_mail(mail: Mail, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Decide what becomes of a mail; the questions are asked in this order, and the first yes decides."""
    if seen := _seen(mail, facts):
        return seen
    if mail.auto == "own":
        return _ignore(f"our own mail came back ({mail.auto_reason})")
    if is_returned(mail, facts):
        return decide_bounce(mail, facts, rulebook, now)
    if is_own_letter(mail, facts):
        return _ignore("our own letter came back (its Message-ID)")
    told = read_monitor_mail(mail, rulebook, facts.alertmanagers)
    if isinstance(told, GroupMail):
        return decide_group_mail(mail, told, facts, rulebook, now)
    if isinstance(told, AlertMail):
        return decide_alert_mail(mail, told, facts, rulebook, now)
    thread = find_thread(mail, facts)
    decision = _decide_words(mail, thread, facts, rulebook, now)
    if told is not None:
        decision = replace(decision, told=told, reasons=(told.reason, *decision.reasons))
    return replace(decision, reach=wakes(mail, facts, answers=thread is not None and thread.proof == "token"))


def _decide_words(mail: Mail, thread: Thread | None, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    if mail.auto == "reply":
        return _ignore(
            f"an automatic reply ({mail.auto_reason})", ticket=thread.ticket if thread else None, facts=facts
        )
    changing = partial(Change, facts=facts, rulebook=rulebook, now=now, imported=mail.imported)
    answered = facts.tickets.get(thread.ticket) if thread else None
    handed_on = is_handed_on(mail)
    if thread and answered and not handed_on:
        return _continue(mail, thread, changing(before=answered))
    mail, represented = take_represented(mail, facts)
    mail = replace(mail, text=mail.full_text or mail.text) if handed_on else mail
    if answered:
        return _open(mail, changing(), represented, forwarded_from=answered)
    if repeat := find_repeat(mail, facts, rulebook, now):
        change = changing(before=facts.tickets[repeat.ticket])
        return _repeat(mail, change, represented, own=repeat.own, why=repeat.reason)
    if mail.verified and (ticket := _complained_of(mail, facts, rulebook)):
        change = changing(before=ticket)
        return change.decide(hear_requester(change, mail, why=say("complains-of")))
    if flooded := find_flood(mail, facts, rulebook, now):
        change = changing(before=flooded)
        take_into_flood(change, mail)
        return change.decide("appended")
    incident = find_incident(mail, facts, rulebook, now)
    if incident is not None and incident.joins:
        change = changing(before=incident.ticket)
        return _repeat(mail, change, represented, own=incident.own, why=incident.reason)
    return _open(mail, changing(), represented, incident=incident)


def _seen(mail: Mail, facts: Facts) -> Decision | None:
    if entry := facts.ledger.get((mail.source, mail.key)):
        return Decision(verdict=entry.verdict, reasons=("the ledger has this mail already",), seen_before=True)
    if entry := facts.contents.get(mail.content_key):
        return _ignore("the same mail came before, in this mailbox or another", ticket=entry.ticket, facts=facts)
    return None


def _ignore(reason: str, *, ticket: int | None = None, facts: Facts | None = None) -> Decision:
    linked = facts.tickets.get(ticket) if facts and ticket else None
    return Decision(verdict="ignored", reasons=(reason,), before=linked, ticket=linked)


def _continue(mail: Mail, thread: Thread, change: Change) -> Decision:
    person = change.facts.staff.find(mail.sender.address if mail.sender else None)
    takes_part = mail.sender is not None and change.ticket.participant(mail.sender.address) is not None
    proven = mail.verified and thread.proof == "token"
    if takes_part and thread.proof != "token" and not mail.verified:
        return change.decide(hear_unproven(change, mail, why=thread.reason))
    if person is None or (takes_part and not (proven and parse_command(mail.text))):
        return change.decide(hear_requester(change, mail, why=thread.reason))
    if proven:
        return change.decide(hear_staff(change, mail, person, why=thread.reason))
    return change.decide(hear_unproven_staff(change, mail, person, why=thread.reason))


def _repeat(
    mail: Mail,
    change: Change,
    represented: Represented | NotRepresented | None,
    *,
    own: bool,
    why: Saying,
) -> Decision:
    """Take in what tells again of an open ticket; `own` where its sender takes part in that already."""
    believed = mail.verified or not change.facts.senders_are_proven
    person = join(change, mail, by_similarity=not own, reason=why) if believed else None
    sender = mail.sender.address if mail.sender else None
    counted = counts(change, mail)
    reason = why if counted else say("not-counted", why=why)
    change.happen(
        Reported(
            at=change.now,
            verdict="repeated",
            source=mail.source,
            key=mail.key,
            reporter=sender,
            counts=counted,
            imported=mail.imported,
            reason=reason,
        ),
        because=reason,
    )
    take_attachments(change, mail)
    if own and mail.verified:
        wake(change)
    if counted:
        judge_people(change)
        escalate_repeat(change)
    if is_complaint(mail, change.rulebook) and person is not None:
        complain(change, person.address, mail.text)
    tell_assignee(change, "repeated", reason=say_all(change.reasons), **said(change, mail))
    if person:
        write_receipt(change, mail, person, joined=True)
    _answer_representing(change, represented)
    return change.decide("repeated")


def _answer_representing(change: Change, represented: Represented | NotRepresented | None) -> None:
    """Tell staff who report for somebody else which ticket it is, or why it is their own; anybody reads it there."""
    match represented:
        case Represented(by=by, requester=requester):
            line = say("represents", person=requester)
        case NotRepresented(by=by, why=why):
            line = not_done(why)
            change.reasons.append(line)
        case None:
            return
    if (person := change.facts.staff.find(by)) is not None:
        tell_staff(change, person, "transcript", lines=(("!for", line),))


def _complained_of(mail: Mail, facts: Facts, rulebook: Rulebook) -> Ticket | None:
    number = complained_of(mail, facts.by_person, rulebook)
    ticket = facts.tickets.get(number) if number is not None else None
    return ticket if ticket is not None and ticket.open else None


def _open(
    mail: Mail,
    change: Change,
    represented: Represented | NotRepresented | None,
    *,
    forwarded_from: Ticket | None = None,
    incident: Incident | None = None,
) -> Decision:
    """Open a ticket: judged, given to somebody, what it lacks asked for in the receipt, and a complaint taken up."""
    _judge_and_open(mail, change, forwarded_from)
    person = join(change, mail, by_similarity=False, reason=_why_opened(represented))
    take_attachments(change, mail)
    join_copied(change, mail)
    if incident is not None:
        change.happen(Suggested(at=change.now, suggestion=suggestion_of(incident)), because=incident.reason)
    missing = ask_for_missing(change, mail, person)
    give_to_somebody(change, requester=author(mail), text=mail.text, is_alert=False, labels=())
    ask_for_review(change, mail.text)
    if change.ticket.kind == "complaint" and person is not None:
        complain(change, person.address, mail.text)
    if person:
        write_receipt(change, mail, person, joined=False, missing=missing)
    _answer_representing(change, represented)
    return change.decide("opened")


def _judge_and_open(mail: Mail, change: Change, forwarded_from: Ticket | None) -> None:
    change.reasons.extend(forward_reasons(mail, forwarded_from))
    if forwarded_from is None:
        change.reasons.extend(passed_over(mail, change.facts))
    sender, counted = mail.sender.address if mail.sender else None, counts(change, mail)
    judgement = judge(
        mail,
        change.rulebook,
        people=int(counted),
        contact=change.facts.directory.find(sender) if counted else None,
        relation=relation_of(sender, change),
    )
    open_ticket(
        change,
        mail,
        judgement,
        subject=bare_subject(mail.subject),
        summary=describe(mail),
        language=mail.language,
        requester=sender,
        forwarded_from=forwarded_from.id if forwarded_from else None,
        concerns=people_concerns(mail, change.rulebook),
        imported=mail.imported,
    )


def _why_opened(represented: Represented | NotRepresented | None) -> Saying:
    return represented.reason if isinstance(represented, Represented) else say("opened")
