"""The first line of an engineer's mail where it is a command, in English or Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.commands.verbs import BY_WORD
from rules.language.writing import fold

if TYPE_CHECKING:
    from rules.commands.verbs import Verb

#: What stands between a command and its words; Chinese keyboards give full-width blanks and colons.
_GAP = re.compile(r"[\s:：]+")

COMMAND_HELP = "!note, !resolve + solution, !take, !wait (!备注 !解决 !认领 !等待)"


@dataclass(frozen=True, slots=True)
class Command:
    """A command and the words after it; `verb` is None where the word is no command of ours."""

    verb: Verb | None
    word: str
    text: str


def parse_command(text: str) -> Command | None:
    """Read the command in the first line of a text, or None where it begins with no `!` or `！`."""
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith(("!", "！")):
        return None
    word, argument = (*_GAP.split(first[1:].strip(), maxsplit=1), "")[:2]
    return Command(BY_WORD.get(fold(word)), word, f"{argument.strip()}\n{rest}".strip())
