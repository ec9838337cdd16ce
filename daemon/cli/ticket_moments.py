"""What happened to a ticket, moment by moment: its events, the reports about it and the letters from it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from daemon.cli.event_words import event_line, event_words
from daemon.cli.layout import lines_of, local_time, one_line
from daemon.store.tickets.read import LedgerEntry, WrittenLetter
from outbound.letters import LetterError, render
from rules.events import Reported

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from daemon.store.tickets.read import Excerpt, TicketFile
    from rules.events import Event
    from rules.letter import Letter

#: Lines of one person's words that are shown at most; --json has them whole.
SHOWN_LINES = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, and its place in the story."""

    at: datetime
    place: float
    """Among what happened at the same instant: a report comes before the event it caused, letters come last."""
    what: Event | LedgerEntry | WrittenLetter


def tell_moments(file: TicketFile, zone: ZoneInfo, excerpt: Excerpt | None) -> Iterator[str]:
    """The lines of a story; of a longer one than the excerpt its beginning and its newest part."""
    left_out = 0 if excerpt is None else file.moments - excerpt.first - excerpt.last
    if excerpt is None or left_out <= 0:
        yield from _lines(put_in_order(file), zone)
        return
    yield from _lines(_beginning(file, excerpt.first), zone)
    yield f"  ... {left_out:,} more, which `deskd tickets show {file.ticket.number} --whole` shows ..."
    yield from _lines(_newest(file, excerpt.last), zone)


def _lines(moments: list[Moment], zone: ZoneInfo) -> Iterator[str]:
    for moment in moments:
        yield f"  {local_time(moment.at, zone)}  {one_line(_headline(moment.what, zone))}"
        yield from (f"      | {line}" for line in _words(moment.what))


def put_in_order(file: TicketFile, *, unplaced: float = 0) -> list[Moment]:
    """Every event, report and letter of a ticket by time; `unplaced` goes for a report whose event is not there."""
    events = [Moment(event.at, number, event) for number, event in file.events]
    reports = [
        Moment(report.decided_at, place - 0.5, report)
        for report, place in zip(file.reports, _places(file, unplaced), strict=True)
    ]
    letters = [Moment(letter.created_at, math.inf, letter) for letter in file.letters]
    return sorted([*events, *reports, *letters], key=lambda moment: (moment.at, moment.place))


def _beginning(file: TicketFile, count: int) -> list[Moment]:
    """The first moments. A whole batch happens at one instant: what belongs to an event beyond them comes later."""
    part = replace(file, events=file.events[:count], reports=file.reports[:count], letters=file.letters[:count])
    return put_in_order(part, unplaced=math.inf if len(file.events) > count else 0)[:count]


def _newest(file: TicketFile, count: int) -> list[Moment]:
    part = replace(file, events=file.events[-count:], reports=file.reports[-count:], letters=file.letters[-count:])
    return put_in_order(part)[-count:]


def _places(file: TicketFile, unplaced: float) -> Iterator[float]:
    """The number of the event that each report comes before; the end of an alert, which none names, follows others."""
    caused, place = _events_of_reports(file), 0.0
    for report in file.reports:
        otherwise = place if report.verdict == "resolved" else unplaced
        place = caused.get((report.source, report.key), otherwise)
        yield place


def _events_of_reports(file: TicketFile) -> dict[tuple[str, str], int]:
    """The number of the event that each report caused, as far as an event names it."""
    numbers = {(event.source, event.key): number for number, event in file.events if isinstance(event, Reported)}
    opening = next((report for report in file.reports if report.verdict == "opened"), None)
    return numbers if opening is None else numbers | {(opening.source, opening.key): 1}


def _headline(what: Event | LedgerEntry | WrittenLetter, zone: ZoneInfo) -> str:
    if isinstance(what, LedgerEntry):
        times = f", {what.seen} times" if what.seen > 1 else ""
        return f"report of {what.reporter or what.source}{times}, {what.verdict}: {what.subject} ({what.reason})"
    if isinstance(what, WrittenLetter):
        return _letter_line(what, zone)
    return event_line(what, zone)


def _letter_line(written: WrittenLetter, zone: ZoneInfo) -> str:
    letter = written.letter
    fate = f"{written.state} {local_time(written.settled_at, zone)}" if written.settled_at else written.state
    reply = f": {written.reply}" if written.reply else ""
    return f"letter {letter.template} to {letter.to}: {_subject(letter)} ({fate}{reply})"


def _subject(letter: Letter) -> str:
    try:
        return render(letter).subject
    except LetterError as error:
        return str(error)


def _words(what: Event | LedgerEntry | WrittenLetter) -> Iterator[str]:
    text = "" if isinstance(what, WrittenLetter) else what.text if isinstance(what, LedgerEntry) else event_words(what)
    return lines_of(text, most=SHOWN_LINES) if text else iter(())


def moment_data(what: Event | LedgerEntry | WrittenLetter) -> dict[str, Any]:
    """The same for a machine, with the words uncut."""
    if isinstance(what, LedgerEntry):
        return {"report": asdict(what)}
    if isinstance(what, WrittenLetter):
        told = {name: getattr(what, name) for name in ("message_id", "state", "attempts", "settled_at", "reply")}
        letter = what.letter
        return {"letter": {"to": letter.to, "template": letter.template, "subject": _subject(letter), **told}}
    return {"event": asdict(what)}
