"""What a mail on a ticket says of its solution: yes, no, or how satisfied its writer is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rules.closing.complaints import is_complaint
from rules.closing.satisfaction import CLOCK, Answer, Ratings, find_rating, is_unhappy
from rules.judging.classify import LONGEST_TEXT
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
from rules.language.subjects import bare_subject
from rules.language.writing import fold

if TYPE_CHECKING:
    from rules.change import Change
    from rules.report import Mail
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

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


def waits_for_rating(ticket: Ticket) -> bool:
    """Tell whether the requester has confirmed the solution and is asked how satisfied he is."""
    clock = ticket.clock(CLOCK)
    return clock is not None and clock.running


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
    waits = waits_for_rating(ticket)
    if rating is None:
        return "neither" if (waits or _may_rate(ticket, rules)) and _says_nothing(text, rules) else "no"
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
    return is_complaint(said, rulebook)


def _subjects(ticket: Ticket) -> set[str]:
    return {ticket.subject, *(person.subject for person in ticket.participants)}


def _is_by_requester(ticket: Ticket, mail: Mail) -> bool:
    return mail.sender is not None and mail.sender.address == ticket.requester


def _may_rate(ticket: Ticket, rulebook: Rulebook) -> bool:
    """Tell whether the satisfaction question went out with the closing letter and still has no answer."""
    return ticket.status == "closed" and rulebook.satisfaction.ask != "never" and not ticket.ratings


def _may_confirm(ticket: Ticket, mail: Mail) -> bool:
    """Only the requester's own yes counts, and only once; where monitoring reported it, that of whoever takes part."""
    may = _is_by_requester(ticket, mail) or (ticket.requester is None and mail.sender is not None)
    return may and ticket.status == "resolved" and not waits_for_rating(ticket)
