"""What one decision adds to the totals: pure, and counted in the transaction that records it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, assert_never

from daemon.metrics import catalogue
from daemon.metrics.catalogue import OTHER, WHOLE, Durations
from daemon.metrics.targets import EDGES, bucket_of, duration_edges, first_promise
from outbound.channel import Delivery, Refused, Sent, TryAgain, Unknown
from rules.alerts.events import AlertsParted, EpisodeFired
from rules.calendar.duration import Duration
from rules.calendar.working_time import worked
from rules.decision import VERDICTS, Decision
from rules.events import (
    ApprovalAsked,
    ApprovalGiven,
    Attached,
    ClockOverdue,
    ClockStopped,
    Closed,
    Escalated,
    Event,
    HandedOver,
    Joined,
    Judged,
    Opened,
    Rated,
    Reached,
    Reopened,
    Resolved,
)
from rules.joining.events import Absorbed, Parted, Suggested
from rules.report import Alert, Mail, Notification, Report

if TYPE_CHECKING:
    from datetime import timedelta

    from outbound.courier import Outcome
    from rules.rulebook import Rulebook
    from rules.ticket import Clock, Ticket

Amount = tuple[str, tuple[str, ...], float]
"""Name, label values in the declared order, and how much is added."""

Amounts = Mapping[tuple[str, tuple[str, ...]], float]


def tally(report: Report | None, decision: Decision, rulebook: Rulebook) -> Iterator[Amount]:
    """What one decision adds. No report is given where a clock or the end of a letter was decided.

    The rulebook tells how promised time is counted.
    """
    if report is not None:
        yield from _tally_report(report, decision)
    if decision.bounced is not None:
        yield catalogue.LETTERS_SETTLED.name, ("bounced",), 1
    yield from _tally_decision(decision, rulebook, channel=report.channel if report is not None else None)
    for each in decision.beside:
        yield from _tally_decision(each, rulebook)


def _tally_decision(decision: Decision, rulebook: Rulebook, *, channel: str | None = None) -> Iterator[Amount]:
    """`channel` is that of the report that the decision is about; without one it is the ticket's."""
    if decision.ticket is None or not decision.events:
        return
    yield from _tally_ticket(decision, decision.ticket, channel or decision.ticket.channel)
    yield from _tally_durations(decision, decision.ticket, rulebook)
    for letter in decision.letters:
        yield catalogue.LETTERS_WRITTEN.name, (letter.template,), 1
        if letter.held:
            yield catalogue.LETTERS_SETTLED.name, ("held",), 1


def tally_notification(notification: Notification) -> Amounts:
    """What one webhook body adds beside its readable alerts."""
    source = notification.source
    reason = _known(notification.reason, catalogue.NOTIFICATION_REASONS)
    amounts: dict[tuple[str, tuple[str, ...]], float] = {(catalogue.NOTIFICATIONS.name, (source, reason)): 1}
    if notification.truncated > 0:
        amounts[catalogue.TRUNCATED.name, (source,)] = notification.truncated
    if notification.refused:
        amounts[catalogue.REPORTS.name, ("alert", "quarantined")] = len(notification.refused)
    return amounts


def tally_deliveries(outcomes: Iterable[Outcome]) -> Amounts:
    """What the outcomes of a courier's attempts add."""
    amounts = Counter[tuple[str, tuple[str, ...]]]()
    for outcome in outcomes:
        answer = _answer(outcome.delivery)
        amounts[catalogue.LETTER_ATTEMPTS.name, (answer,)] += 1
        if answer == "sent":
            amounts[catalogue.LETTERS_SETTLED.name, ("sent",)] += 1
        elif outcome.next_attempt_at is None:
            amounts[catalogue.LETTERS_SETTLED.name, ("refused",)] += 1
    return dict(amounts)


def tally_merged(unsent: int, digests: int) -> Amounts:
    """What is added where old letters became digests."""
    amounts: dict[tuple[str, tuple[str, ...]], float] = {}
    if unsent:
        amounts[catalogue.LETTERS_SETTLED.name, ("merged",)] = unsent
    if digests:
        amounts[catalogue.LETTERS_WRITTEN.name, ("digest",)] = digests
    return amounts


