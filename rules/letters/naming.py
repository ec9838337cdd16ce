"""What letters call the things of a rulebook, in the language of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar, cast

from rules.language.sayings import Saying
from rules.language.terms import TERMS
from rules.letter import LetterLanguage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.letter import Value
    from rules.people import Staff
    from rules.rulebook import Rulebook

Names = dict[LetterLanguage, str]
_Text = TypeVar("_Text")

#: The values of a letter that hold terms of the rulebook, and the fields of a sentence; all others are words.
_TERMS_IN_DATA: Final = frozenset(("priority", "was", "category", "team", "line", "clock", "owed"))
_TERMS_IN_SENTENCES: Final = frozenset(
    (
        *_TERMS_IN_DATA,
        "level",
        "kind",
        "zone",
        "area",
        "skill",
        "missing",
        "impact",
        "urgency",
        "status",
        "role",
        "moment",
        "steps",
    )
)

_NEAREST: Final[dict[LetterLanguage, tuple[LetterLanguage, ...]]] = {
    "zh-CN": ("zh-CN", "zh-TW", "en"),
    "zh-TW": ("zh-TW", "zh-CN", "en"),
    "en": ("en", "zh-CN", "zh-TW"),
}


def name_in(names: Mapping[LetterLanguage, _Text], language: LetterLanguage, *, otherwise: _Text) -> _Text:
    """The text in a language; where it is missing, in the nearest other one, and last what stands otherwise."""
    return next((names[each] for each in _NEAREST[language] if each in names), otherwise)


@dataclass(frozen=True, slots=True)
class _Reader:
    """For whom things are named: by which rulebook, in which language, and with whose colleagues."""

    rulebook: Rulebook
    language: LetterLanguage
    staff: Staff | None


def name_values(
    data: Mapping[str, Value], rulebook: Rulebook, language: LetterLanguage, staff: Staff | None = None
) -> dict[str, Value]:
    """The data of a letter with the rulebook's own words for levels, categories, teams, lines, clocks and what is owed.

    What the rulebook gives no name stays as it is, and is named by the letter's own words. Assignees are called by the
    names that `staff` gives them.
    """
    reader = _Reader(rulebook, language, staff)
    return {key: _name(key, value, reader) for key, value in data.items()}


def _name(key: str, value: Value, reader: _Reader) -> Value:
    if isinstance(value, Saying):
        return value.spoken(reader.language, lambda field, term: _spoken(field, term, reader))
    if isinstance(value, str):
        return _named(key, value, reader) if key in _TERMS_IN_DATA else value
    if not isinstance(value, tuple):
        return value
    match key:
        case "due":
            pairs = cast("tuple[tuple[str, str], ...]", value)
            return tuple((_named("clock", name, reader), at) for name, at in pairs)
        case "missing":
            return tuple(_named("missing", str(name), reader) for name in value)
        case _:
            return tuple(_say(item, reader) for item in value)  # type: ignore[return-value]


def _say(item: str | tuple[str, str], reader: _Reader) -> str | tuple[str, ...]:
    """What stands in a list: a sentence, or a pair whose second may be one."""
    if isinstance(item, tuple):
        return tuple(str(_name("", part, reader)) for part in item)
    return str(_name("", item, reader))


def _named(key: str, word: str, reader: _Reader) -> str:
    return name_in(_names_of(key, word, reader.rulebook), reader.language, otherwise=word)


def _spoken(field: str, term: str, reader: _Reader) -> str:
    """A term in a sentence: by its rulebook, or else as every desk calls it."""
    if field == "assignee":
        person = reader.staff.find(term) if reader.staff else None
        return person.name or term if person else term
    if field not in _TERMS_IN_SENTENCES:
        return term
    names = _names_of(field, term, reader.rulebook) or TERMS.get((field, term), {})
    return name_in(names, reader.language, otherwise=term)


def _names_of(key: str, word: str, rulebook: Rulebook) -> Names:
    match key:
        case "priority" | "was" | "level":
            return rulebook.priority.names.get(word, {})
        case "category" if word in rulebook.categories:
            return rulebook.categories[word].names
        case "team" if word in rulebook.teams:
            return rulebook.teams[word].names
        case "line":
            return next((line.names for line in rulebook.lines if line.name == word), {})
        case "clock" | "owed" if word in rulebook.promises:
            return rulebook.promises[word].names
        case "steps":
            return next((step.names for step in rulebook.satisfaction.steps if step.name == word), {})
        case "kind":
            return next((each.names for kind, each in rulebook.classification.kinds.items() if kind == word), {})
        case "zone" | "area" if word in rulebook.zones:
            return rulebook.zones[word].names
        case "missing" if word in rulebook.needs:
            return rulebook.needs[word].ask
        case "skill":
            return _names_of_skill(word, rulebook)
        case _:
            return {}


def _names_of_skill(skill: str, rulebook: Rulebook) -> Names:
    """A skill that one category alone asks for is called as that category is."""
    wanting = [each.names for each in rulebook.categories.values() if each.skill == skill]
    return wanting[0] if len(wanting) == 1 else {}
