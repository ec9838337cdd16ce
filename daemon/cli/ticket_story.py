"""One ticket's whole story: what it is now, and everything that happened to it, in order."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from immutables import Map

from daemon.cli.event_words import attachment_words, event_line, event_words, rating_words
from daemon.cli.layout import align, lines_of, one_line
from daemon.store.read import LedgerEntry, WrittenLetter
from outbound.letters import LetterError, render
from rules.alerts.state import NO_ALERTS
from rules.events import Reported

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from daemon.store.read import TicketFile
    from daemon.store.storms import FiringName
    from rules.alerts.kept_silence import KeptSilence
    from rules.alerts.state import AlertState
    from rules.episode import Episode
    from rules.events import Event
    from rules.letter import Letter
    from rules.ticket import Clock, Owed, Participant, Ticket

#: Lines of one person's words that are shown at most; --json has them whole.
SHOWN_LINES = 12
#: Episodes that are named at most.
SHOWN_EPISODES = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, and its place in the story."""

    at: datetime
    place: float
    """Among what happened at the same instant: a report comes before the event it caused, letters come last."""
    what: Event | LedgerEntry | WrittenLetter


def tell_story(file: TicketFile, zone: ZoneInfo) -> Iterator[str]:
    """The lines for a person, with the times of a zone."""
    ticket = file.ticket
    yield f"{ticket.number}  {one_line(ticket.subject)}"
    yield from (f"  {line}" for line in align(list(_facts(file, zone))))
    if ticket.clocks:
        yield "Clocks"
        yield from (f"  {line}" for line in align([_clock_row(clock, zone) for clock in ticket.clocks]))
    if ticket.participants:
        yield "Participants"
        yield from (f"  {one_line(_participant(person))}" for person in ticket.participants)
    if ticket.alerts.firing_on and not file.storm:
        yield f"Firing: {ticket.firing:,} alerts"
        yield from (f"  {line}" for line in align(list(_firing_rows(ticket, zone))))
    if file.storm:
        yield f"Firing: {file.ticket.firing:,} alerts"
        yield from (f"  {line}" for line in align([_firing_row(each, zone) for each in file.storm]))
    yield "Story"
    for moment in put_in_order(file):
        yield f"  {_local(moment.at, zone)}  {one_line(_headline(moment.what, zone))}"
        yield from (f"      | {line}" for line in _words(moment.what))


def story_data(file: TicketFile, zone: ZoneInfo) -> dict[str, Any]:
    """The same for a machine: the ticket, and its story with the words uncut."""
    ticket = {
        **asdict(replace(file.ticket, milestones=Map(), alerts=NO_ALERTS)),
        "alerts": alerts_data(file.ticket.alerts),
        "rungs": sorted(file.ticket.rungs),
        "milestones": dict(file.ticket.milestones),
        "merged_into": file.merged_into,
        "absorbed": list(file.absorbed),
        "parted": [list(each) for each in file.parted],
        "forwarded_from": file.forwarded_from,
        "forwarded_as": list(file.forwarded_as),
        "firing_by_name": [asdict(each) for each in file.storm],
        "suppressed": [asdict(episode) for episode in file.suppressed],
        "silenced": None if file.silence is None else asdict(file.silence),
    }
    story = [{"at": moment.at, **_moment_data(moment.what)} for moment in put_in_order(file)]
    data: dict[str, Any] = _with_offset({**ticket, "story": story}, zone)
    return data


def alerts_data(state: AlertState) -> dict[str, Any]:
    """What a ticket knows of its alerts, for a machine."""
    return {**asdict(replace(state, severities=Map())), "severities": dict(state.severities), "marks": state.marks}


def put_in_order(file: TicketFile) -> list[Moment]:
    """Every event, report and letter of a ticket by time."""
    caused = _events_of_reports(file)
    events = [Moment(event.at, number, event) for number, event in file.events]
    reports = [
        Moment(report.decided_at, caused.get((report.source, report.key), 0) - 0.5, report) for report in file.reports
    ]
    letters = [Moment(letter.created_at, len(events) + 1, letter) for letter in file.letters]
    return sorted([*events, *reports, *letters], key=lambda moment: (moment.at, moment.place))


