"""Who works at the desk, and when."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from immutables import Map

from rules.people import Person, Shift, Staff
from tests.samples import CHEN, LI, STAFF, WANG

DAY_SHIFT = Shift(team="network", people=frozenset({LI}), days=frozenset({"mon", "tue"}), begins=time(9), ends=time(18))
NIGHT_SHIFT = Shift(team="network", people=frozenset({WANG}), days=frozenset({"mon"}), begins=time(18), ends=time(9))
ROSTER = Staff(people=STAFF.people, roster=(DAY_SHIFT, NIGHT_SHIFT), timezone=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("at", "people"),
    [
        pytest.param("2026-11-23 09:00", [LI], id="Monday at nine the day shift begins"),
        pytest.param("2026-11-23 17:59", [LI], id="a minute before its end it still runs"),
        pytest.param("2026-11-23 18:00", [WANG], id="at its end the night shift takes over"),
        pytest.param("2026-11-24 03:00", [WANG], id="Monday's night runs into Tuesday"),
        pytest.param("2026-11-24 20:00", [], id="on Tuesday night nobody is there"),
        pytest.param("2026-11-28 12:00", [], id="nor on Saturday"),
    ],
)
def test_only_who_is_on_duty_is_there(at: str, people: list[str]) -> None:
    local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [person.address for person in ROSTER.members("network", at=local.astimezone(UTC))] == people


def test_a_team_without_a_roster_is_always_on_duty() -> None:
    assert STAFF.members("network", at=datetime(2026, 1, 1, tzinfo=UTC)) == STAFF.members("network")


def test_a_team_without_a_lead_is_led_by_every_lead() -> None:
    other = Person(address="lead@desk.example", role="lead", teams=("software",))
    staff = Staff(people=Map({other.address: other}))
    assert staff.leads("network") == (other,)


@pytest.mark.parametrize(
    ("address", "known"),
    [
        pytest.param(CHEN, True, id="staff"),
        pytest.param("anybody@corp.example", True, id="a known domain"),
        pytest.param("anybody@sub.corp.example", False, id="a domain below it is another one"),
        pytest.param("corp.example@evil.example", False, id="the domain in the wrong place"),
    ],
)
def test_known_people_are_known_by_address_or_domain(address: str, known: bool) -> None:
    assert STAFF.knows(address) is known