def tally_withdrawn(letters: int) -> Amounts:
    """What is added where letters are not sent, as their recipients have left their tickets."""
    return {(catalogue.LETTERS_SETTLED.name, ("withdrawn",)): letters} if letters else {}


def _known(value: str, values: Iterable[str]) -> str:
    return value if value in values else OTHER


def _answer(delivery: Delivery) -> str:
    match delivery:
        case Sent():
            return "sent"
        case TryAgain():
            return "try_again"
        case Refused():
            return "refused"
        case Unknown():
            return "unknown"
        case _:
            assert_never(delivery)


def _tally_report(report: Report, decision: Decision) -> Iterator[Amount]:
    verdict = _counted_verdict(decision)
    yield catalogue.REPORTS.name, (report.channel, verdict), 1
    match report:
        case Mail():
            yield catalogue.MAILS.name, (report.source, verdict), 1
            if decision.told is not None:
                yield catalogue.ALERT_MAILS.name, (decision.told.monitor, decision.told.outcome), 1
            if _joined_by_likeness(decision):
                yield catalogue.JOINED.name, ("likeness",), 1
            for each in (
                each for event in decision.events if isinstance(event, Attached) for each in event.attachments
            ):
                yield catalogue.ATTACHMENTS.name, (each.refused or "taken",), 1
            if not decision.seen_before:
                yield catalogue.SENDERS.name, ("verified" if report.verified else "unverified",), 1
            if report.original and not decision.seen_before:
                yield catalogue.ORIGINALS.name, ("kept",), 1
                yield catalogue.ORIGINAL_BYTES.name, ("kept",), len(report.original)
        case Alert():
            yield catalogue.ALERTS.name, (report.source, report.status, verdict), 1
            if report.correction is not None and verdict != "ignored" and not decision.seen_before:
                yield catalogue.RECONCILED.name, (report.source, report.correction), 1
    if any(isinstance(event, EpisodeFired) and event.again for event in decision.events):
        yield catalogue.REFIRED.name, (report.source, _refired(decision)), 1
    if _joined_storm(decision):
        yield catalogue.STORM_ALERTS.name, (report.source,), 1


def _refired(decision: Decision) -> str:
    if decision.verdict == "appended":
        return "muted" if decision.ticket is not None and decision.ticket.alerts.muted else "goes_on"
    return decision.verdict if decision.verdict in ("repeated", "reopened") else "goes_on"


def _joined_by_likeness(decision: Decision) -> bool:
    """Whether a report made its sender take part in an alert's ticket; who takes part already does not join again."""
    if decision.verdict != "repeated" or decision.before is None or decision.before.channel != "alert":
        return False
    joined = (event.participant for event in decision.events if isinstance(event, Joined))
    return any(one.by_similarity and decision.before.participant(one.address) is None for one in joined)


def _joined_storm(decision: Decision) -> bool:
    """Whether an alert joined the ticket of a storm; the one with which it opens has joined too."""
    storm = decision.ticket.storm if decision.ticket is not None else None
    was = decision.before.storm if decision.before is not None else None
    return storm is not None and storm.folded > (was.folded if was is not None else 0)


def _counted_verdict(decision: Decision) -> str:
    """A mail that is fetched twice repeats its first verdict, and opens or repeats nothing a second time."""
    if decision.seen_before and decision.verdict != "appended":
        return "ignored"
    return _known(decision.verdict or OTHER, VERDICTS)


def _tally_ticket(decision: Decision, ticket: Ticket, channel: str) -> Iterator[Amount]:
    """Follow the priority through the events: a clock breaks the promise of the level it had at that moment."""
    team = ticket.team
    priority = decision.before.priority if decision.before is not None else ticket.priority
    for event in decision.events:
        match event:
            case Opened():
                priority = event.priority
                yield catalogue.OPENED.name, (team, priority, channel), 1
            case Judged():
                priority = event.priority
            case Escalated():
                priority = event.now
                yield catalogue.ESCALATIONS.name, (team, event.trigger), 1
            case Reopened():
                yield catalogue.REOPENED.name, (team, channel), 1
            case Closed():
                yield catalogue.CLOSED.name, (team, priority, event.how), 1
            case ClockOverdue():
                yield catalogue.CLOCKS_FINISHED.name, (team, priority, event.name, "breached"), 1
            case ClockStopped() if event.outcome != "cancelled" and not _was_overdue(ticket, event):
                yield catalogue.CLOCKS_FINISHED.name, (team, priority, event.name, event.outcome), 1
            case _:
                yield from _tally_work(event, team)