def _events_of_reports(file: TicketFile) -> dict[tuple[str, str], int]:
    """The number of the event that each report caused, as far as an event names it."""
    numbers = {(event.source, event.key): number for number, event in file.events if isinstance(event, Reported)}
    opening = next((report for report in file.reports if report.verdict == "opened"), None)
    return numbers if opening is None else numbers | {(opening.source, opening.key): 1}


def _firing_rows(ticket: Ticket, zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    listed = ticket.alerts.firing_on
    for each in listed:
        yield one_line(each.name), one_line(each.target), f"since {_local(each.since, zone)}"
    if ticket.firing > len(listed):
        yield f"and {ticket.firing - len(listed):,} more", "", ""


def _alerts(ticket: Ticket, zone: ZoneInfo) -> str:
    """How the ticket's alerts stand, beyond that they fire."""
    state = ticket.alerts
    until, quiet = state.heals_at, state.flapping_until
    marks = (
        f"all have ended, held open until {_local(until, zone)}" if until else "",
        f"flapping, until quiet at {_local(quiet, zone)}" if quiet else "",
        "muted until all have ended" if state.muted else "",
        f"no word of {state.stale}" if state.stale else "",
        f"severity {', '.join(sorted(filter(None, state.severities)))}" if any(state.severities) else "",
    )
    return "; ".join(filter(None, marks))


def _firing_row(each: FiringName, zone: ZoneInfo) -> tuple[str, ...]:
    return one_line(each.name), f"{each.firing:,}", f"since {_local(each.since, zone)}"


def _facts(file: TicketFile, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    ticket = file.ticket
    waiting = f" for {ticket.waiting_for}" if ticket.waiting_for else ""
    yield "status", one_line(ticket.status.replace("_", " ") + waiting)
    yield "priority", f"{ticket.priority} ({ticket.impact} impact, {ticket.urgency} urgency)"
    yield "kind", f"{ticket.kind}, {ticket.category}"
    line = f", line {ticket.line}" if ticket.line else ""
    yield "assignee", f"{ticket.assignee or 'nobody'} of {ticket.team}{line}"
    yield "came by", f"{ticket.channel} to {ticket.source}, {_local(ticket.opened_at, zone)}"
    yield "reports", f"{ticket.reports}, of them {ticket.repeats} repeats; reopened {ticket.reopened} times"
    if ticket.requester:
        zone_of = f", {ticket.zone}" if ticket.zone else ""
        yield "requester", one_line(f"{ticket.requester} ({ticket.relation}{zone_of})")
    if alerts := _alerts(ticket, zone):
        yield "alerts", one_line(alerts)
    if linked := _linked(file):
        yield "linked", linked
    if file.silence:
        yield "silence", one_line(_silence(file.silence, zone))
    if file.suppressed:
        yield "suppressed", one_line(_suppressed(file.suppressed))
    if ticket.solution:
        yield "solution", one_line(ticket.solution)
    if ticket.attachments:
        yield "attachments", one_line("; ".join(map(attachment_words, ticket.attachments)))
    yield from ((name, one_line(words)) for name, words in _open_points(ticket, zone) if words)


def _linked(file: TicketFile) -> str:
    words = [f"forwarded out of {file.forwarded_from}"] if file.forwarded_from else []
    words += [f"forwarded as {number}" for number in file.forwarded_as]
    words += [f"a part of {file.merged_into}"] if file.merged_into else []
    words += [f"holds {number}" for number in file.absorbed]
    words += [f"{number} of {address} left it" for address, number in file.parted]
    likely = file.ticket.suggested
    return "; ".join([*words, *((f"may be the same as {likely.number}",) if likely else ())])


def _silence(silence: KeptSilence, zone: ZoneInfo) -> str:
    """Where it is and how far that has come."""
    ends = f" to {_local(silence.ends_at, zone)}" if silence.ends_at else ""
    fails = f", failing since {_local(silence.failing_since, zone)}" if silence.failing_since else ""
    until = f", no longer than {_local(silence.until, zone)}" if silence.state in ("wanted", "active") else ""
    return f"{silence.state} at {silence.source}{ends}{until}, by {silence.by}{fails}"


def _suppressed(episodes: Sequence[Episode]) -> str:
    """What Alertmanager holds back, and why."""
    words = [f"{episode.name} on {episode.target}: {episode.suppressed}" for episode in episodes[:SHOWN_EPISODES]]
    return "; ".join([*words, *([f"and {len(episodes) - len(words)} more"] if len(episodes) > len(words) else [])])


def _open_points(ticket: Ticket, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """What is waited for, owed or said of the ticket; empty where there is nothing of it."""
    yield "asked for", ", ".join(ticket.missing)
    yield "approval", f"asked of the {ticket.approval}" if ticket.approval else ""
    yield "expected", _local(ticket.expected_at, zone) if ticket.expected_at else ""
    yield "owed", "; ".join(_owed(owed, zone) for owed in ticket.owed)
    yield "satisfaction", rating_words(ticket.ratings)


def _owed(owed: Owed, zone: ZoneInfo) -> str:
    state = f"written {_local(owed.written_at, zone)}" if owed.written_at else f"since {_local(owed.since, zone)}"
    return f"{owed.name} by {owed.by or 'nobody yet'}, {state}"


def _clock_row(clock: Clock, zone: ZoneInfo) -> tuple[str, ...]:
    state = clock.outcome or ("held" if clock.paused else "overdue" if clock.overdue_at else "running")
    stopped = f"at {_local(clock.stopped_at, zone)}" if clock.stopped_at else ""
    return f"{clock.name} {clock.cycle}", clock.limit, f"due {_local(clock.due_at, zone)}", state, stopped


def _participant(person: Participant) -> str:
    marks = (
        "counts" if person.counted else "does not count: nobody verified the address",
        "joined by likeness, not confirmed" if person.by_similarity else "",
        "never written to" if person.silent else "",
    )
    name = f"{person.name} <{person.address}>" if person.name else person.address
    return f"{name} ({person.language}; {'; '.join(filter(None, marks))})"


def _headline(what: Event | LedgerEntry | WrittenLetter, zone: ZoneInfo) -> str:
    if isinstance(what, LedgerEntry):
        times = f", {what.seen} times" if what.seen > 1 else ""
        return f"report of {what.reporter or what.source}{times}, {what.verdict}: {what.subject} ({what.reason})"
    if isinstance(what, WrittenLetter):
        return _letter_line(what, zone)
    return event_line(what)


def _letter_line(written: WrittenLetter, zone: ZoneInfo) -> str:
    letter = written.letter
    fate = f"{written.state} {_local(written.settled_at, zone)}" if written.settled_at else written.state
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


def _moment_data(what: Event | LedgerEntry | WrittenLetter) -> dict[str, Any]:
    if isinstance(what, LedgerEntry):
        return {"report": asdict(what)}
    if isinstance(what, WrittenLetter):
        told = {name: getattr(what, name) for name in ("message_id", "state", "attempts", "settled_at", "reply")}
        letter = what.letter
        return {"letter": {"to": letter.to, "template": letter.template, "subject": _subject(letter), **told}}
    return {"event": asdict(what)}


def _with_offset(value: Any, zone: ZoneInfo) -> Any:
    """The same data with its moments as RFC 3339 writes them."""
    match value:
        case datetime():
            return value.astimezone(zone).isoformat()
        case dict():
            return {key: _with_offset(item, zone) for key, item in value.items()}
        case list() | tuple():
            return [_with_offset(item, zone) for item in value]
        case _:
            return value


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
