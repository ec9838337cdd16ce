"""On which line each key of a TOML text stands: `tomllib` gives the values and forgets the places.

The text is one that `tomllib` has read: only places are looked for here, and nothing is checked again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Place = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
#: Every form of string, the long ones first (TOML 1.0, String).
_STRING = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*"{3,5}' + r"|'''(?:[^']|'(?!''))*'{3,5}" + r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_ESCAPE = re.compile(r'\\(["\\])')


def key_lines(text: str) -> Mapping[Place, int]:
    """Map the place of each key, table and list item, such as `("clocks", 1, "limit")`, to its line from 1."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: dict[Place, int] = {}
        self._counts: dict[Place, int] = {}
        """How many tables each `[[list]]` has had so far."""
        self._line = 1
        self._counted_to = 0

    def read(self) -> dict[Place, int]:
        table: Place = ()
        while self._skip(_BLANK) < len(self._text):
            table = self._header() if self._sees("[") else self._pair(table)
        return self._lines

    def _header(self) -> Place:
        """Read `[a.b]` or `[[a.b]]` and return the place of the table it opens."""
        is_list = self._sees("[[")
        self._at += 2 if is_list else 1
        line = self._current_line()
        place = self._resolve(self._keys())
        self._at += 2 if is_list else 1
        if is_list:
            count = self._counts.get(place, 0)
            self._counts[place] = count + 1
            self._lines.setdefault(place, line)
            place = (*place, count)
        self._lines[place] = line
        return place

    def _resolve(self, keys: Place) -> Place:
        """A header below a list of tables means the list's newest table."""
        place: Place = ()
        for number, key in enumerate(keys):
            place = (*place, key)
            if number < len(keys) - 1 and place in self._counts:
                place = (*place, self._counts[place] - 1)
        return place

    def _pair(self, table: Place) -> Place:
        line = self._current_line()
        place = table
        for key in self._keys():
            place = (*place, key)
            self._lines.setdefault(place, line)
        self._at += 1  # the equals sign
        self._value(place)
        return table

    def _keys(self) -> Place:
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            keys.append(self._key())
            self._skip(_SPACE)
            if not self._sees("."):
                return tuple(keys)
            self._at += 1

    def _key(self) -> str:
        if match := _STRING.match(self._text, self._at):
            self._at = match.end()
            inner = match[0][1:-1]
            return _ESCAPE.sub(r"\1", inner) if match[0][0] == '"' else inner
        bare = _BARE.match(self._text, self._at)
        self._at = bare.end() if bare else self._at + 1
        return bare[0] if bare else ""

    def _value(self, place: Place) -> None:
        self._skip(_SPACE)
        if self._sees("["):
            self._items(place)
        elif self._sees("{"):
            self._inline_table(place)
        else:
            before = self._at
            self._skip(_STRING if _STRING.match(self._text, self._at) else _SCALAR)
            self._at += self._at == before  # never stands still, whatever the text is

    def _items(self, place: Place) -> None:
        self._at += 1
        number = 0
        while self._skip(_BLANK) < len(self._text) and not self._sees("]"):
            self._lines[*place, number] = self._current_line()
            self._value((*place, number))
            number += 1
            self._skip(_BLANK)
            self._at += self._sees(",")
        self._at += 1

    def _inline_table(self, place: Place) -> None:
        self._at += 1
        while self._skip(_BLANK) < len(self._text) and not self._sees("}"):
            self._pair(place)
            self._skip(_BLANK)
            self._at += self._sees(",")
        self._at += 1

    def _sees(self, text: str) -> bool:
        return self._text.startswith(text, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        if match := pattern.match(self._text, self._at):
            self._at = match.end()
        return self._at

    def _current_line(self) -> int:
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line
