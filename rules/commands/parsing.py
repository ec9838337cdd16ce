"""The first lines of an engineer's mail where they are commands, in English or Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rules.commands.verbs import BY_WORD
from rules.language.writing import fold

if TYPE_CHECKING:
    from rules.commands.verbs import Verb

MOST_COMMANDS: Final = 20
"""So many are obeyed of one mail; nobody writes more by hand."""

_MARKS: Final = ("!", "！")
#: What stands between a command and its words; Chinese keyboards give full-width blanks, colons and commas.
_GAP: Final = re.compile(r"[\s:：,，]+")
_ENDINGS: Final = ".;!?。；！？"
#: What these are about stands on their own line or is left out: a greeting below is no ticket's number.
_ON_ONE_LINE: Final = frozenset(("join", "split"))
_LONGEST_WORD: Final = max(len(word) for word in BY_WORD)
#: A command further down, such as nobody ought to overlook.
_STRAY: Final = re.compile(r"^[ \t]*[!！][ \t]*([^\s:：,，]{1,20})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Command:
    """A command and the words after it; `verb` is None where the word is no command of ours.

    `below` are the lines after one that ends with its line.
    """

    verb: Verb | None
    word: str
    text: str
    below: str = ""


def parse_commands(text: str) -> tuple[Command, ...]:
    """Read the commands on the first lines of a text, one on each; none where it begins with no `!` or `！`.

    Blank lines may stand between them. What follows the last one are its words, also where lines of it look like
    commands: pasted text gives none. One more than `MOST_COMMANDS` is read at most.
    """
    commands: list[Command] = []
    rest = text.lstrip()
    while rest.startswith(_MARKS) and len(commands) <= MOST_COMMANDS:
        line, _, rest = rest.partition("\n")
        commands.append(_read(line))
        rest = rest.lstrip()
    if not commands:
        return ()
    *others, last = commands
    if last.verb in _ON_ONE_LINE:
        return (*others, replace(last, below=rest.rstrip()))
    return (*others, replace(last, text=f"{last.text}\n{rest}".strip()))


def parse_command(text: str) -> Command | None:
    """The first of the commands that a text begins with, or None where it begins with none."""
    return next(iter(parse_commands(text)), None)


def find_stray(command: Command) -> str | None:
    """The first word among a command's own lines that stands like a command and so was not obeyed, or None."""
    below = command.below or (command.text.partition("\n")[2] if command.verb else "")
    return next((found[1] for found in _STRAY.finditer(below) if fold(found[1]) in BY_WORD), None)


def _read(line: str) -> Command:
    word, argument = (*_GAP.split(line[1:].strip(), maxsplit=1), "")[:2]
    word, argument = word.rstrip(_ENDINGS), argument.strip()
    verb = BY_WORD.get(fold(word[: _LONGEST_WORD + 1]))
    return Command(verb, word, argument) if verb else _read_joined(word, argument)


def _read_joined(word: str, argument: str) -> Command:
    """Chinese is written without blanks: `！解决更换了网线` is a command and its words."""
    for length in range(min(_LONGEST_WORD, len(word) - 1), 1, -1):
        verb = BY_WORD.get(fold(word[:length]))
        if verb is not None and not word[:length].isascii():
            return Command(verb, word[:length], f"{word[length:].lstrip('：:，,')} {argument}".strip())
    return Command(None, word, argument)
