"""How a ticket ends: its solution is proposed, the requester says yes, no or how satisfied he is, or is silent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rules.classify import LONGEST_TEXT, classify
from rules.clocks import cancel_clocks, start_clock
from rules.correspondence import tell_participant, tell_staff, write_time
from rules.events import ClockStopped, Closed, Rated, Resolved
from rules.language.phrases import (
    ROOM,
    count_unknown,
    cut_words,
    drop_harmless,
    find_phrase,
    is_thanks,
    says_again,
    says_more,
)
from rules.language.sayings import say
from rules.language.subjects import bare_subject
from rules.language.writing import fold
from rules.letter import letter_language
from rules.moments import let_come, reach
from rules.satisfaction import CLOCK, Answer, Ratings, find_rating, is_unhappy, question, waiting_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.change import Change
    from rules.letter import LetterLanguage, Template, Value
    from rules.people import Person
    from rules.report import Mail
    from rules.rulebook import Rulebook
    from rules.ticket import Outcome, Participant, Ticket

#: A longer text says more than yes.
_SHORT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a mail on a ticket says of its solution. Where it is doubtful it is a no: it is handled again."""

    answer: Literal["yes", "no", "neither"]
    """`neither` is somebody else's yes or thanks, or a rating of what is confirmed or closed."""
    again: str | None
    """The word by which it says that the problem is back."""
    thanks: bool
    """It only thanks."""
    ratings: Ratings | None
    complains: bool


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
            words = _answers_for(reporter, change.rulebook)
            tell_participant(change, reporter, "resolved", solution=solution, by_similarity=False, **words)


def hear_word(change: Change, mail: Mail) -> Word:
    """Read what a mail on a ticket says of its solution, as the ticket stands before it."""
    ticket, words = change.ticket, change.rulebook.repeats
    rating = _rating_in(change, mail)
    rest = (rating.rest if rating else mail.text)[:LONGEST_TEXT]
    thanks = is_thanks(rest, words.thanks, again=words.again, writer=mail.sender.name if mail.sender else "")
    complains = _complains(change, mail, rest)
    answer = "no" if complains else _answer(change, rest, thanks=thanks, rating=rating)
    if answer == "yes" and not _may_confirm(ticket, mail):
        answer = "neither"
    return Word(
        answer=answer,
        again=says_again(mail.text, words.again),
        thanks=thanks,
        ratings=rating.ratings if rating and _is_by_requester(ticket, mail) else None,
        complains=complains,
    )


def take_yes(change: Change, mail: Mail, word: Word) -> None:
    """Take in the requester's word that it is solved: close the ticket, or ask how satisfied he is first."""
    reason = say("confirmed")
    reach(change, "confirmed", by=change.ticket.requester, text=mail.text)
    asks = waiting_clock(change.rulebook.satisfaction)
    if asks is not None and word.ratings is None:
        change.reasons.append(reason)
        start_clock(change, asks, cycle=_next_cycle(change.ticket))
        _tell_requester(change, "rating", **_question_for(change))
        return
    _close(change, reason)
    if change.rulebook.satisfaction.ask == "after_closing":
        asked = {} if word.ratings else _question_for(change)
        _tell_requester(change, "closed", reason="", **asked)


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
    waited = _waits_for_rating(change.ticket)
    _stop_waiting(change, "met")
    by = change.ticket.requester or ""
    steps = ", ".join(dict.fromkeys(step for _, step in ratings))
    change.happen(Rated(at=change.now, by=by, ratings=ratings, text=mail.text), because=say("rated", steps=steps))
    let_come(change, "rated")
    if is_unhappy(ratings, change.rulebook.satisfaction):
        _tell_leads(change, mail)
    if waited and change.ticket.status == "resolved":
        _close(change, say("confirmed"))


def close_unrated(change: Change) -> None:
    """Close a ticket whose requester has confirmed the solution, and did not say how satisfied he is."""
    _stop_waiting(change, "cancelled")
    if change.ticket.status == "resolved":
        _close(change, say("unrated"))


def answer_word(words: Sequence[str], language: LetterLanguage) -> str:
    """The word that a letter in some language asks to answer with: the first in its writing, or simply the first."""
    return min(words, key=lambda word: _distance(word, language), default="")


def _answers_for(reporter: Participant, rulebook: Rulebook) -> dict[str, Value]:
    language = letter_language(reporter.language, otherwise=rulebook.language)
    closing = rulebook.closing
    return {"confirms": answer_word(closing.confirms, language), "refuses": answer_word(closing.refuses, language)}


def _distance(word: str, language: LetterLanguage) -> int:
    """How far the writing of a word is from a language; many Chinese words are the same in both scripts."""
    if language == "en" or word.isascii():
        return 0 if word.isascii() == (language == "en") else 2
    traditional = fold(word) != word.casefold()
    return int(traditional == (language == "zh-CN"))


