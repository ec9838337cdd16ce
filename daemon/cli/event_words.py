"""What an event says to a person: one line, and the words somebody wrote."""

from __future__ import annotations

from rules.events import (
    Assigned,
    ClockChanged,
    ClockOverdue,
    ClockStarted,
    ClockStopped,
    Closed,
    EpisodeFired,
    EpisodeResolved,
    Escalated,
    Event,
    Joined,
    Judged,
    LetterFailed,
    Moved,
    Noted,
    Opened,
    Reopened,
    Reported,
    Resolved,
    Responded,
)


def event_line(event: Event) -> str:
    """What happened, with its reason, on one line; values from outside are not cleaned yet."""
    match event:
        case ClockStarted() | ClockChanged() | ClockOverdue() | ClockStopped():
            return _clock_line(event)
        case EpisodeFired(name=name, again=again):
            return f"episode of {name} fired{' again' if again else ''}"
        case EpisodeResolved(name=name):
            return f"episode of {name} resolved"
        case Opened() | Reported() | Joined() | Noted() | Responded() | LetterFailed():
            return _report_line(event)
        case Resolved() | Reopened() | Closed():
            return _end_line(event)
        case Judged() | Escalated() | Assigned() | Moved():
            return _work_line(event)


def event_words(event: Event) -> str:
    """What somebody wrote, of an event that holds it; otherwise empty."""
    match event:
        case Noted(text=text):
            return text
        case Resolved(solution=solution):
            return solution
        case _:
            return ""


def _report_line(event: Opened | Reported | Joined | Noted | Responded | LetterFailed) -> str:
    match event:
        case Opened():
            return f"opened: {event.ticket_kind}, {event.category}, {event.priority}, team {event.team}"
        case Reported():
            return f"{event.verdict} by {event.reporter or event.source}: {event.reason}"
        case Joined():
            return f"joined: {event.participant.address}: {event.reason}"
        case Noted():
            return f"note of {event.by}, inside the desk" if event.inside else f"{event.by} wrote"
        case Responded():
            return f"first response, by {event.by}"
        case LetterFailed():
            return f"letter {event.template} to {event.recipient} failed: {event.reason}"


def _work_line(event: Judged | Escalated | Assigned | Moved) -> str:
    match event:
        case Judged():
            grounds = f"{event.impact} impact, {event.urgency} urgency"
            return f"judged: {event.ticket_kind}, {event.category}, {event.priority} ({grounds}): {event.reason}"
        case Escalated():
            told = f", told {', '.join(event.told)}" if event.told else ""
            return f"escalated by {event.rung}: {event.was} to {event.now}{told}: {event.reason}"
        case Assigned():
            return f"assigned to {event.assignee or 'nobody'} of {event.team}: {event.reason}"
        case Moved():
            waiting = f" for {event.waiting_for}" if event.waiting_for else ""
            return f"status {event.status}{waiting}: {event.reason}"


def _end_line(event: Resolved | Reopened | Closed) -> str:
    match event:
        case Resolved():
            return f"resolved by {event.by} ({event.how})"
        case Reopened():
            return f"reopened by {event.by or 'nobody known'}: {event.reason}"
        case Closed():
            return f"closed ({event.how}): {event.reason}"


def _clock_line(event: ClockStarted | ClockChanged | ClockOverdue | ClockStopped) -> str:
    match event:
        case ClockStarted(clock=clock):
            return f"clock {_cycle(clock.name, clock.cycle)} started: {clock.limit}"
        case ClockChanged(clock=clock):
            held = "held" if clock.paused else f"now {clock.limit}"
            return f"clock {_cycle(clock.name, clock.cycle)} {held}: {event.reason}"
        case ClockOverdue():
            return f"clock {_cycle(event.name, event.cycle)} is overdue"
        case ClockStopped():
            return f"clock {_cycle(event.name, event.cycle)} {event.outcome}"


def _cycle(name: str, cycle: int) -> str:
    return name if cycle == 1 else f"{name} ({cycle})"
