"""Names in the words of a command: levels, categories, lines, people, as the rulebook or the staff list call them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from rules.language.sayings import say
from rules.language.writing import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rules.language.sayings import Saying
    from rules.letters.naming import Names

_SEPARATORS: Final = " \t\n\r\u3000:：,，;；.。、-"
_HEAD: Final = 80
"""So many characters of a command's words may name something."""
_SHOWN: Final = 12
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Found:
    """A name that stood first in the words of a command, by its key, and what stood behind it."""

    key: str
    rest: str
    between: str = ""
    """The separators between the two."""


def terms(named: Mapping[str, Names]) -> dict[str, str]:
    """The keys by everything they are called, folded: by themselves and by their name in each language.

    Nobody remembers whether it was `visit_report`, `visit-report` or `visit report`: a name given to one of these
    stands before such a reading of another key.
    """
    by_reading = {fold(key).replace("_", mark).replace("-", mark): key for key in named for mark in "_- "}
    by_name = {fold(name): key for key, names in named.items() for name in names.values()}
    return by_reading | by_name | {fold(key): key for key in named}


def take_term(text: str, names: Mapping[str, str], *, joined: bool = False) -> Found | None:
    """Take the longest of some folded names off the beginning of a text, or None where none of them stands there.

    With `joined` Chinese words may follow without a blank.
    """
    text = text.strip()
    head = fold_in_place(text[:_HEAD])
    fitting = (name for name in names if head.startswith(name) and _ends(head, name, joined=joined))
    name = max(fitting, key=len, default="")
    if not name:
        return None
    rest = text[len(name) :].lstrip(_SEPARATORS)
    return Found(names[name], rest, text[len(name) : len(text) - len(rest)])


def closest(text: str, names: Mapping[str, str]) -> str | None:
    """The key of the name that is nearly the first word of a text, or None."""
    word = fold(first_word(text))
    near = get_close_matches(word, list(names), n=1, cutoff=0.6 if word.isascii() else 0.5) if word else []
    return names[near[0]] if near else None


def first_word(text: str) -> str:
    """The first word of a text, cut to a length that a letter can show."""
    return next(iter(re.split(r"[\s:：,，;；。]", text[:_HEAD].strip(), maxsplit=1)), "")[:40]


def listed(sayings: Sequence[Saying]) -> Saying:
    """Some sayings in a row, the first dozen of them."""
    shown = [*sayings[:_SHOWN], *([say("more")] if len(sayings) > _SHOWN else [])]
    whole = shown[-1]
    for each in reversed(shown[:-1]):
        whole = say("and", first=each, rest=whole)
    return whole


def called(field: str, keys: Iterable[str]) -> Saying:
    """Things of the rulebook in a row, by their names; `field` is what letters know them by, such as `level`."""
    return listed([say(f"a-{field}", **{field: key}) for key in keys])


def fold_in_place(text: str) -> str:
    """A text folded character by character, so that each stays at its place."""
    if text.isascii():
        return text.lower()
    return "".join(folded if len(folded := fold(character)) == 1 else character for character in text)


def _ends(head: str, name: str, *, joined: bool) -> bool:
    after, beyond = head[len(name) : len(name) + 1], head[len(name) + 1 : len(name) + 2]
    if not after or after in _SEPARATORS:
        # `second-hand` does not name the line `second`, nor `li@desk.example.org` somebody at `desk.example`.
        return after not in ("-", ".") or not beyond or beyond.isspace()
    return joined and bool(_CHINESE.match(name[-1]) and _CHINESE.match(after))
