"""Addresses from which letters come back: after some hard bounces nothing is sent there, until somebody writes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rules.language.sayings import Saying, say

if TYPE_CHECKING:
    from datetime import datetime

    from rules.sections.desk import LetterRules

#: RFC 3463, 3.2: the mailbox or its system is not there. Other refusals tell of us or of the letter.
_NO_SUCH_ADDRESS = re.compile(r"(?<![\d.])5\.1\.(?:1|2|3|6|10)(?![\d.])")


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether letters reach an address."""

    failures: tuple[datetime, ...] = ()
    """When letters came back for good, the oldest first; one for each letter."""
    resting_since: datetime | None = None


def count_failure(reach: Reach, rules: LetterRules, now: datetime) -> Reach:
    """The address after one more letter came back for good; enough of them within the window let it rest."""
    since = now - rules.bounce_window.length()
    failures = (*(at for at in reach.failures if at > since), now)[-rules.hard_bounces :]
    resting = reach.resting_since if is_resting(reach, rules, now) else None
    return Reach(failures, resting or (now if len(failures) >= rules.hard_bounces else None))


def is_resting(reach: Reach, rules: LetterRules, now: datetime) -> bool:
    """Tell whether nothing is sent to an address now. It is tried again when its rest has lasted long enough."""
    return reach.resting_since is not None and reach.resting_since + rules.rest.length() > now


def why_resting(address: str, reach: Reach, rules: LetterRules, now: datetime) -> Saying | None:
    """Say why nothing is sent to an address; None where it gets its letters."""
    if not is_resting(reach, rules, now) or reach.resting_since is None:
        return None
    return say("held-resting", address=address, count=len(reach.failures), since=f"{reach.resting_since:%Y-%m-%d}")


def awake(reach: Reach) -> Reach:
    """The address once it is proven that letters reach it."""
    return replace(reach, failures=(), resting_since=None)


def is_dead_address(reply: str) -> bool:
    """Tell whether a server's refusal says that there is no such address, as a hard bounce does."""
    return _NO_SUCH_ADDRESS.search(reply) is not None
