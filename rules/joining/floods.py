"""Very many tickets of one sender in a short time, as of a machine that mails its every alarm, become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.events import Flooded, Reported
from rules.language.sayings import say
from rules.letters.correspondence import tell_role

if TYPE_CHECKING:
    from datetime import datetime

    from rules.change import Change
    from rules.facts import Facts
    from rules.report import Mail
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket


def find_flood(mail: Mail, facts: Facts, rulebook: Rulebook, now: datetime) -> Ticket | None:
    """The ticket that takes what a sender still reports, once he has opened too many; None while he may open more.

    Old mail that is imported is no flood, however much of it comes at once.
    """
    if mail.sender is None or mail.imported:
        return None
    number = flooded_ticket(mail.sender.address, facts, rulebook, now)
    return facts.tickets.get(number) if number is not None else None


def flooded_ticket(address: str, facts: Facts, rulebook: Rulebook, now: datetime) -> int | None:
    """The newest open ticket of somebody who has opened as many in the window as the rulebook allows, or None."""
    since = now - rulebook.floods.window.length()
    lately = [ticket for ticket, opened_at in facts.opened_by.get(address, ()) if opened_at > since]
    return lately[0] if len(lately) >= rulebook.floods.tickets else None


def take_into_flood(change: Change, mail: Mail) -> None:
    """Keep a report of a flood on its ticket. The lead hears of the first one; nobody is written to of the others."""
    address = mail.sender.address if mail.sender else None
    floods = change.rulebook.floods
    reason = say("flood", count=floods.tickets, window=str(floods.window))
    change.happen(
        Reported(
            at=change.now,
            verdict="appended",
            source=mail.source,
            key=mail.key,
            reporter=address,
            counts=False,
            reason=reason,
        ),
        because=reason,
    )
    if not change.ticket.flooded:
        change.happen(Flooded(at=change.now, by=address or "", reason=reason))
        tell_role(change, "lead", "notice", address=address or "", reason=say("flooded", count=floods.tickets))
