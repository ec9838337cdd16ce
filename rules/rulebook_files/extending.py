"""A rulebook that starts from another one: `extends` names it, `remove` what is not taken over, the rest is changed.

Tables are merged key by key, lists of tables that have a `name` by that name, words by word. Everything else, plain
lists too, takes the place of what was there. Examples tell of the file they stand in, and are not taken over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from rules.rulebook_files.text import Origin, RulebookError, WrittenRulebook, parse
from rules.rulebook_files.weights import by_word
from rules.toml_files.problems import Complaint, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rules.rulebook_files.text import FindBase, RulebookText
    from rules.toml_files.lines import Place

#: One rulebook may extend another that extends another, so often and no more.
LONGEST_CHAIN: Final = 8

#: Tables of a rulebook lie less deep; what lies deeper is replaced whole.
_DEEPEST: Final = 12

_NOT_TAKEN_OVER: Final = ("extends", "remove", "examples")
_PART: Final = re.compile(r'"([^"]*)"|([^."]+)')


def compose(written: RulebookText, find_base: FindBase) -> WrittenRulebook:
    """A rulebook with what it takes over.

    Raises RulebookError where a text is no TOML or what it extends is not found.
    """
    newest, *older = _chain(written, find_base)
    if not older:
        alone = [Complaint(("remove",), "there is nothing to remove from: give extends, too")]
        return replace(newest, problems=tuple(newest.located(alone if "remove" in newest.raw else ())))
    result = older.pop()
    while older:
        result = _extend(result, older.pop())
    return _extend(result, newest)


def _chain(written: RulebookText, find_base: FindBase) -> list[WrittenRulebook]:
    """The rulebook and all that it starts from, the newest first."""
    chain = [parse(written)]
    while isinstance(extends := chain[-1].raw.get("extends"), str):
        try:
            chain.append(parse(_next_of(chain, extends, find_base)))
        except ValueError as error:
            raise RulebookError(chain[-1].located([Complaint(("extends",), str(error))])) from error
    return chain


def _next_of(chain: list[WrittenRulebook], extends: str, find_base: FindBase) -> RulebookText:
    """The text that the last of the chain starts from; raises ValueError where there is none, or no end of them."""
    base = find_base(extends, chain[-1].name)
    if any(base.name == each.name for each in chain):
        raise ValueError(f"{extends!r} starts from this very rulebook")
    if len(chain) == LONGEST_CHAIN:
        raise ValueError(f"more than {LONGEST_CHAIN} rulebooks start from each other")
    return base


def _extend(base: WrittenRulebook, own: WrittenRulebook) -> WrittenRulebook:
    taken = _Taken(base)
    complaints = [*taken.remove(own.raw.get("remove"))]
    merging = _Merging()
    raw = merging.tables(taken.raw, own.raw, (), ())
    origins = taken.origins | {_moved(at, merging.moved): origin for at, origin in own.origins.items()}
    result = WrittenRulebook(name=own.name, raw=raw, origins=origins)
    return replace(result, problems=tuple(result.located(complaints)))


class _Taken:
    """What is taken over of a rulebook: words one by one, and without what is removed."""

    def __init__(self, base: WrittenRulebook) -> None:
        self.name = base.name
        self.origins: dict[Place, Origin] = {**base.origins}
        kept = {key: value for key, value in base.raw.items() if key not in _NOT_TAKEN_OVER}
        self.raw: dict[str, Any] = self._copied(kept, ())

    def remove(self, paths: object) -> Iterator[Complaint]:
        """Leave out what the paths name; yields what is wrong with them."""
        for number, path in enumerate(paths if isinstance(paths, list) else ()):
            if isinstance(path, str) and (says := self._remove(path)):
                yield Complaint(("remove", number), says)

    def _copied(self, value: Any, at: Place) -> Any:
        if len(at) >= _DEEPEST:
            return value
        if isinstance(value, list):
            return [self._copied(inner, (*at, number)) for number, inner in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if at and at[-1] == "words":
            return self._words(value, at)
        return {key: self._copied(inner, (*at, key)) for key, inner in value.items()}

    def _words(self, written: dict[str, Any], at: Place) -> object:
        for weight, words in written.items():
            for number, word in enumerate(words if isinstance(words, list) else ()):
                if origin := self.origins.get((*at, weight, number)):
                    self.origins[(*at, word)] = origin
        try:
            return by_word(written)
        except ValueError:
            return written  # the check of the whole tells what is wrong with it

    def _remove(self, path: str) -> str | None:
        """Leave out one thing; returns why that cannot be done."""
        parts = [quoted or bare for quoted, bare in _PART.findall(path)]
        holder: Any = self.raw
        for part in parts[:-1]:
            holder = _inner(holder, part)
        names = _names_in(holder)
        if not parts or parts[-1] not in names:
            near = [".".join((*parts[:-1], name)) for name in names]
            return f"{path!r} is not in {self.name}{did_you_mean(path, near)}"
        if isinstance(holder, dict):
            del holder[parts[-1]]
        else:
            self._remove_item(holder, names.index(parts[-1]), tuple(parts[:-1]))
        return None

    def _remove_item(self, items: list[Any], index: int, at: Place) -> None:
        """Remove an item of a list; those behind it move up, and so do their origins."""
        del items[index]
        depth = len(at)
        moved: dict[Place, Origin] = {}
        for place, origin in self.origins.items():
            number = place[depth] if len(place) > depth and place[:depth] == at else None
            if not isinstance(number, int) or number < index:
                moved[place] = origin
            elif number > index:
                moved[(*at, number - 1, *place[depth + 1 :])] = origin
        self.origins = moved


@dataclass(slots=True)
class _Merging:
    """Merges what somebody wrote into what was taken over, and remembers where the items of lists went."""

    moved: dict[Place, Place] = field(default_factory=dict)

    def tables(self, base: dict[str, Any], own: dict[str, Any], of: Place, to: Place) -> dict[str, Any]:
        """`of` is the place in the own file, `to` the place in the result."""
        if to and to[-1] == "words":
            mine = _words_in(own)
            return {word: weight for word, weight in base.items() if word not in mine} | own
        merged = dict(base)
        for key, value in own.items():
            merged[key] = self._value(base.get(key), value, (*of, key), (*to, key))
        return merged

    def _value(self, base: Any, own: Any, of: Place, to: Place) -> Any:
        if isinstance(base, dict) and isinstance(own, dict) and len(to) < _DEEPEST:
            return self.tables(base, own, of, to)
        if _is_list_of_tables(base) and _is_list_of_tables(own):
            return self._lists(base, own, of, to)
        return own

    def _lists(self, base: list[dict[str, Any]], own: list[dict[str, Any]], of: Place, to: Place) -> list[Any]:
        merged: list[Any] = list(base)
        free = {
            item["name"]: index for index, item in reversed([*enumerate(base)]) if isinstance(item.get("name"), str)
        }
        for number, item in enumerate(own):
            name = item.get("name")
            index = free.pop(name, len(merged)) if isinstance(name, str) else len(merged)
            self.moved[(*of, number)] = (*to, index)
            if index == len(merged):
                merged.append(item)
            else:
                merged[index] = self.tables(merged[index], item, (*of, number), (*to, index))
        return merged


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _words_in(table: Mapping[str, Any]) -> set[object]:
    """The words of a table in either form."""
    listed = {word for words in table.values() if isinstance(words, list) for word in words if isinstance(word, str)}
    return listed | {word for word, weight in table.items() if not isinstance(weight, list)}


def _inner(holder: Any, part: str) -> Any:
    if isinstance(holder, dict):
        return holder.get(part)
    names = _names_in(holder)
    return holder[names.index(part)] if part in names else None


def _names_in(holder: Any) -> list[str]:
    """The keys of a table, or the names in a list of tables, in order."""
    if isinstance(holder, dict):
        return list(holder)
    items = holder if isinstance(holder, list) else []
    return [str(item.get("name", "")) if isinstance(item, dict) else "" for item in items]


def _moved(at: Place, moved: Mapping[Place, Place]) -> Place:
    for length in range(len(at), 0, -1):
        if at[:length] in moved:
            return (*moved[at[:length]], *at[length:])
    return at
