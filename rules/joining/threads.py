"""Which ticket a mail belongs to because it answers something of that ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rules.language.sayings import say

if TYPE_CHECKING:
    from rules.facts import Facts
    from rules.report import Mail


@dataclass(frozen=True, slots=True)
class Thread:
    """The ticket that a mail continues, and what proves it."""

    ticket: int
    proof: Literal["token", "ledger"]
    message_id: str

    @property
    def reason(self) -> str:
        """The proof in words."""
        if self.proof == "token":
            return say("thread-token")
        return say("thread-ledger", mail=self.message_id)


def find_thread(mail: Mail, facts: Facts) -> Thread | None:
    """Find the ticket that a mail continues: by the token of a letter to this very sender, else by a known mail.

    The newest reference counts first. A number in the subject, a quoted letter or somebody else's token prove
    nothing: they are data that any stranger may write.
    """
    if mail.sender is None:
        return None
    newest_first = tuple(reversed(mail.references))
    for message_id in newest_first:
        ticket = facts.read_token(message_id, sender=mail.sender.address)
        if ticket is not None and _may_write(ticket, mail.sender.address, facts):
            return Thread(ticket, "token", message_id)
    for message_id in newest_first:
        ticket = facts.threads.get(message_id)
        if ticket is not None and _takes_part(ticket, mail.sender.address, facts):
            return Thread(ticket, "ledger", message_id)
    return None


def _may_write(ticket: int, address: str, facts: Facts) -> bool:
    """A colleague who has left the desk keeps his old letters, and no voice."""
    return _takes_part(ticket, address, facts) or facts.staff.find(address) is not None


def _takes_part(ticket: int, address: str, facts: Facts) -> bool:
    known = facts.tickets.get(ticket)
    return known is not None and known.participant(address) is not None
