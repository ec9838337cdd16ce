"""What staff are told of a command that could not be done, and what every done one has in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.commands.terms import Found, called, closest, first_word, take_term
from rules.events import Noted
from rules.language.sayings import Saying, say, say_all
from rules.letters.correspondence import tell_participant, tell_staff
from rules.letters.naming import name_values
from rules.work.moments import note_work

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rules.change import Change
    from rules.commands.verbs import Verb
    from rules.letter import Template, Value
    from rules.people import Person


def not_done(why: Saying) -> Saying:
    """A command that was not done, and why."""
    return say("not-done", why=why)


def explain(change: Change, verb: Verb, why: Saying) -> Saying:
    """A command that was not done, why, and how it is written right."""
    return say("write-like", why=why, example=usage(change, verb))


def usage(change: Change, verb: Verb) -> Saying:
    """A command as it may be written on this ticket."""
    rulebook, ticket = change.rulebook, change.ticket
    owed = [each.name for each in ticket.owed if each.written_at is None] or [rule.name for rule in rulebook.owed]
    return say(
        f"use-{verb}",
        level=rulebook.priority.levels[0],
        category=_other(rulebook.categories, ticket.category),
        line=_other((line.name for line in rulebook.lines), ticket.line),
        owed=_other(owed, ""),
    )


def pick(change: Change, verb: Verb, text: str, names: Mapping[str, str], field: str) -> Found | Saying:
    """Take one of the rulebook's names off the words of a command, or say which there are.

    `names` are folded, with their keys; `field` is what letters know the keys by, such as `level`.
    """
    found = take_term(text, names, joined=True)
    if found is not None:
        return found
    known = called(field, dict.fromkeys(names.values()))
    if not text.strip():
        return explain(change, verb, say("none-named", known=known))
    guess = closest(text, names)
    if guess is not None:
        return not_done(say("meant", word=first_word(text), guess=say(f"a-{field}", **{field: guess})))
    return explain(change, verb, say("none-such", word=first_word(text), known=known))


def work(change: Change, person: Person, *, reassesses: bool = True) -> None:
    """Note what it means that a member of staff does anything on a ticket; on a closed one it means nothing more."""
    if change.ticket.status != "closed":
        note_work(change, person, reassesses=reassesses)


def keep_words(change: Change, person: Person, text: str) -> None:
    """Keep words that a command has no use for as a note inside the desk."""
    if text:
        change.happen(Noted(at=change.now, by=person.address, text=text, inside=True))


def told(change: Change, done: Saying, *, asked: bool = False) -> Saying:
    """What came of a command that the requesters were written of, or asked about; an alert's ticket has none."""
    if all(person.silent for person in change.ticket.participants):
        return done
    return say_all((done, say("are-asked" if asked else "are-told")))


def name_of(person: Person) -> str:
    """A member of staff as colleagues call him."""
    return person.name or person.address


def tell_colleague(change: Change, address: str | None, by: Person, text: Saying) -> None:
    """Tell somebody of the staff what another one did on the ticket; what one mail does is told in one letter."""
    colleague = change.facts.staff.find(address)
    if colleague is None or colleague.address == by.address or _add_to_letter(change, colleague, by, text):
        return
    tell_staff(
        change,
        colleague,
        "message",
        author=name_of(by),
        text=text,
        status=change.ticket.status,
        colleague=True,
    )


def _add_to_letter(change: Change, colleague: Person, by: Person, text: Saying) -> bool:
    """Add to what the colleague is told of the commands before this one; returns whether there is such a letter."""
    for place, letter in enumerate(change.letters):
        if (letter.to, letter.template, letter.data.get("author")) == (colleague.address, "message", name_of(by)):
            said = name_values({"text": text}, change.rulebook, letter.language)["text"]
            both = letter.data.set("text", f"{letter.data['text']}\n{said}").set("status", change.ticket.status)
            change.letters[place] = replace(letter, data=both)
            return True
    return False


def tell_words(change: Change, template: Template, words: Mapping[str, str], **data: Value) -> None:
    """Write to everybody who takes part; who was joined by likeness alone gets none of the staff's own words."""
    for person in change.ticket.participants:
        shown = dict.fromkeys(words, "") if person.by_similarity else words
        tell_participant(change, person, template, **data, **shown)


def _other(keys: Iterable[str], this: str) -> str:
    """The first of some keys that is not this one; of one alone that one."""
    keys = tuple(keys)
    return next((key for key in keys if key != this), this or "…")
