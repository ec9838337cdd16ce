"""What the story of one ticket shows of where it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from daemon.cli.ticket_story import story_data, tell_story
from daemon.store.database import reading
from daemon.store.tickets.read import Excerpt, TicketFile, read_ticket_file
from rules.decide import decide
from rules.events import (
    ApprovalAsked,
    Asked,
    Expected,
    HandedOver,
    Owes,
    Rated,
    Represented,
    Written,
)
from rules.fold import fold
from rules.silences.kept import KeptSilence
from tests.daemon.desks import StandingDesk
from tests.rules.alerts.course import Course
from tests.rules.commands.test_joining import related
from tests.samples import ALICE, BOB, FACTS, HOUR, LI, MINUTE, NOW, RULEBOOK, a_mail, an_alert

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from rules.events import Event

ZONE = ZoneInfo("Asia/Shanghai")


def the_file(*events: Event) -> TicketFile:
    """Alice's ticket after these events, without its reports and letters."""
    decision = decide(a_mail(ALICE), FACTS, RULEBOOK, NOW)
    ticket = decision.ticket
    assert ticket is not None
    for event in events:
        ticket = fold(ticket, event)
    told = list(enumerate((*decision.events, *events), start=1))
    return TicketFile(ticket=ticket, events=told, reports=[], letters=[])


FILE = the_file(
    HandedOver(at=NOW, was="", line="second", team="network", by=LI, reason="too hard"),
    Represented(at=NOW, requester=BOB, relation="external", zone="suburbs", by=LI),
    Asked(at=NOW, missing=("device", "工号")),
    ApprovalAsked(at=NOW, of="manager", reason="it is dear"),
    Expected(at=NOW, until=NOW + HOUR, by=LI, text="after the meeting"),
    Owes(at=NOW, name="article", by=LI, reason="resolved"),
    Owes(at=NOW, name="onsite_report", by=None, reason="left"),
    Written(at=NOW + MINUTE, name="article", by=LI, text="How to restart the gateway"),
    Rated(at=NOW, by=BOB, ratings=(("", "good"), ("speed", "great"))),
)


def test_what_is_missing_owed_expected_and_thought_of_it_is_shown() -> None:
    story = "\n".join(tell_story(FILE, ZONE))
    for words in (
        f"{LI} of network, line second",
        f"{BOB} (external, suburbs)",
        "device, 工号",
        "asked of the manager",
        "2026-11-23 11:00:00",
        f"article by {LI}, written 2026-11-23 10:01:00; onsite_report by nobody yet, since 2026-11-23 10:00:00",
        "good, speed great",
        "| How to restart the gateway",
    ):
        assert words in story


def test_what_there_is_not_has_no_line() -> None:
    story = "\n".join(tell_story(the_file(), ZONE))
    assert not any(word in story for word in ("asked for", "approval", "expected", "owed", "satisfaction", "line "))


def test_machines_get_the_same_with_moments_that_have_an_offset() -> None:
    data = json.loads(json.dumps(story_data(FILE, ZONE)))
    assert data["line"] == "second"
    assert data["missing"] == ["device", "工号"]
    assert data["milestones"]["opened"] == "2026-11-23T10:00:00+08:00"
    assert data["owed"][0]["written_at"] == "2026-11-23T10:01:00+08:00"


def test_what_was_merged_and_parted_is_named_by_its_number() -> None:
    file = replace(
        the_file(), merged_into="202611-001", absorbed=("202611-005",), parted=(("bob@corp.example", "202611-007"),)
    )
    story = "\n".join(tell_story(file, ZONE))
    assert "a part of 202611-001; holds 202611-005; 202611-007 of bob@corp.example left it" in story
    data = story_data(file, ZONE)
    assert (data["merged_into"], data["absorbed"]) == ("202611-001", ["202611-005"])


