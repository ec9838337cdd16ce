"""A, a company's internal IT service desk: each row of its standard as the shipped rulebook has it."""

from __future__ import annotations

import pytest

from rules.people import Person
from rules.rulebook_files.examples import check_examples
from rules.sections.section import Condition
from tests.rules.rulebooks.shipped import NOW, begun, judged, promise, rung, shipped, written
from tests.samples import ALICE, CHEN, DING, LI, WANG

A = shipped("enterprise-itsm")
PEOPLE = (
    Person(address=LI, teams=("hardware",)),
    Person(address=CHEN, role="lead", teams=("hardware", "service-desk")),
    Person(address=WANG, role="supervisor"),
    Person(address=DING, role="manager"),
)
SUBURBS = {"subject": "Docking station", "text": "My docking station in the business park office does not charge."}


def test_its_examples_come_out_as_wanted() -> None:
    assert check_examples(A, NOW) == ()


def test_numbers_are_year_month_and_a_serial_of_the_month() -> None:
    assert (A.numbers.format, A.numbers.digits, A.numbers.restart) == ("{year}{month}-{serial}", 3, "month")


def test_the_categories_are_those_of_the_standard() -> None:
    assert set(A.categories) == {"hardware", "software", "account", "network", "consulting", "other"}


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [
        ("response", ("opened", "responded", {"P1": "30m", "P2": "1h", "P3": "4h", "P4": "8h"})),
        ("resolution", ("opened", "resolved", {"P1": "2h", "P2": "4h", "P3": "24h", "P4": "3wd"})),
        ("progress", ("opened", "resolved", {"P1": "2h", "P2": "2h", "P3": "2h", "P4": "2h"})),
        ("arrival", ("handed_over", "arrived resolved", "1h")),
    ],
    ids=str,
)
def test_clocks_have_the_limits_of_the_standard(clock: str, wanted: tuple[str, str, dict[str, str] | str]) -> None:
    assert promise(A, clock) == wanted


def test_an_arrival_may_take_twice_as_long_in_the_suburbs() -> None:
    arrival = A.promises["arrival"]
    assert arrival.when == Condition(lines=("onsite",))
    assert [(each.when.zones, written(each.limit)) for each in arrival.variants] == [(("suburbs",), "2h")]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        pytest.param("我在总部三楼", "city", id="the head office"),
        pytest.param("郊區辦公點的網路", "suburbs", id="the suburbs, in traditional characters"),
        pytest.param("The printer of the business park office", "suburbs", id="a business park"),
        pytest.param("三楼的打印机", None, id="nothing told"),
    ],
)
def test_words_tell_the_place(text: str, zone: str | None) -> None:
    assert judged(A, "报修", text).zone == zone


def test_progress_is_told_also_while_a_third_party_works_on_it() -> None:
    assert A.promises["progress"].repeats
    assert not A.promises["progress"].pauses_while_waiting


def test_the_supervisor_reviews_every_ticket() -> None:
    assert (A.review.by, A.review.when) == ("supervisor", Condition())


def test_self_help_and_remote_work_come_before_a_visit_and_a_third_party() -> None:
    assert [(line.name, line.vendor) for line in A.lines] == [("first", False), ("onsite", False), ("vendor", True)]


@pytest.mark.parametrize("name", ["response-overdue", "resolution-overdue", "too-hard"])
def test_what_is_late_or_too_hard_goes_to_the_manager_with_an_approval(name: str) -> None:
    rule = rung(A, name)
    assert "manager" in rule.tell
    assert rule.approval == "manager"


def test_a_visit_owes_a_report_a_third_party_its_notes_and_an_article_may_be_asked_for() -> None:
    owed = {rule.name: (rule.on, rule.by) for rule in A.owed}
    assert owed == {
        "onsite_report": (("left",), "assignee"),
        "article": ((), "assignee"),
        "third_party": (("handed_over",), "supervisor"),
    }


def test_a_visit_to_the_suburbs_is_promised_within_two_hours_of_the_hand_over() -> None:
    story = begun(A, *PEOPLE, **SUBURBS).hears("!line onsite", by=LI)
    assert (story.ticket.zone, story.clock("arrival").limit) == ("suburbs", "2h")
    story.hears("!arrived", by=LI).hears("!left one adapter used", by=LI)
    assert story.clock("arrival").outcome == "met"
    assert [owed.name for owed in story.ticket.owed] == ["onsite_report"]


def test_the_supervisor_coordinates_a_third_party_and_the_requester_is_told() -> None:
    story = begun(A, *PEOPLE, **SUBURBS)
    assert (WANG, "review") in story.told
    story.hears("!line vendor", by=LI)
    assert {(WANG, "owed"), (ALICE, "handed_over")} <= story.told
    assert (story.ticket.status, story.ticket.owed[0].by) == ("waiting", WANG)


def test_what_is_too_hard_asks_the_manager_for_his_approval() -> None:
    story = begun(A, *PEOPLE, **SUBURBS).hears("!escalate a part that nobody stocks", by=LI)
    assert {(DING, "escalated"), (DING, "approval")} <= story.told
    assert story.ticket.approval == "manager"


def test_silence_reminds_then_tells_the_lead_and_never_closes() -> None:
    assert rung(A, "silence").reminds
    assert rung(A, "long-silence").tell == ("lead",)
    assert not any(rule.closes for rule in A.escalations)


def test_four_steps_of_satisfaction_are_asked_for_before_closing() -> None:
    assert A.satisfaction.ask == "before_closing"
    assert [step.names["en"].lower() for step in A.satisfaction.steps] == [
        "very satisfied",
        "satisfied",
        "neutral",
        "dissatisfied",
    ]


@pytest.mark.parametrize("name", ["enterprise-itsm", "group-operations", "desktop-events"])
def test_what_letters_name_has_a_name_in_each_language(name: str) -> None:
    book = shipped(name)
    named = {
        **{f"level {level}": names for level, names in book.priority.names.items()},
        **{f"clock {clock}": rule.names for clock, rule in book.promises.items()},
        **{f"team {team}": each.names for team, each in book.teams.items()},
        **{f"line {line.name}": line.names for line in book.lines},
        **{f"zone {zone}": each.names for zone, each in book.zones.items()},
        **{f"category {category}": each.names for category, each in book.categories.items()},
        **{f"step {step.name}": step.names for step in book.satisfaction.steps},
        "title": book.title,
    }
    assert [what for what, names in named.items() if set(names) != {"zh-CN", "zh-TW", "en"}] == []
