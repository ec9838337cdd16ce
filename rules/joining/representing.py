"""Somebody reports for another: an engineer who took a phone call, or an assistant. `!for ADDRESS` stands first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rules.commands.addresses import take_address
from rules.commands.parsing import parse_commands
from rules.commands.terms import first_word
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


@dataclass(frozen=True, slots=True)
class NotRepresented:
    """Who wanted to report for somebody else, and why the ticket is his own."""

    by: str
    why: Saying


def take_represented(mail: Mail, facts: Facts) -> tuple[Mail, Represented | NotRepresented | None]:
    """The mail as the one whom it is for would have sent it, and who sent it; a mail for nobody else as it is.

    Staff may report for anybody, others for people whom the people file knows; and only where the mail server proves
    who writes, as letters go to the one who is named.
    """
    commands = parse_commands(mail.text)
    first = commands[0] if commands else None
    if first is None or first.verb != "for" or mail.sender is None or not (mail.verified and facts.commands_by_mail):
        return mail, None
    by, found = mail.sender.address, take_address(first.text)
    if found is None:
        return mail, NotRepresented(by, say("no-address", word=first_word(first.text)))
    contact = facts.directory.find(found.address)
    if contact is None and facts.staff.find(by) is None:
        return mail, NotRepresented(by, say("unknown-person", person=found.address))
    name = found.name or (contact.name if contact is not None else "")
    as_theirs = replace(mail, sender=Address(found.address, name), text=found.rest or mail.subject, message_id=None)
    return as_theirs, Represented(by, found.address)
