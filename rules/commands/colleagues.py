"""The colleague whom a command names: by address, by name, or by a part of either."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rules.commands.terms import closest, first_word, listed, take_term
from rules.language.sayings import Saying, say
from rules.language.writing import fold

if TYPE_CHECKING:
    from rules.people import Person, Staff

#: `Li Na <li@desk.example>`, as mail programs write somebody.
_IN_BRACKETS: Final = re.compile(r"[^<>\n]{0,80}<([^<>\s]{1,254})>")


def take_person(text: str, staff: Staff) -> tuple[Person, str] | Saying:
    """Take somebody off the words of a command, with the words behind; or say why nobody is meant."""
    bracketed = _IN_BRACKETS.match(text)
    if bracketed:
        text = f"{bracketed[1]} {text[bracketed.end() :]}"
    text = text.strip().removeprefix("@")
    called = _people_by_name(staff)
    names = {name: name for name in called}
    found = take_term(text, names)
    if found is None:
        return _unknown(text, called, names)
    addresses = called[found.key]
    person = staff.find(addresses[0])
    if len(addresses) > 1 or person is None:
        return say("several", word=first_word(text), known=_shown(addresses))
    return person, found.rest


def _people_by_name(staff: Staff) -> dict[str, tuple[str, ...]]:
    """The addresses of everybody by each name that may mean them, folded."""
    called: dict[str, tuple[str, ...]] = {}
    for person in sorted(staff.people.values(), key=lambda person: person.address):
        names = {person.address, person.address.partition("@")[0], person.name, *person.name.split()}
        for name in {fold(name) for name in names if len(name) > 1}:
            called[name] = (*called.get(name, ()), person.address)
    return called


def _unknown(text: str, called: dict[str, tuple[str, ...]], names: dict[str, str]) -> Saying:
    if not text:
        return say("nobody-named")
    guess = closest(text, names)
    if guess is None:
        return say("no-colleague", word=first_word(text))
    return say("meant", word=first_word(text), guess=_shown(called[guess]))


def _shown(addresses: tuple[str, ...]) -> Saying:
    return listed([say("a-person", person=address) for address in addresses])
