"""The one gate through which every letter leaves: what goes, what waits, and what is held back, each with its reason.

RFC 3834, 2 and 5: an automatic answer goes to no machine, and only so often to anybody. Headers tell most machines
apart; these brakes stand behind them, for machines whose headers a relay took away.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from immutables import Map

from rules.language.sayings import Saying, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rules.directory import Directory
    from rules.letter import Letter
    from rules.people import Staff
    from rules.sections.desk import LetterRules

Window = Literal["hour", "day", "week"]
HOUR = timedelta(hours=1)
WINDOWS: Final[Mapping[Window, timedelta]] = {"hour": HOUR, "day": timedelta(days=1), "week": timedelta(weeks=1)}
#: How much more often somebody is answered whom the people file knows.
KNOWN_TIMES = 5

#: What answers a mail by itself: two machines could go on with these for ever.
REPLIES: Final = frozenset[str]({"receipt", "again", "closed", "complained", "rating"})
#: What tells staff that somebody wrote; the ticket holds every word of it.
NEWS: Final = frozenset[str]({"repeated", "message", "firing"})
#: What staff cannot work without: never held back, never kept waiting, and sent before everything else.
URGENT: Final = frozenset[str]({"escalated", "warning", "unassigned", "approval", "undelivered", "notice", "storm"})
#: What gives a member of staff work: a promise runs meanwhile, so that none of these waits however many there are.
WORK: Final = frozenset[str]({"assigned", "reopened", "complaint"})
#: Written by a person for this person.
HUMAN: Final = frozenset[str]({"answer", "asked", "decision", "resolved", "transcript"})

#: What waits for nothing on its way to staff.
PROMPT: Final = URGENT | WORK | HUMAN

#: The addresses of mail systems and of senders who read nothing (RFC 2142, 5; RFC 5321, 4.5.1, 6.1).
_MACHINE = re.compile(
    r"(?:mailer-?daemon|postmaster|(?:do[-_.]?)?not?[-_.]?reply|bounces?|root|daemon|nobody)(?:[-+_.=].*)?",
    re.IGNORECASE,
)


Use = tuple[str, str, int]
"""What a letter uses up: (brake, recipient, ticket), the ticket 0 where the brake is for the recipient as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What left the desk lately."""

    used: Map[Use, int] = Map()
    desk: int = 0
    """All letters that left in this hour of the clock, and those that wait for it or for a later one."""
    held: frozenset[str] = frozenset()
    """Whose letters were held back in the last 24 hours: staff know of it."""
    resting: Map[str, str] = Map()
    """Addresses to which nothing is sent, and why."""


@dataclass(slots=True, kw_only=True)
class Gate:
    """Judges the letters of one batch, one after the other: each sees what the ones before it used up."""

    past: Past
    rules: LetterRules
    staff: Staff
    directory: Directory
    own: frozenset[str]
    """Our own addresses, in lower case."""
    now: datetime
    _used: Counter[Use] = field(init=False)
    _told: set[str] = field(init=False)
    _passed: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._used, self._told = Counter(dict(self.past.used)), set(self.past.held)

    def judge(self, letter: Letter, ticket: int) -> Letter:
        """The letter as it leaves: unchanged, with the reason for which it is held, or with the moment it waits for."""
        if held := self._why_held(letter, ticket):
            return replace(letter, held=held)
        self._used.update((*uses(letter.template, letter.to, ticket),))
        self._passed += 1
        hours = self._hours_to_wait(letter)
        return replace(letter, not_before=self.now + hours * HOUR) if hours else letter

    def is_news(self, letter: Letter) -> bool:
        """Tell whether staff must hear that this letter was held; of one recipient they hear once in 24 hours."""
        if letter.to in self._told or (is_machine(letter.to) and letter.template in REPLIES):
            return False
        self._told.add(letter.to)
        return True

    def _why_held(self, letter: Letter, ticket: int) -> str | None:
        if letter.to in self.own:
            return say("held-own", address=letter.to)
        if why := self.past.resting.get(letter.to):
            return why
        if letter.template in HUMAN or letter.template in URGENT:
            return None
        if self.staff.find(letter.to) is not None:
            told = self._used["news/hour", letter.to, ticket]
            exhausted = letter.template in NEWS and told >= self.rules.news_per_hour
            return say("held-news", address=letter.to, count=told) if exhausted else None
        if is_machine(letter.to):
            return say("held-machine", address=letter.to)
        return self._why_enough(letter, ticket)

    def _why_enough(self, letter: Letter, ticket: int) -> Saying | None:
        """People whom the people file knows are no machines, and may be answered more often."""
        times = KNOWN_TIMES if self.directory.find(letter.to) is not None else 1
        if letter.template in REPLIES:
            hour, day = self._used["replies/hour", letter.to, 0], self._used["replies/day", letter.to, 0]
            if hour >= times * self.rules.replies_per_hour:
                return say("held-hour", address=letter.to, count=hour)
            if day >= times * self.rules.replies_per_day:
                return say("held-day", address=letter.to, count=day)
        answered = self._used["receipts/week", letter.to, ticket]
        if answered >= times * self.rules.receipts_per_ticket:
            return say("held-week", address=letter.to, count=answered)
        count = self._used["ticket/day", letter.to, ticket]
        return say("held-ticket", address=letter.to, count=count) if count >= self.rules.ticket_per_day else None

    def _hours_to_wait(self, letter: Letter) -> int:
        """In which hour from now a letter has its turn, where the desk, or it to one of the staff, writes much in this.

        Each hour takes what one may take, so that what was too much for this hour is not poured out in the next.
        """
        if self.staff.find(letter.to) is None:
            prompt = letter.template in URGENT or letter.template in HUMAN
            return 0 if prompt else (self.past.desk + self._passed - 1) // self.rules.desk_per_hour
        if letter.template in PROMPT:
            return 0
        return (self._used["others/hour", letter.to, 0] - 1) // self.rules.staff_per_hour


def uses(template: str, recipient: str, ticket: int) -> tuple[Use, ...]:
    """All brakes that a letter counts for."""
    return tuple(use for window in WINDOWS for use in window_uses(window, template, recipient, ticket))


def window_uses(window: Window, template: str, recipient: str, ticket: int) -> tuple[Use, ...]:
    """The brakes of one window for which a letter counts."""
    match window:
        case "hour":
            counted = [("others/hour", recipient, 0)] if template not in PROMPT else []
            counted += [("replies/hour", recipient, 0)] if template in REPLIES else []
            counted += [("news/hour", recipient, ticket)] if template in NEWS else []
        case "day":
            counted = [("ticket/day", recipient, ticket)] if template not in HUMAN else []
            counted += [("replies/day", recipient, 0)] if template in REPLIES else []
        case "week":
            counted = [("receipts/week", recipient, ticket)] if template == "receipt" else []
    return tuple(counted)


def is_machine(address: str) -> bool:
    """Tell whether an address is by its name a mail system's, or of a sender who reads nothing."""
    return _MACHINE.fullmatch(address.partition("@")[0]) is not None
