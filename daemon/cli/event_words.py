"""What an event says to a person: one line, and the words somebody wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from daemon.cli.layout import local_time
from rules.alerts.events import (
    AlertEvent,
    AlertsParted,
    AlertsTaken,
    EpisodeFired,
    EpisodeHeard,
    EpisodeResolved,
    EpisodeStale,
    Flapping,
    FlappingEnded,
    HoldBegan,
    SeverityChanged,
    StormBegan,
)
from rules.events import (
    ApprovalAsked,
    ApprovalGiven,
    Asked,
    Assigned,
    Attached,
    ClockChanged,
    ClockOverdue,
    ClockStarted,
    ClockStopped,
    ClockWarned,
    Closed,
    Escalated,
    Event,
    Expected,
    Flooded,
    HandedOver,
    Joined,
    Judged,
    LetterFailed,
    LetterHeld,
    Moved,
    Noted,
    Opened,
    Owes,
    Rated,
    Reached,
    Reopened,
    Reported,
    Represented,
    Resolved,
    Written,
)
from rules.joining.events import Absorbed, Merged, Parted, Suggested, Unmerged
from rules.silences.events import Silenced, SilenceEnded, SilenceFailed, SilenceSet
from rules.sizes import told_size

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from rules.attachment import TicketAttachment
    from rules.folding.clocks import ClockEvent
    from rules.silences.events import SilenceEvent

_REACHED = {
    "accepted": "taken up",
    "acknowledged": "acknowledged",
    "responded": "first response",
    "diagnosed": "diagnosed",
    "arrived": "arrived on site",
    "left": "left the site",
    "reviewed": "reviewed",
    "answered": "the requester answered what he was asked",
    "confirmed": "the requester confirmed the solution",
    "refused": "the requester refused the solution",
    "reassessed": "looked at again after the refusal",
    "complained": "the requester complained",
    "verified": "the complaint was verified",
    "decided": "the complaint was decided",
    "rated": "the requester told how satisfied he is",
}


def event_line(event: Event, zone: ZoneInfo) -> str:
    """What happened, with its reason, on one line, on the clocks of a zone; values from outside are not cleaned yet."""
    match event:
        case ClockStarted() | ClockChanged() | ClockWarned() | ClockOverdue() | ClockStopped():
            return _clock_line(event)
        case EpisodeFired() | EpisodeResolved() | SeverityChanged() | EpisodeStale() | EpisodeHeard():
            return _alert_line(event, zone)
        case HoldBegan() | Flapping() | FlappingEnded() | StormBegan() | AlertsParted() | AlertsTaken():
            return _alert_line(event, zone)
        case Silenced() | SilenceSet() | SilenceFailed() | SilenceEnded():
            return _silence_line(event, zone)
        case Opened() | Reported() | Attached() | Joined() | Noted() | LetterFailed() | LetterHeld() | Flooded():
            return _report_line(event)
        case Suggested() | Merged() | Absorbed() | Unmerged() | Parted():
            return _joining_line(event)
        case Resolved() | Reopened() | Closed():
            return _end_line(event)
        case Judged() | Escalated() | Assigned() | Moved() | HandedOver():
            return _work_line(event)
        case Reached() | Asked() | Expected() | Rated() | Represented():
            return _requester_line(event, zone)
        case ApprovalAsked() | ApprovalGiven() | Owes() | Written():
            return _duty_line(event)
        case _:
            assert_never(event)


def event_words(event: Event) -> str:
    """What somebody wrote, of an event that holds it; otherwise empty."""
    match event:
        case Noted() | Reached() | Expected() | ApprovalGiven() | Written() | Rated():
            return event.text
        case Resolved():
            return event.solution
        case _:
            return ""


def _alert_line(event: AlertEvent, zone: ZoneInfo) -> str:
    match event:
        case EpisodeFired():
            return f"episode of {event.name} fired{' again' if event.again else ''}{_on(event.target)}"
        case EpisodeResolved():
            return f"episode of {event.name} resolved{_on(event.target)}"
        case SeverityChanged():
            return f"severity of {event.name}: {event.was or 'none'} to {event.now or 'none'}"
        case EpisodeStale():
            return f"no word of {event.name} on {event.target} since {local_time(event.last_word_at, zone)}: stale"
        case EpisodeHeard():
            return f"word of {event.name} again: stale no more"
        case HoldBegan():
            return f"held open until {local_time(event.until, zone)}: {event.reason}"
        case Flapping():
            return f"flapping until it is quiet for long enough: {event.reason}"
        case FlappingEnded():
            return f"flapping no more: {event.reason}"
        case StormBegan():
            return f"takes whatever would open further tickets of {event.source}: {event.reason}"
        case AlertsParted():
            return f"{event.firing:,} episodes of {event.name} left for {event.number}, by {event.by}: {event.reason}"
        case AlertsTaken():
            return f"took over {event.firing:,} episodes that fire: {event.reason}"


def _report_line(event: Opened | Reported | Attached | Joined | Noted | LetterFailed | LetterHeld | Flooded) -> str:
    match event:
        case Opened():
            return f"opened: {event.ticket_kind}, {event.category}, {event.priority}, team {event.team}"
        case Reported():
            return f"{event.verdict} by {event.reporter or event.source}: {event.reason}"
        case Attached():
            return f"attached: {', '.join(attachment_words(each) for each in event.attachments)}"
        case Joined():
            return f"joined: {event.participant.address}: {event.reason}"
        case Noted():
            return f"note of {event.by}, inside the desk" if event.inside else f"{event.by} wrote"
        case LetterFailed():
            return f"letter {event.template} to {event.recipient} failed: {event.reason}"
        case Flooded():
            return f"takes whatever else {event.by} reports: {event.reason}"
        case LetterHeld():
            return f"letter {event.template} to {event.recipient} held back: {event.reason}"


def _silence_line(event: SilenceEvent, zone: ZoneInfo) -> str:
    match event:
        case Silenced():
            labels = " and of ".join(", ".join(f'{name}="{value}"' for name, value in each) for each in event.labels)
            until = local_time(event.until, zone)
            return f"silence of {labels} wanted at {event.source}, by {event.by}, to {until}: {event.reason}"
        case SilenceSet():
            return f"silence {event.silence} set"
        case SilenceFailed():
            return f"silence could not be set so far: {event.reason}"
        case SilenceEnded():
            return f"silence ended: {event.reason}"


def _work_line(event: Judged | Escalated | Assigned | Moved | HandedOver) -> str:
    match event:
        case Judged():
            grounds = f"{event.impact} impact, {event.urgency} urgency"
            return f"judged: {event.ticket_kind}, {event.category}, {event.priority} ({grounds}): {event.reason}"
        case Escalated():
            told = f", told {', '.join(event.told)}" if event.told else ""
            level = f"still {event.now}" if event.now == event.was else f"{event.was} to {event.now}"
            return f"escalated by {event.rung}: {level}{told}: {event.reason}"
        case Assigned():
            return f"assigned to {event.assignee or 'nobody'} of {event.team}: {event.reason}"
        case Moved():
            waiting = f" for {event.waiting_for}" if event.waiting_for else ""
            return f"status {event.status}{waiting}: {event.reason}"
        case HandedOver():
            was = f"from {event.was} " if event.was else ""
            return f"handed over {was}to {event.line}, team {event.team}{_by(event.by)}: {event.reason}"


def _requester_line(event: Reached | Asked | Expected | Rated | Represented, zone: ZoneInfo) -> str:
    match event:
        case Reached():
            return f"{_REACHED[event.milestone]}{_by(event.by)}"
        case Asked():
            return f"the requester was asked for {', '.join(event.missing)}"
        case Expected():
            return f"{event.by} expects it by {local_time(event.until, zone)}"
        case Rated():
            return f"rated by {event.by}: {rating_words(event.ratings)}"
        case Represented():
            return f"reported for {event.requester} ({event.relation}), by {event.by}"


def _duty_line(event: ApprovalAsked | ApprovalGiven | Owes | Written) -> str:
    match event:
        case ApprovalAsked():
            return f"approval of the {event.of} asked for: {event.reason}"
        case ApprovalGiven():
            return f"{'approved' if event.granted else 'not approved'} by {event.by}"
        case Owes():
            return f"{event.name} is owed by {event.by or 'nobody yet'}: {event.reason}"
        case Written():
            return f"{event.name} written by {event.by}"


def _joining_line(event: Suggested | Merged | Absorbed | Unmerged | Parted) -> str:
    match event:
        case Suggested(suggestion=likely):
            return f"may be the same as {likely.number} ({likely.likeness:.2f}): {likely.reason}"
        case Merged():
            return f"merged into {event.number}, by {event.by}: {event.reason}"
        case Absorbed():
            return f"{event.number} became a part of this, by {event.by}: {event.reason}"
        case Unmerged():
            return f"parted from {event.number} again, by {event.by}: {event.reason}"
        case Parted():
            left = f"{', '.join(event.people)} left for {event.number}" if event.people else f"{event.number} left it"
            return f"{left}, by {event.by}: {event.reason}"


def _end_line(event: Resolved | Reopened | Closed) -> str:
    match event:
        case Resolved():
            return f"resolved by {event.by} ({event.how})"
        case Reopened():
            return f"reopened{_by(event.by)}: {event.reason}"
        case Closed():
            return f"closed ({event.how}): {event.reason}"


def _clock_line(event: ClockEvent) -> str:
    match event:
        case ClockStarted(clock=clock):
            return f"clock {_cycle(clock.name, clock.cycle)} started: {clock.limit}"
        case ClockChanged(clock=clock):
            held = "held" if clock.paused else f"now {clock.limit}"
            return f"clock {_cycle(clock.name, clock.cycle)} {held}: {event.reason}"
        case ClockWarned():
            return f"clock {_cycle(event.name, event.cycle)} will soon be due: warned"
        case ClockOverdue():
            return f"clock {_cycle(event.name, event.cycle)} is overdue"
        case ClockStopped():
            return (
                f"clock {_cycle(event.name, event.cycle)} {event.outcome}{f': {event.reason}' if event.reason else ''}"
            )


def rating_words(ratings: tuple[tuple[str, str], ...]) -> str:
    """How satisfied somebody is, by aspect where he was asked by aspect."""
    return ", ".join(f"{aspect} {step}" if aspect else step for aspect, step in ratings)


def attachment_words(attachment: TicketAttachment) -> str:
    """An attachment with its size, and why it is refused."""
    refused = f", refused: {attachment.refused}" if attachment.refused else ""
    return f"{attachment.name} ({told_size(attachment.size)}{refused})"


def _on(target: str) -> str:
    return f" on {target}" if target else ""


def _by(whom: str | None) -> str:
    return f", by {whom}" if whom else ""


def _cycle(name: str, cycle: int) -> str:
    return name if cycle == 1 else f"{name} ({cycle})"