def _rating_in(change: Change, mail: Mail) -> Answer | None:
    """The rating that a mail on a done ticket gives, also beside the words that say whether it is solved."""
    rules = change.rulebook.satisfaction
    if rules.ask == "never" or change.ticket.open:
        return None
    closing, thanks = change.rulebook.closing, change.rulebook.repeats.thanks
    alone = find_rating(mail.text, rules)
    if alone is not None:
        return alone
    text = fold(mail.text[:LONGEST_TEXT])
    beside = find_rating(cut_words(text, (*closing.confirms, *closing.refuses, *thanks)), rules)
    return replace(beside, rest=mail.text) if beside else None


def _answer(change: Change, text: str, *, thanks: bool, rating: Answer | None) -> Literal["yes", "no", "neither"]:
    """What a mail says of the solution, whoever wrote it; `text` is what it says beside a rating."""
    ticket, rules = change.ticket, change.rulebook
    unhappy = rating is not None and is_unhappy(rating.ratings, rules.satisfaction)
    if ticket.open:
        return "neither"
    if _refuses(text, rules):
        return "no"
    if _confirms(text, rules) or (thanks and not unhappy):
        return "yes"
    waits = _waits_for_rating(ticket)
    if rating is None:
        return "neither" if waits and _says_nothing(text, rules) else "no"
    if waits or ticket.status == "closed":
        return "neither"
    return "no" if unhappy or _says_more(text, rules) else "yes"


def _refuses(text: str, rulebook: Rulebook) -> bool:
    closing, repeats = rulebook.closing, rulebook.repeats
    noes = (*closing.refuses, *repeats.again)
    return find_phrase(drop_harmless(fold(text)), noes, hidden_by=(*closing.confirms, *repeats.thanks)) is not None


def _confirms(text: str, rulebook: Rulebook) -> bool:
    """Tell whether a text plainly says that it is solved, and nothing that somebody ought to look into."""
    closing, again = rulebook.closing, rulebook.repeats.again
    said = find_phrase(text, closing.confirms, hidden_by=(*closing.refuses, *again))
    return said is not None and len(text.strip()) <= _SHORT and not _says_more(text, rulebook)


def _says_more(text: str, rulebook: Rulebook) -> bool:
    return says_more(cut_words(fold(text), (*rulebook.closing.confirms, *rulebook.repeats.thanks)))


def _says_nothing(text: str, rulebook: Rulebook) -> bool:
    """Tell whether a text is only politeness and a word: an answer to the satisfaction question nobody can read."""
    return count_unknown(fold(text)) <= ROOM and not _says_more(text, rulebook)


def _complains(change: Change, mail: Mail, text: str) -> bool:
    """Tell whether the words of a mail make it a complaint; a subject that it only answers is not its own."""
    rulebook = change.rulebook
    if "complaint" not in rulebook.classification.kinds:
        return False
    subject = "" if bare_subject(mail.subject) in _subjects(change.ticket) else mail.subject
    said = replace(mail, subject=subject, text=drop_harmless(fold(text)))
    return classify(said, rulebook).kind == "complaint"


def _subjects(ticket: Ticket) -> set[str]:
    return {ticket.subject, *(person.subject for person in ticket.participants)}


def _is_by_requester(ticket: Ticket, mail: Mail) -> bool:
    return mail.sender is not None and mail.sender.address == ticket.requester


def _may_confirm(ticket: Ticket, mail: Mail) -> bool:
    """Only the requester's own yes counts, and only once."""
    return _is_by_requester(ticket, mail) and ticket.status == "resolved" and not _waits_for_rating(ticket)


def _waits_for_rating(ticket: Ticket) -> bool:
    clock = ticket.clock(CLOCK)
    return clock is not None and clock.running


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


def _close(change: Change, reason: str) -> None:
    change.happen(Closed(at=change.now, how="requester", reason=reason), because=reason)
    let_come(change, "closed")
    cancel_clocks(change)


def _question_for(change: Change) -> dict[str, Value]:
    """The satisfaction question in the requester's language."""
    requester = change.ticket.participant(change.ticket.requester or "")
    language = letter_language(requester.language if requester else "", otherwise=change.rulebook.language)
    steps, aspects = question(change.rulebook.satisfaction, language)
    return {"steps": steps, "aspects": aspects}


def _tell_requester(change: Change, template: Template, **data: Value) -> None:
    requester = change.ticket.participant(change.ticket.requester or "")
    if requester is not None:
        tell_participant(change, requester, template, **data)


def _tell_leads(change: Change, mail: Mail) -> None:
    said = {"author": str(mail.sender or ""), "text": mail.text, "status": change.ticket.status}
    for lead in change.facts.staff.leads(change.ticket.team):
        tell_staff(change, lead, "message", **said, commands=change.facts.commands_by_mail)
