"""Commands about how the work goes: `!wait`, `!eta`, `!note`, `!escalate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from immutables import Map

from rules.commands.answers import explain, name_of, not_done, tell_words, told, work
from rules.commands.terms import take_term
from rules.commands.times import read_time
from rules.events import Expected, Noted
from rules.language.sayings import Saying, say
from rules.letters.correspondence import assignee_name, tell_participants, tell_progress, write_time
from rules.work.escalation import escalate_asked
from rules.work.moments import respond
from rules.work.status import VENDOR, wait_for

if TYPE_CHECKING:
    from rules.calendar.calendars import Calendar
    from rules.change import Change
    from rules.people import Person

#: Words for those a ticket mostly waits for; anybody else is called as the command calls him.
_WHOM: Final = Map(
    dict.fromkeys(
        ("requester", "user", "customer", "reporter", "用户", "客户", "使用者", "报告人", "报修人", "提单人"),
        "requester",
    )
    | dict.fromkeys(("vendor", "supplier", "manufacturer", "供应商", "厂商", "厂家", "第三方"), VENDOR)
)
_LONGEST_NAME: Final = 80
_ENDS_OF_SENTENCES: Final = (".", "?", "!", "。", "？", "！")


def wait(change: Change, person: Person, text: str) -> Saying:
    """Let the ticket wait for the requester or somebody else; the requesters hear of it where it waits for them.

    What stands on the command's own line is the reason and stays inside, the lines below it ask the requesters.
    """
    whom, why, question = _read(text)
    work(change, person)
    wait_for(change, whom, reason=_waiting(whom, why))
    waits = say("waits", whom=_named(whom))
    if whom != "requester":
        return waits
    _ask(change, person, question)
    return told(change, waits)


def eta(change: Change, person: Person, text: str) -> Saying:
    """Tell the requesters when the work is expected to be done, or somebody to be there; this answers them too."""
    rulebook = change.rulebook
    expected = read_time(text, change.now, timezone=rulebook.timezone, calendar=_calendar(change))
    if isinstance(expected, str):
        return explain(change, "eta", say(expected))
    work(change, person)
    change.happen(Expected(at=change.now, until=expected.at, by=person.address, text=expected.rest))
    respond(change, person)
    until = write_time(expected.at, rulebook)
    name = assignee_name(change) or name_of(person)
    tell_words(change, "expected", {"text": expected.rest}, expected_by=until, assignee_name=name)
    return told(change, say("expected", until=until or ""))


def note(change: Change, person: Person, text: str) -> Saying:
    """Keep words inside the desk."""
    if not text:
        return explain(change, "note", say("no-words"))
    work(change, person, reassesses=False)
    change.happen(Noted(at=change.now, by=person.address, text=text, inside=True))
    return say("noted")


def escalate(change: Change, person: Person, text: str) -> Saying:
    """Take the rungs that are there for asking; without any nobody would hear of it, and that is said."""
    was = change.ticket.priority
    if not escalate_asked(change, person, text):
        return not_done(say("no-rung"))
    work(change, person)
    now = change.ticket.priority
    return say("escalated") if now == was else say("escalated-to", was=was, level=now)


def _read(text: str) -> tuple[str, str, str]:
    """For whom it waits, why, and what is asked. A sentence where a name should stand asks the requester."""
    first, _, below = (part.strip() for part in text.partition("\n"))
    known = take_term(first, _WHOM, joined=True)
    if known is not None:
        return known.key, known.rest or below, below
    if first.endswith(_ENDS_OF_SENTENCES):
        return "requester", text, text
    return first[:_LONGEST_NAME] or "requester", below, below


def _ask(change: Change, person: Person, question: str) -> None:
    """Ask the requesters what the ticket waits for, in the words of staff; without words they hear that it waits."""
    if not question:
        tell_progress(change)
        return
    change.happen(Noted(at=change.now, by=person.address, text=question))
    respond(change, person)
    tell_participants(change, "answer", human=True, author=name_of(person), text=question)


def _waiting(whom: str, why: str) -> Saying:
    return say("waits-because", whom=_named(whom), why=why) if why else say("waits-for", whom=_named(whom))


def _named(whom: str) -> str:
    """For whom a ticket waits, in words."""
    return say(f"for-{whom}") if whom in _WHOM.values() else whom


def _calendar(change: Change) -> Calendar | None:
    """The calendar that working time of this ticket is counted by: that of its clocks, or the only one there is."""
    rulebook = change.rulebook
    used = [clock.calendar for clock in change.ticket.clocks if clock.running and clock.calendar in rulebook.calendars]
    only = tuple(rulebook.calendars) if len(rulebook.calendars) == 1 else ()
    return rulebook.calendar(next(iter((*used, *only)), None))
