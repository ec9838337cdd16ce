"""One ticket's whole story: what it is now, and everything that happened to it, in order."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from immutables import Map

from daemon.cli.event_words import attachment_words, rating_words
from daemon.cli.layout import align, local_time, one_line
from daemon.cli.ticket_moments import moment_data, put_in_order, tell_moments
from rules.alerts.state import NO_ALERTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from daemon.store.alerts.storms import FiringName
    from daemon.store.tickets.read import Excerpt, TicketFile
    from rules.alerts.state import AlertState
    from rules.episode import Episode
    from rules.silences.kept import KeptSilence
    from rules.ticket import Clock, Owed, Participant, Ticket

#: Alertnames of a storm that are shown at most in an excerpt.
SHOWN_NAMES = 100
#: Episodes that are named at most.
SHOWN_EPISODES = 5


def tell_story(file: TicketFile, zone: ZoneInfo, excerpt: Excerpt | None = None) -> Iterator[str]:
    """The lines for a person, with the times of a zone; of a long story only the excerpt that was read of it."""
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
        yield _firing_title(ticket)
        yield from (f"  {line}" for line in align(list(_firing_rows(ticket, zone))))
    if file.storm:
        yield _firing_title(ticket)
        yield from (f"  {line}" for line in align(list(_storm_rows(file.storm, zone, whole=excerpt is None))))
    yield f"Story, on the clocks of {zone.key}"
    yield from tell_moments(file, zone, excerpt)


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
    story = [{"at": moment.at, **moment_data(moment.what)} for moment in put_in_order(file)]
    data: dict[str, Any] = _with_offset({**ticket, "story": story}, zone)
    return data


def alerts_data(state: AlertState) -> dict[str, Any]:
    """What a ticket knows of its alerts, for a machine."""
    return {**asdict(replace(state, severities=Map())), "severities": dict(state.severities), "marks": state.marks}


def _firing_title(ticket: Ticket) -> str:
    return "Firing: 1 alert" if ticket.firing == 1 else f"Firing: {ticket.firing:,} alerts"


def _firing_rows(ticket: Ticket, zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    listed = ticket.alerts.firing_on
    for each in listed:
        yield one_line(each.name), one_line(each.target), f"since {local_time(each.since, zone)}"
    if ticket.firing > len(listed):
        yield f"and {ticket.firing - len(listed):,} more", "", ""


def _alerts(ticket: Ticket, zone: ZoneInfo) -> str:
    """How the ticket's alerts stand, beyond that they fire."""
    state = ticket.alerts
    until, quiet = state.heals_at, state.flapping_until
    marks = (
        f"all have ended, held open until {local_time(until, zone)}" if until else "",
        f"flapping, until quiet at {local_time(quiet, zone)}" if quiet else "",
        "muted until all have ended" if state.muted else "",
        f"no word of {state.stale}" if state.stale else "",
        f"severity {', '.join(sorted(filter(None, state.severities)))}" if any(state.severities) else "",
    )
    return "; ".join(filter(None, marks))


def _storm_rows(names: Sequence[FiringName], zone: ZoneInfo, *, whole: bool) -> Iterator[tuple[str, ...]]:
    shown = names if whole else names[:SHOWN_NAMES]
    for each in shown:
        yield one_line(each.name), f"{each.firing:,}", f"since {local_time(each.since, zone)}"
    if rest := names[len(shown) :]:
        yield f"and {len(rest):,} more names", f"{sum(each.firing for each in rest):,}", ""


def _facts(file: TicketFile, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    ticket = file.ticket
    waiting = f" for {ticket.waiting_for}" if ticket.waiting_for else ""
    yield "status", one_line(ticket.status.replace("_", " ") + waiting)
    yield "priority", f"{ticket.priority} ({ticket.impact} impact, {ticket.urgency} urgency)"
    yield "kind", f"{ticket.kind}, {ticket.category}"
    line = f", line {ticket.line}" if ticket.line else ""
    yield "assignee", f"{ticket.assignee or 'nobody'} of {ticket.team}{line}"
    yield "came by", f"{ticket.channel} to {ticket.source}, {local_time(ticket.opened_at, zone)}"
    yield "reports", f"{ticket.reports}, repeats {ticket.repeats}, reopened {ticket.reopened}"
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
        yield "suppressed", one_line(_suppressed(file.suppressed, file.suppressed_count))
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
    words += [f"{one_line(each.name)} joined, as one needs the other" for each in file.ticket.alerts.related]
    likely = file.ticket.suggested
    return "; ".join([*words, *((f"may be the same as {likely.number}",) if likely else ())])


def _silence(silence: KeptSilence, zone: ZoneInfo) -> str:
    """Where it is and how far that has come."""
    ends = f" to {local_time(silence.ends_at, zone)}" if silence.ends_at else ""
    fails = f", failing since {local_time(silence.failing_since, zone)}" if silence.failing_since else ""
    until = f", no longer than {local_time(silence.until, zone)}" if silence.state in ("wanted", "active") else ""
    return f"{silence.state} at {silence.source}{ends}{until}, by {silence.by}{fails}"


def _suppressed(episodes: Sequence[Episode], count: int) -> str:
    """What Alertmanager holds back, and why."""
    words = [f"{episode.name} on {episode.target}: {episode.suppressed}" for episode in episodes[:SHOWN_EPISODES]]
    return "; ".join([*words, *([f"and {count - len(words):,} more"] if count > len(words) else [])])


def _open_points(ticket: Ticket, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """What is waited for, owed or said of the ticket; empty where there is nothing of it."""
    yield "asked for", ", ".join(ticket.missing)
    yield "approval", f"asked of the {ticket.approval}" if ticket.approval else ""
    yield "expected", local_time(ticket.expected_at, zone) if ticket.expected_at else ""
    yield "owed", "; ".join(_owed(owed, zone) for owed in ticket.owed)
    yield "satisfaction", rating_words(ticket.ratings)


def _owed(owed: Owed, zone: ZoneInfo) -> str:
    state = (
        f"written {local_time(owed.written_at, zone)}" if owed.written_at else f"since {local_time(owed.since, zone)}"
    )
    return f"{owed.name} by {owed.by or 'nobody yet'}, {state}"


def _clock_row(clock: Clock, zone: ZoneInfo) -> tuple[str, ...]:
    state = clock.outcome or ("held" if clock.paused else "overdue" if clock.overdue_at else "running")
    stopped = f"at {local_time(clock.stopped_at, zone)}" if clock.stopped_at else ""
    return f"{clock.name} {clock.cycle}", clock.limit, f"due {local_time(clock.due_at, zone)}", state, stopped


def _participant(person: Participant) -> str:
    marks = (
        "counts" if person.counted else "does not count: nobody verified the address",
        "joined by likeness, not confirmed" if person.by_similarity else "",
        "never written to" if person.silent else "",
    )
    name = f"{person.name} <{person.address}>" if person.name else person.address
    return f"{name} ({person.language}; {'; '.join(filter(None, marks))})"


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
