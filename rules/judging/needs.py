"""What a report must tell and does not: the rulebook names it, and the report or the people file may tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.directory import Contact
from rules.language.automaton import Automaton, Pattern
from rules.language.words import one_line, plain, word_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.rulebook import Rulebook
    from rules.sections.desk import Need
    from rules.ticket import Ticket

#: A device's number or a place may stand far below, in a signature too; what is longer is a log.
LONGEST_TEXT: Final = 20_000


class NeedSigns:
    """The words and patterns by which a report tells what is needed."""

    __slots__ = ("_pattern_names", "_patterns", "_word_names", "_words")

    def __init__(self, needs: Mapping[str, Need]) -> None:
        words = [(name, word) for name, need in needs.items() for word in map(plain, need.words) if word]
        patterns = [(name, Pattern(written)) for name, need in needs.items() for written in need.patterns]
        self._word_names: Final = tuple(name for name, _ in words)
        self._words: Final = Automaton([word_pattern(word) for _, word in words])
        self._pattern_names: Final = tuple(name for name, _ in patterns)
        self._patterns: Final = Automaton([pattern.folded for _, pattern in patterns])

    def told_by(self, text: str) -> frozenset[str]:
        """The names of the needs that a text tells."""
        words = self._words.numbers_in(plain(text))
        patterns = self._patterns.numbers_in(one_line(text))
        return frozenset(self._word_names[number] for number in words) | frozenset(
            self._pattern_names[number] for number in patterns
        )


def missing_needs(
    text: str, ticket: Ticket, contact: Contact | None, sender_name: str, rulebook: Rulebook
) -> tuple[str, ...]:
    """The names of what is needed of a ticket and told neither by its report nor by the people file, in their order.

    `text` is all that the report says, `contact` the requester in the people file, `sender_name` the display name of
    his mail.
    """
    needed = [name for name, need in rulebook.needs.items() if need.when.holds(ticket)]
    if not needed:
        return ()
    told = rulebook.need_signs.told_by(text[:LONGEST_TEXT])
    return tuple(
        name for name in needed if name not in told and not _is_known(rulebook.needs[name].known, contact, sender_name)
    )


def _is_known(known: str | None, contact: Contact | None, sender_name: str) -> bool:
    """Tell whether the people file, or for the name the mail itself, spares the question."""
    shown = "" if "@" in sender_name else sender_name
    person = contact or Contact(address="")
    told = {
        "name": person.name or shown,
        "number": person.number,
        "department": person.department or person.customer,
        "phone": person.phone,
        "place": person.place,
    }
    return bool(known and told[known].strip())
