from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from daemon.cli.event_words import event_line, event_words
from rules.alerts.events import EpisodeFired, EpisodeResolved, HoldBegan
from rules.calendar.working_time import Pause
from rules.events import (
    ApprovalAsked,
    ApprovalGiven,
    Asked,
    ClockChanged,
    ClockOverdue,
    ClockStopped,
    ClockWarned,
    Closed,
    Escalated,
    Event,
    Expected,
    HandedOver,
    Judged,
    LetterFailed,
    Moved,
    Noted,
    Owes,
    Rated,
    Reached,
    Reopened,
    Represented,
    Resolved,
    Written,
)
from rules.joining.events import Absorbed, Merged, Parted, Suggested, Unmerged
from rules.silences.events import Silenced, SilenceEnded, SilenceFailed, SilenceSet
from rules.ticket import Clock, Milestone, Suggestion

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
LI = "li.wei@corp.example"
CLOCK = Clock(name="resolution", started_at=AT, limit="4h", due_at=AT + timedelta(hours=4))
LABELS = ((("job", "node"), ("service", "")),)
SILENCED = Silenced(at=AT, by="li@desk.example", source="prod", labels=LABELS, until=AT, reason="fixing")
HELD = Clock(name="resolution", started_at=AT, limit="4h", due_at=AT + timedelta(hours=4), pauses=(Pause(AT),))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            Judged(
                at=AT,
                ticket_kind="incident",
                category="network",
                impact="large",
                urgency="high",
                priority="P1",
                reason="10 people report it",
            ),
            "judged: incident, network, P1 (large impact, high urgency): 10 people report it",
        ),
        (
            Escalated(at=AT, rung="r/second/1", trigger="repeat", was="P3", now="P2", told=(LI,), reason="again"),
            f"escalated by r/second/1: P3 to P2, told {LI}: again",
        ),
        (
            Escalated(at=AT, rung="r/second/1", trigger="repeat", was="P3", now="P3", told=(LI,), reason="again"),
            f"escalated by r/second/1: still P3, told {LI}: again",
        ),
        (
            Moved(at=AT, status="waiting", waiting_for="the supplier", reason="!wait"),
            "status waiting for the supplier: !wait",
        ),
        (Reached(at=AT, milestone="responded", by=LI), f"first response, by {LI}"),
        (Reached(at=AT, milestone="refused"), "the requester refused the solution"),
        (
            HandedOver(at=AT, was="first", line="second", team="network", by=LI, reason="too hard"),
            f"handed over from first to second, team network, by {LI}: too hard",
        ),
        (
            HandedOver(at=AT, was="", line="second", team="network", reason="overdue"),
            "handed over to second, team network: overdue",
        ),
        (Asked(at=AT, missing=("device", "place")), "the requester was asked for device, place"),
        (Expected(at=AT, until=AT, by=LI), f"{LI} expects it by 2026-11-23 17:30:00"),
        (ApprovalAsked(at=AT, of="manager", reason="it is dear"), "approval of the manager asked for: it is dear"),
        (ApprovalGiven(at=AT, by=LI, granted=True), f"approved by {LI}"),
        (ApprovalGiven(at=AT, by=LI, granted=False), f"not approved by {LI}"),
        (Owes(at=AT, name="article", by=None, reason="resolved"), "article is owed by nobody yet: resolved"),
        (Written(at=AT, name="article", by=LI, text="How to"), f"article written by {LI}"),
        (
            Rated(at=AT, by="wang@corp.example", ratings=(("", "good"), ("speed", "great"))),
            "rated by wang@corp.example: good, speed great",
        ),
        (
            Represented(at=AT, requester="wang@corp.example", relation="external", by=LI),
            f"reported for wang@corp.example (external), by {LI}",
        ),
        (ClockWarned(at=AT, name="progress", cycle=2, due_at=AT), "clock progress (2) will soon be due: warned"),
        (Noted(at=AT, by=LI, text="toner", inside=True), f"note of {LI}, inside the desk"),
        (Noted(at=AT, by=LI, text="toner"), f"{LI} wrote"),
        (Resolved(at=AT, by=LI, how="assignee", solution="new toner"), f"resolved by {LI} (assignee)"),
        (Reopened(at=AT, by=None, reason="it fires again"), "reopened: it fires again"),
        (Closed(at=AT, how="alert", reason="nobody waits"), "closed (alert): nobody waits"),
        (
            EpisodeFired(at=AT, source="prod", fingerprint="f", name="DiskFull", again=True, target="db1", since=AT),
            "episode of DiskFull fired again on db1",
        ),
        (EpisodeResolved(at=AT, source="prod", fingerprint="f", name="DiskFull"), "episode of DiskFull resolved"),
        (
            EpisodeResolved(at=AT, source="prod", fingerprint="f", name="DiskFull", target="db1"),
            "episode of DiskFull resolved on db1",
        ),
        (HoldBegan(at=AT, cleared_at=AT, until=AT, reason="it ended"), "held open until 2026-11-23 17:30:00: it ended"),
        (
            SILENCED,
            'silence of job="node", service="" wanted at prod, by li@desk.example, to 2026-11-23 17:30:00: fixing',
        ),
        (SilenceSet(at=AT, silence="a-1"), "silence a-1 set"),
        (SilenceFailed(at=AT, reason="connection refused"), "silence could not be set so far: connection refused"),
        (SilenceEnded(at=AT, reason="the ticket is closed"), "silence ended: the ticket is closed"),
        (ClockChanged(at=AT, clock=HELD, reason="waiting"), "clock resolution held: waiting"),
        (ClockChanged(at=AT, clock=CLOCK, reason="raised"), "clock resolution now 4h: raised"),
        (ClockOverdue(at=AT, name="progress", cycle=2, due_at=AT), "clock progress (2) is overdue"),
        (ClockStopped(at=AT, name="response", cycle=1, outcome="met"), "clock response met"),
        (
            ClockStopped(at=AT, name="response", cycle=1, outcome="cancelled", reason="merged into 202611-001"),
            "clock response cancelled: merged into 202611-001",
        ),
        (
            Suggested(at=AT, suggestion=Suggestion(ticket=1, number="202611-001", likeness=0.7, reason="names db1")),
            "may be the same as 202611-001 (0.70): names db1",
        ),
        (
            Merged(at=AT, into=1, number="202611-001", by=LI, reason="the same"),
            f"merged into 202611-001, by {LI}: the same",
        ),
        (
            Absorbed(
                at=AT, ticket=2, number="202611-002", reports=1, repeats=1, counted_repeats=1, by=LI, reason="the same"
            ),
            f"202611-002 became a part of this, by {LI}: the same",
        ),
        (
            Unmerged(at=AT, number="202611-001", by=LI, reason="another problem"),
            f"parted from 202611-001 again, by {LI}: another problem",
        ),
        (
            Parted(
                at=AT,
                people=("wang@corp.example",),
                ticket=2,
                number="202611-002",
                reports=1,
                repeats=1,
                counted_repeats=1,
                by=LI,
                reason="another problem",
            ),
            f"wang@corp.example left for 202611-002, by {LI}: another problem",
        ),
        (
            LetterFailed(at=AT, recipient=LI, template="assigned", reason="550 no such user"),
            f"letter assigned to {LI} failed: 550 no such user",
        ),
    ],
    ids=lambda value: value.kind if not isinstance(value, str) else "",
)
def test_an_event_is_told_with_its_reason(event: Event, line: str) -> None:
    assert event_line(event, ZONE) == line


def test_the_words_of_people_are_told_apart_from_what_happened() -> None:
    assert event_words(Noted(at=AT, by=LI, text="toner")) == "toner"
    assert event_words(Resolved(at=AT, by=LI, how="assignee", solution="new toner")) == "new toner"
    assert event_words(Written(at=AT, name="article", by=LI, text="How to")) == "How to"
    assert event_words(Reached(at=AT, milestone="verified", by=LI, text="he is right")) == "he is right"
    assert event_words(Asked(at=AT, missing=("device",))) == ""


def test_every_milestone_has_words() -> None:
    for milestone in get_args(Milestone):
        assert event_line(Reached(at=AT, milestone=milestone), ZONE)
