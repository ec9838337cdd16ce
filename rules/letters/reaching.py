"""What mails and letters tell of whether letters reach an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.letters.resting import Reach, awake, count_failure, is_resting

if TYPE_CHECKING:
    from datetime import datetime

    from rules.facts import Facts
    from rules.report import Mail
    from rules.rulebook import Rulebook


def wakes(mail: Mail, facts: Facts, *, answers: bool) -> tuple[tuple[str, Reach], ...]:
    """The address that a mail wakes: its sender is verified, or `answers` a letter that only he has got."""
    address = mail.sender.address if mail.sender else ""
    reach = facts.reach.get(address)
    if reach is None or reach.resting_since is None or not (mail.verified or answers):
        return ()
    return ((address, awake(reach)),)


def fails(address: str, facts: Facts, rulebook: Rulebook, now: datetime) -> tuple[Reach, bool]:
    """An address after a letter to it came back for good, and whether it rests from now on."""
    before = facts.reach.get(address, Reach())
    after = count_failure(before, rulebook.letters, now)
    rests = is_resting(after, rulebook.letters, now) and not is_resting(before, rulebook.letters, now)
    return after, rests
