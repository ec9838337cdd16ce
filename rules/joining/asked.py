"""What the commands of a mail join or part: the facts that they need are gathered beforehand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rules.commands.parsing import parse_commands

if TYPE_CHECKING:
    from rules.commands.parsing import Command
    from rules.report import Mail

_LONGEST_NUMBER: Final = 40
_SEPARATORS: Final = re.compile(r"[\s\],;，。；：]")


def joining_commands(mail: Mail) -> tuple[Command, ...]:
    """The commands of a mail that join or part tickets; most mails have none. Nobody obeys who is not verified."""
    if not mail.verified or mail.text.lstrip()[:1] not in ("!", "！"):
        return ()
    return tuple(command for command in parse_commands(mail.text) if command.verb in ("join", "split"))


def named_by_commands(mail: Mail) -> tuple[str, ...]:
    """The tickets' numbers that these commands name."""
    named = (take_number(command.text) for command in joining_commands(mail))
    return tuple(number for number in named if number)


def take_number(text: str) -> str:
    """What may be a ticket's number at the beginning of a command's words: `202611-001` or `[#202611-001]`."""
    return _SEPARATORS.split(text[: 2 * _LONGEST_NUMBER].lstrip(" [#"), maxsplit=1)[0][:_LONGEST_NUMBER].rstrip(".:")