def test_an_alert_that_joined_as_one_needs_the_other_is_named() -> None:
    shop = related()
    story = "\n".join(tell_story(TicketFile(ticket=shop.ticket(1), events=[], reports=[], letters=[]), ZONE))
    assert "HostDown joined, as one needs the other" in story


def test_tickets_that_a_forward_links_name_each_other() -> None:
    file = replace(the_file(), forwarded_from="202611-001", forwarded_as=("202611-005", "202611-006"))
    story = "\n".join(tell_story(file, ZONE))
    assert "forwarded out of 202611-001; forwarded as 202611-005; forwarded as 202611-006" in story
    data = story_data(file, ZONE)
    assert (data["forwarded_from"], data["forwarded_as"]) == ("202611-001", ["202611-005", "202611-006"])


def test_the_silence_of_its_alerts_is_shown() -> None:
    silence = KeptSilence(ticket=1, source="prod", labels=(), by=LI, until=NOW + 2 * HOUR)
    wanted = replace(FILE, silence=replace(silence, failing_since=NOW))
    active = replace(FILE, silence=replace(silence, state="active", ends_at=NOW + HOUR))
    for file, words in (
        (wanted, f"wanted at prod, no longer than 2026-11-23 12:00:00, by {LI}, failing since 2026-11-23 10:00:00"),
        (active, f"active at prod to 2026-11-23 11:00:00, no longer than 2026-11-23 12:00:00, by {LI}"),
    ):
        assert words in "\n".join(tell_story(file, ZONE))
    assert story_data(active, ZONE)["silenced"]["state"] == "active"


def test_what_fires_and_how_its_alerts_stand_is_shown() -> None:
    course = Course()
    for host in ("db1", "db2"):
        course.fires(host)
    file = TicketFile(ticket=course.ticket, events=[], reports=[], letters=[])
    story = "\n".join(tell_story(file, ZONE))
    assert "Firing: 2 alerts" in story
    assert "DiskFull  db2  since 2026-11-23 10:00:00" in story
    course.resolves("db1")
    assert "Firing: 1 alert\n" in "\n".join(tell_story(replace(file, ticket=course.ticket), ZONE))
    course.resolves("db2")
    held = "\n".join(tell_story(replace(file, ticket=course.ticket), ZONE))
    assert "all have ended, held open until 2026-11-23 10:05:00" in held
    assert "Firing" not in held
    assert story_data(replace(file, ticket=course.ticket), ZONE)["alerts"]["marks"] == ["held"]


@pytest.mark.parametrize("excerpt", [None, Excerpt(first=20, last=100), Excerpt(first=5, last=7)])
def test_what_came_in_one_batch_is_told_in_its_order_however_much_is_shown(
    sqlite_writer: Engine, excerpt: Excerpt | None
) -> None:
    desk = StandingDesk(sqlite_writer)
    for begin in range(0, 60, 4):
        hosts = [f"db{number}" for number in range(begin, begin + 4)]
        ends = [an_alert("resolved", host=host) for host in hosts[1:3]]
        desk.receive(*(an_alert(host=host) for host in hosts), *ends)
        desk.clock.move(MINUTE)
    whole, shown = _story(sqlite_writer), _story(sqlite_writer, excerpt)
    assert "opened: DiskFull" in whole[0]
    gap = next((place for place, line in enumerate(shown) if "--whole" in line), len(shown))
    assert shown[:gap] == whole[:gap]
    assert shown[gap + 1 :] == whole[len(whole) - len(shown[gap + 1 :]) :]


def _story(engine: Engine, excerpt: Excerpt | None = None) -> list[str]:
    """The lines of the story itself, without the words of reports."""
    with reading(engine) as connection:
        file = read_ticket_file(connection, "202611-001", excerpt)
    assert file is not None
    lines = list(tell_story(file, ZONE, excerpt))
    begin = lines.index("Story, on the clocks of Asia/Shanghai") + 1
    return [line for line in lines[begin:] if not line.startswith("      |")]