def _tally_work(event: Event, team: str) -> Iterator[Amount]:
    match event:
        case Suggested():
            yield catalogue.JOINED.name, ("suggested",), 1
        case Absorbed():
            yield catalogue.JOINED.name, ("staff",), 1
        case Parted() | AlertsParted():
            yield catalogue.JOINED.name, ("split",), 1
        case HandedOver():
            yield catalogue.HANDED_OVER.name, (team, event.line), 1
        case Reached(milestone="refused"):
            yield catalogue.SOLUTIONS_REFUSED.name, (team,), 1
        case Reached(milestone="complained"):
            yield catalogue.COMPLAINTS.name, (team,), 1
        case ApprovalAsked():
            yield catalogue.APPROVED.name, (team, "asked"), 1
        case ApprovalGiven():
            yield catalogue.APPROVED.name, (team, "granted" if event.granted else "refused"), 1
        case Rated():
            for aspect, step in event.ratings:
                yield catalogue.RATINGS.name, (team, aspect or WHOLE, step), 1
        case _:
            pass


def _was_overdue(ticket: Ticket, event: ClockStopped) -> bool:
    clock = _stopped_clock(ticket, event)
    return clock is not None and clock.overdue_at is not None


def _stopped_clock(ticket: Ticket, event: ClockStopped) -> Clock | None:
    return next((clock for clock in ticket.clocks if (clock.name, clock.cycle) == (event.name, event.cycle)), None)


def _tally_durations(decision: Decision, ticket: Ticket, rulebook: Rulebook) -> Iterator[Amount]:
    answered = decision.before is not None and decision.before.responded_at is not None
    for event in decision.events:
        match event:
            case Reached(milestone="responded") if not answered:
                answered = True
                yield from _observe(catalogue.RESPONSE_WALL, (ticket.team,), event.at - ticket.opened_at, EDGES)
            case Resolved():
                yield from _observe(catalogue.RESOLUTION_WALL, (ticket.team,), event.at - ticket.opened_at, EDGES)
            case ClockStopped() if event.outcome != "cancelled":
                yield from _tally_promise(ticket, event, rulebook)
            case _:
                pass


def _tally_promise(ticket: Ticket, event: ClockStopped, rulebook: Rulebook) -> Iterator[Amount]:
    """The time one clock counted, where it is the first of the rulebook to promise that moment."""
    for durations in (catalogue.RESPONSE, catalogue.RESOLUTION):
        first = first_promise(rulebook, durations.stops) if durations.stops is not None else None
        clock = _stopped_clock(ticket, event)
        if first is None or event.name != first.name or clock is None:
            continue
        time = _counted_time(clock, event, rulebook)
        if time is not None:
            edges = duration_edges(durations, rulebook)
            yield from _observe(durations, (ticket.priority,), time, edges)


def _counted_time(clock: Clock, event: ClockStopped, rulebook: Rulebook) -> timedelta | None:
    """None for a clock of an earlier rulebook whose calendar is gone."""
    name = clock.calendar if Duration.parse(clock.limit).is_working_time else None
    if name is not None and name not in rulebook.calendars:
        return None
    return worked(clock.started_at, event.at, rulebook.calendar(name), clock.pauses).time


def _observe(
    durations: Durations, labels: tuple[str, ...], time: timedelta, edges: tuple[float, ...]
) -> Iterator[Amount]:
    seconds = max(time.total_seconds(), 0.0)
    yield durations.bucket, (*labels, bucket_of(seconds, edges)), 1
    yield durations.sum, labels, seconds
