"""What becomes of a mail that says that a letter of ours did not arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.deciding.decide_letter import decide_undelivered
from rules.decision import Decision

if TYPE_CHECKING:
    from datetime import datetime

    from rules.facts import Facts, SentLetter
    from rules.report import Mail
    from rules.rulebook import Rulebook


def decide_bounce(mail: Mail, facts: Facts, rulebook: Rulebook, now: datetime) -> Decision:
    """Record on its ticket that a letter came back; nobody is ever answered, and only a hard one is told to staff.

    A report that names no letter of ours, by signed address or Message-ID, changes nothing: anybody can write one.
    """
    letter = find_returned(mail, facts)
    if letter is None:
        return Decision(verdict="bounce", reasons=("a delivery report about no letter of ours",))
    if letter.bounced:
        linked = facts.tickets.get(letter.ticket)
        reason = f"one more report about the letter to {letter.recipient} that has come back already"
        return Decision(verdict="bounce", reasons=(reason,), before=linked, ticket=linked)
    hard = mail.bounce is not None and mail.bounce.hard
    kind, status = "for good" if hard else "for now", mail.bounce.status if mail.bounce else None
    reason = f"a letter to {letter.recipient} was not delivered, {kind} ({status or 'no status given'})"
    decision = decide_undelivered(letter, facts, rulebook, now, reason=reason, hard=hard, tell=hard)
    # A letter that is only delayed may still arrive: it is not called bounced.
    return replace(decision, verdict="bounce", bounced=letter.message_id if hard else None)


def is_returned(mail: Mail, facts: Facts) -> bool:
    """Tell whether a mail is about a letter that came back, though it may not look like it.

    Only mail systems know the signed address that a letter was sent from; but vacation programs answer to it as well.
    """
    return mail.auto == "bounce" or (mail.auto != "reply" and _by_signed_address(mail, facts) is not None)


def find_returned(mail: Mail, facts: Facts) -> SentLetter | None:
    """The letter that a delivery report is about: by the signed address it came to, or by the Message-ID it holds."""
    if signed := _by_signed_address(mail, facts):
        return signed
    return facts.letters.get(mail.bounce.message_id) if mail.bounce and mail.bounce.message_id else None


def _by_signed_address(mail: Mail, facts: Facts) -> SentLetter | None:
    found = (facts.returned.get(one.address) for one in (*mail.to, *mail.cc))
    return next((letter for letter in found if letter is not None), None)
