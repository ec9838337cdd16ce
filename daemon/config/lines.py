"""On which line of `deskd.toml` a key stands."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.config.complaints import Place

_HEADER: Final = re.compile(r"\s*(?P<array>\[?)\[\s*(?P<name>[A-Za-z0-9_.-]+)\s*\]")
_KEY: Final = re.compile(r"\s*(?P<key>[A-Za-z0-9_-]+)\s*=")


def key_lines(text: str) -> Mapping[Place, int]:
    """The line, from 1, of every table and of every bare key at the beginning of a line."""
    lines: dict[Place, int] = {}
    table: Place = ()
    seen: Counter[str] = Counter()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            name = header["name"]
            lines.setdefault((name,), number)
            table = (name, seen[name]) if header["array"] else (name,)
            seen[name] += 1
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, key["key"]), number)
    return lines
