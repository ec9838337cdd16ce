"""The command `!silence`: the alerts of a ticket notify nobody while somebody works on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from immutables import Map

from rules.commands.answers import explain, name_of, not_done, work
from rules.commands.terms import take_term
from rules.commands.times import Told, read_time
from rules.language.sayings import Saying, say
from rules.letters.correspondence import write_time
from rules.silences.wanting import end_silence, want_silence, why_not_silenced

if TYPE_CHECKING:
    from rules.change import Change
    from rules.people import Person

_OFF: Final = Map(dict.fromkeys(("off", "end", "stop", "结束", "取消", "停止", "解除"), "off"))


def silence(change: Change, person: Person, text: str) -> Saying:
    """Silence the ticket's alerts while they fire, for so long at most as is said; `off` ends that."""
    if take_term(text, _OFF, joined=True) is not None:
        return _end(change, person)
    refused = why_not_silenced(change)
    if refused is not None:
        return not_done(refused)
    told = _until(change, text)
    if isinstance(told, str):
        return explain(change, "silence", say(told))
    work(change, person, reassesses=False)
    want_silence(change, by=person.address, until=told.at, reason=told.rest or say("asked-by", person=name_of(person)))
    until = write_time(told.at, change.rulebook) or ""
    return say("silence-wanted", source=change.ticket.source, until=until)


def _end(change: Change, person: Person) -> Saying:
    if change.ticket.silence is None:
        return not_done(say("silence-none", number=change.ticket.number))
    work(change, person, reassesses=False)
    end_silence(change, reason=say("asked-by", person=name_of(person)))
    return say("silence-ends", source=change.ticket.source)


def _until(change: Change, text: str) -> Told | str:
    """Until when, and the reason behind it; words that tell no time are the reason. Never longer than `longest`."""
    latest = change.now + change.rulebook.alerts.silence.longest.length()
    told = read_time(text, change.now, timezone=change.rulebook.timezone, calendar=None)
    match told:
        case Told():
            return Told(min(told.at, latest), told.rest)
        case "no-time":
            return Told(latest, text)
        case "time-far":
            return Told(latest, "")
        case _:
            return told
