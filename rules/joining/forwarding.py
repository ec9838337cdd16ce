"""A mail that hands on another one is no answer in that one's thread: it opens a ticket of its own, with a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.commands.parsing import parse_command
from rules.language.sayings import Saying, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.report import Mail
    from rules.ticket import Ticket


def is_handed_on(mail: Mail) -> bool:
    """A forward, unless it begins with a command: who writes one means the ticket that he forwards."""
    return mail.forward is not None and parse_command(mail.text) is None


def forward_reasons(mail: Mail, thread: Ticket | None) -> Iterator[Saying]:
    """What is told of a forward and of the ticket out of whose thread it came; nothing of other mail.

    Who is said to have written the mail handed on is told and no more: the requester is who sent it here.
    """
    if mail.forward is not None and mail.forward.origin:
        yield say("forward-of", origin=mail.forward.origin, sign=mail.forward.sign)
    elif mail.forward is not None:
        yield say("forward", sign=mail.forward.sign)
    if thread is not None:
        yield say("forward-linked", number=thread.number)
