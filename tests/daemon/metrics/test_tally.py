"""What one decision adds to the totals."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from immutables import Map

from daemon.metrics import catalogue
from daemon.metrics.tally import tally, tally_deliveries, tally_notification
from outbound.channel import Refused, Sent, TryAgain, Unknown
from outbound.courier import Outcome
from rules.attachment import TicketAttachment
from rules.decision import Decision, Verdict
from rules.events import (
    ApprovalAsked,
    ApprovalGiven,
    Attached,
    ClockOverdue,
    ClockStarted,
    ClockStopped,
    Closed,
    Escalated,
    Event,
    HandedOver,
    Opened,
    Rated,
    Reached,
    Reopened,
    Resolved,
)
from rules.fold import fold, fold_all
from rules.letter import Letter
from rules.report import Alert, Mail, Notification, Report
from rules.ticket import Clock, Ticket
from rules.ticket import Outcome as ClockOutcome
from tests.daemon.metrics.filling import NOW, RULEBOOK

MAIL = Mail(source="support", key="7.1", received_at=NOW)
ALERT = Alert(source="prod", key="abc", received_at=NOW, status="firing", fingerprint="f1", starts_at=NOW, labels=Map())
HOUR = timedelta(hours=1)
BOB, LI = "bob@corp.example", "li.na@corp.example"

Added = dict[str, int]


def opened(priority: str = "P3", at: datetime = NOW) -> Opened:
    return Opened(
        at=at,
        ticket=1,
        number="202611-001",
        channel="mail",
        source="support",
        ticket_kind="incident",
        category="hardware",
        impact="small",
        urgency="medium",
        priority=priority,
        team="hardware",
        subject="The printer is broken",
        summary="It prints blank pages.",
        language="en",
    )


def started(
    name: str = "response", limit: str = "4wh", calendar: str | None = "office", at: datetime = NOW
) -> ClockStarted:
    clock = Clock(name=name, started_at=at, limit=limit, calendar=calendar, due_at=at + 4 * HOUR)
    return ClockStarted(at=at, clock=clock)


def stopped(name: str = "response", outcome: ClockOutcome = "met", at: datetime = NOW + HOUR) -> ClockStopped:
    return ClockStopped(at=at, name=name, cycle=1, outcome=outcome)


def overdue(name: str = "response", at: datetime = NOW + HOUR) -> ClockOverdue:
    return ClockOverdue(at=at, name=name, cycle=1, due_at=at)


def decide(
    *events: Event,
    before: tuple[Event, ...] = (),
    verdict: Verdict | None = "appended",
    letters: tuple[Letter, ...] = (),
) -> Decision:
    """The decision whose events follow those of `before`."""
    earlier = fold_all(before)
    ticket: Ticket | None = earlier
    for event in events:
        ticket = fold(ticket, event)
    return Decision(
        verdict=verdict, reasons=("said so",), before=earlier, ticket=ticket, events=events, letters=letters
    )


def amounts(report: Report | None, decision: Decision) -> Added:
    """All amounts of a decision, each named without its prefix, by label values joined with a blank."""
    added = Counter[str]()
    for name, labels, amount in tally(report, decision, RULEBOOK):
        added[f"{name.removeprefix('deskd_')} {' '.join(labels)}"] += round(amount)
    return dict(added)


def only(name: str, added: Added) -> Added:
    return {key: amount for key, amount in added.items() if key.startswith(name)}


def test_a_mail_that_opens_a_ticket_counts_as_report_mail_ticket_and_letter() -> None:
    letter = Letter(to="li.na@corp.example", template="receipt", language="en")
    decision = decide(opened(), verdict="opened", letters=(letter,))
    assert amounts(MAIL, decision) == {
        "reports_total mail opened": 1,
        "mails_total support opened": 1,
        "mail_senders_total unverified": 1,
        "tickets_opened_total hardware P3 mail": 1,
        "letters_written_total receipt": 1,
    }


def test_an_alert_counts_with_its_status() -> None:
    ignored = Decision(verdict="ignored", reasons=("resolved, and nothing of it fired here",))
    assert amounts(replace(ALERT, status="resolved"), ignored) == {
        "reports_total alert ignored": 1,
        "alerts_total prod resolved ignored": 1,
    }


@pytest.mark.parametrize(
    ("verdict", "counted"),
    [
        pytest.param("appended", "appended", id="a resend of a firing alert is appended"),
        pytest.param("ignored", "ignored", id="a resend of a resolved alert is ignored"),
        pytest.param("opened", "ignored", id="a mail fetched twice opens nothing the second time"),
    ],
)
def test_what_was_seen_before_counts_too(verdict: Verdict, counted: str) -> None:
    decision = Decision(verdict=verdict, reasons=("seen",), seen_before=True)
    assert only("reports", amounts(MAIL, decision)) == {f"reports_total mail {counted}": 1}


@pytest.mark.parametrize(
    ("before", "events", "finished"),
    [
        pytest.param((started(),), (stopped(),), {"met": 1}, id="kept when it stops in time"),
        pytest.param((started(),), (stopped(outcome="breached"),), {"breached": 1}, id="late, before the tick"),
        pytest.param((started(),), (overdue(),), {"breached": 1}, id="broken at the moment it is overdue"),
        pytest.param((started(), overdue()), (stopped(outcome="breached"),), {}, id="not again when it stops later"),
        pytest.param((started(),), (overdue(), stopped(outcome="breached")), {"breached": 1}, id="both at once"),
        pytest.param((started(),), (stopped(outcome="cancelled"),), {}, id="cancelled is neither kept nor broken"),
    ],
)
def test_a_clock_finishes_once(before: tuple[Event, ...], events: tuple[Event, ...], finished: dict[str, int]) -> None:
    added = amounts(None, decide(*events, before=(opened(), *before), verdict=None))
    expected = {f"clocks_finished_total hardware P3 response {outcome}": n for outcome, n in finished.items()}
    assert only("clocks_finished", added) == expected


def test_a_broken_promise_is_that_of_the_level_before_it_was_raised() -> None:
    raised = Escalated(at=NOW, rung="response/lead/1", trigger="overdue", was="P3", now="P2", reason="overdue")
    added = amounts(None, decide(overdue(), raised, before=(opened(), started()), verdict=None))
    assert only("clocks_finished", added) == {"clocks_finished_total hardware P3 response breached": 1}
    assert only("escalations", added) == {"escalations_total hardware overdue": 1}


def test_an_answer_is_timed_on_the_wall_and_as_promised() -> None:
    """18:00 to 11:00 the next day in Shanghai: 17 hours on the wall, two of working time."""
    answered = NOW + 17 * HOUR
    events = (Reached(at=answered, milestone="responded", by="wang.fang@corp.example"), stopped(at=answered))
    added = amounts(MAIL, decide(*events, before=(opened(), started())))
    assert only("ticket_response", added) == {
        "ticket_response_wall_duration_seconds_bucket hardware 86400.0": 1,
        "ticket_response_wall_duration_seconds_sum hardware": 17 * 3600,
        "ticket_response_duration_seconds_bucket P3 7200.0": 1,
        "ticket_response_duration_seconds_sum P3": 2 * 3600,
    }


def test_only_the_first_answer_is_timed() -> None:
    first, second = (Reached(at=NOW + n * HOUR, milestone="responded", by="wang.fang@corp.example") for n in (1, 2))
    added = amounts(MAIL, decide(second, before=(opened(), first)))
    assert only("ticket_response", added) == {}


def test_what_was_promised_is_an_edge_of_a_bucket() -> None:
    events = (stopped(name="resolution", at=NOW + 4 * HOUR),)
    added = amounts(None, decide(*events, before=(opened("P1"), started("resolution", "4h", None)), verdict=None))
    assert "ticket_resolution_duration_seconds_bucket P1 14400.0" in added


def test_a_clock_whose_calendar_is_gone_is_not_timed() -> None:
    before = (opened(), started(calendar="night shift"))
    added = amounts(MAIL, decide(stopped(), before=before))
    assert only("ticket_response_duration", added) == {}


def test_an_alert_that_heals_its_ticket_resolves_and_closes_it() -> None:
    events = (Resolved(at=NOW + HOUR, by="prod", how="alert"), Closed(at=NOW + HOUR, how="alert", reason="over"))
    added = amounts(ALERT, decide(*events, before=(opened(),), verdict="resolved"))
    assert added["tickets_closed_total hardware P3 alert"] == 1
    assert added["ticket_resolution_wall_duration_seconds_sum hardware"] == 3600


def test_a_reopening_counts_by_the_channel_that_brought_the_word() -> None:
    resolved = Resolved(at=NOW, by="wang.fang@corp.example", how="assignee")
    again = Reopened(at=NOW + HOUR, by=None, reason="fires again")
    added = amounts(ALERT, decide(again, before=(opened(), resolved), verdict="reopened"))
    assert added["tickets_reopened_total hardware alert"] == 1


def test_a_letter_that_came_back_is_settled_as_bounced() -> None:
    decision = Decision(verdict="bounce", reasons=("550",), bounced="<1@desk.example>")
    assert amounts(MAIL, decision)["letters_settled_total bounced"] == 1


def test_a_notification_counts_its_reason_and_what_is_not_in_it() -> None:
    notification = Notification(
        source="prod", alerts=(), refused=(("{}", "no labels"),), reason="<script>", truncated=7
    )
    assert tally_notification(notification) == {
        ("deskd_alert_notifications_total", ("prod", "other")): 1,
        ("deskd_alerts_truncated_total", ("prod",)): 7,
        ("deskd_reports_total", ("alert", "quarantined")): 1,
    }


def test_a_letter_is_settled_when_it_is_sent_or_given_up() -> None:
    outcomes = [
        Outcome(letter_id=1, delivery=Sent("250 ok"), attempted_at=NOW),
        Outcome(letter_id=2, delivery=TryAgain("450"), attempted_at=NOW, next_attempt_at=NOW + HOUR),
        Outcome(letter_id=3, delivery=Refused("550"), attempted_at=NOW),
        Outcome(letter_id=4, delivery=Unknown("no answer"), attempted_at=NOW),
    ]
    assert tally_deliveries(outcomes) == {
        ("deskd_letter_attempts_total", ("sent",)): 1,
        ("deskd_letter_attempts_total", ("try_again",)): 1,
        ("deskd_letter_attempts_total", ("refused",)): 1,
        ("deskd_letter_attempts_total", ("unknown",)): 1,
        ("deskd_letters_settled_total", ("sent",)): 1,
        ("deskd_letters_settled_total", ("refused",)): 2,
    }


def test_every_amount_has_the_labels_that_its_metric_declares() -> None:
    names = {total.name: len(total.labels) for total in catalogue.TOTALS}
    for each in catalogue.DURATIONS:
        names |= {each.bucket: len(each.labels) + 1, each.sum: len(each.labels)}
    answered = (
        Reached(at=NOW, milestone="responded", by="wang.fang@corp.example"),
        Resolved(at=NOW, by="x", how="assignee"),
    )
    decision = decide(*answered, stopped(), before=(opened(), started()))
    for name, labels, _ in tally(MAIL, decision, RULEBOOK):
        assert len(labels) == names[name]


def test_work_that_goes_round_is_counted_with_its_team() -> None:
    events = (
        HandedOver(at=NOW, was="first", line="second", team="software", reason="too hard"),
        Reached(at=NOW, milestone="refused", by=BOB),
        Reached(at=NOW, milestone="complained", by=BOB),
        ApprovalAsked(at=NOW, of="manager", reason="it is dear"),
        ApprovalGiven(at=NOW, by=LI, granted=False),
        ApprovalAsked(at=NOW, of="head", reason="once more"),
        ApprovalGiven(at=NOW, by=LI, granted=True),
    )
    added = amounts(None, decide(*events, before=(opened(),), verdict=None))
    assert added == {
        "tickets_handed_over_total software second": 1,
        "solutions_refused_total software": 1,
        "complaints_total software": 1,
        "approvals_total software asked": 2,
        "approvals_total software refused": 1,
        "approvals_total software granted": 1,
    }


def test_a_rating_counts_once_for_each_aspect() -> None:
    rated = Rated(at=NOW, by=BOB, ratings=(("", "good"), ("speed", "great")))
    assert amounts(MAIL, decide(rated, before=(opened(),))) == {
        "reports_total mail appended": 1,
        "mails_total support appended": 1,
        "mail_senders_total unverified": 1,
        "ratings_total hardware whole good": 1,
        "ratings_total hardware speed great": 1,
    }


def test_what_is_owed_counts_as_the_clock_it_is() -> None:
    added = amounts(None, decide(stopped("article"), before=(opened(), started("article", "5d", None)), verdict=None))
    assert only("clocks_finished", added) == {"clocks_finished_total hardware P3 article met": 1}


def test_attachments_and_originals_are_counted() -> None:
    taken = TicketAttachment(source="support", key="7.1", number=1, name="a.jpg", type="image/jpeg", size=5)
    attached = Attached(at=NOW, attachments=(taken, replace(taken, refused="size"), replace(taken, number=3)))
    events = (opened(), attached)
    decision = Decision(verdict="opened", reasons=(), ticket=fold_all(events), events=events)
    added = Counter[tuple[str, tuple[str, ...]]]()
    for name, labels, amount in tally(replace(MAIL, original=b"12345"), decision, RULEBOOK):
        added[name, labels] += int(amount)
    assert added[catalogue.ATTACHMENTS.name, ("taken",)] == 2
    assert added[catalogue.ATTACHMENTS.name, ("size",)] == 1
    assert added[catalogue.ORIGINALS.name, ("kept",)] == 1
    assert added[catalogue.ORIGINAL_BYTES.name, ("kept",)] == 5


@pytest.mark.parametrize(("verified", "sender"), [(True, "verified"), (False, "unverified")])
def test_a_mail_counts_by_whether_its_sender_is_proven(verified: bool, sender: str) -> None:
    told = amounts(replace(MAIL, verified=verified), decide(verdict="ignored"))
    assert told[f"mail_senders_total {sender}"] == 1
