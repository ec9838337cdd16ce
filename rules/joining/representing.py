"""Somebody reports for another: an engineer who took a phone call, or an assistant. `!for ADDRESS` stands first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rules.commands.parsing import parse_commands
from rules.language.sayings import Saying, say
from rules.report import Address

if TYPE_CHECKING:
    from rules.facts import Facts
    from rules.report import Mail


@dataclass(frozen=True, slots=True)
class Represented:
    """Who reports for whom, by their addresses."""

    by: str
    requester: str

    @property
    def reason(self) -> Saying:
        """It in words."""
        return say("reported-for", person=self.by, requester=self.requester)


def take_represented(mail: Mail, facts: Facts) -> tuple[Mail, Represented | None]:
    """The mail as the one whom it is for would have sent it, and who sent it; a mail for nobody else as it is.

    Staff may report for anybody, others for people whom the people file knows; and only where the mail server proves
    who writes, as letters go to the one who is named.
    """
    commands = parse_commands(mail.text)
    first = commands[0] if commands else None
    if first is None or first.verb != "for" or mail.sender is None or not (mail.verified and facts.commands_by_mail):
        return mail, None
    address, _, rest = first.text.partition("\n")
    requester = address.strip().strip("<>").lower()
    contact = facts.directory.find(requester)
    if contact is None and facts.staff.find(mail.sender.address) is None:
        return mail, None
    if requester.count("@") != 1 or not all(requester.split("@")) or " " in requester:
        return mail, None
    name = contact.name if contact is not None else ""
    as_theirs = replace(mail, sender=Address(requester, name), text=rest.strip() or mail.subject, message_id=None)
    return as_theirs, Represented(mail.sender.address, requester)
