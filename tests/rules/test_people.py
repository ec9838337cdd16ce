"""Who works at the desk, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from rules.people import WEEKDAYS, Away, Person, Rotation, Shift, Staff, Weekday
from tests.samples import CHEN, LI, STAFF, WANG

DAY_SHIFT = Shift(team="network", people=(LI,), days=frozenset({"mon", "tue"}), begins=time(9), ends=time(18))
NIGHT_SHIFT = Shift(team="network", people=(WANG,), days=frozenset({"mon"}), begins=time(18), ends=time(9))
ROSTER = Staff(people=STAFF.people, roster=(DAY_SHIFT, NIGHT_SHIFT), timezone=ZoneInfo("Asia/Shanghai"))


SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)
WORKDAYS = frozenset(WEEKDAYS[:5])

ANNA, BRUNO, CLARA = (f"{name}@desk.example" for name in ("anna", "bruno", "clara"))


def local(at: str) -> datetime:
    """The instant of a local time in Shanghai."""
    return datetime.fromisoformat(at).replace(tzinfo=SHANGHAI).astimezone(UTC)


def desk_with(*shifts: Shift, **away: tuple[str, str]) -> Staff:
    """Anna, Bruno and Clara of the network team with a roster; each may be away from one local time to another."""
    people = []
    for address in (ANNA, BRUNO, CLARA):
        times = away.get(address.partition("@")[0])
        absence = (Away(*map(local, times)),) if times else ()
        people.append(Person(address=address, teams=("network",), away=absence))
    return Staff(people=Map({person.address: person for person in people}), roster=shifts, timezone=SHANGHAI)


def turns(
    length: int,
    *,
    since: date = MONDAY,
    days: frozenset[Weekday] = frozenset(WEEKDAYS),
    begins: time = time(0),
    ends: time = time(0),
) -> Shift:
    """A shift in which Clara, Anna and Bruno take turns, Clara first."""
    people = (CLARA, ANNA, BRUNO)
    return Shift(team="network", people=people, days=days, begins=begins, ends=ends, rotation=Rotation(length, since))


def names_on_duty(staff: Staff, at: str) -> list[str]:
    return [person.address.partition("@")[0] for person in staff.members("network", at=local(at))]


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
    assert [person.address for person in ROSTER.members("network", at=local(at))] == people


def test_a_team_without_a_roster_is_always_on_duty() -> None:
    assert STAFF.members("network", at=datetime(2026, 1, 1, tzinfo=UTC)) == STAFF.members("network")


NIGHTS = turns(1, begins=time(18), ends=time(9))
NINE = turns(7, begins=time(9), ends=time(9))


@pytest.mark.parametrize(
    ("shift", "at", "on_duty"),
    [
        pytest.param(turns(7), "2026-11-23 00:00", "clara", id="the first week is the first one's"),
        pytest.param(turns(7), "2026-11-29 23:59", "clara", id="to its last minute"),
        pytest.param(turns(7), "2026-11-30 00:00", "anna", id="then the next one's"),
        pytest.param(turns(7), "2026-12-14 12:00", "clara", id="after the last comes the first"),
        pytest.param(turns(7), "2026-11-22 12:00", "bruno", id="the week before belongs to the last"),
        pytest.param(turns(7), "2026-11-09 12:00", "anna", id="and so on backwards"),
        pytest.param(turns(14), "2026-12-06 12:00", "clara", id="a turn of two weeks"),
        pytest.param(turns(14), "2026-12-07 12:00", "anna", id="ends after two weeks"),
        pytest.param(NINE, "2026-11-30 08:59", "clara", id="a week ends when its last shift does"),
        pytest.param(NINE, "2026-11-30 09:00", "anna", id="at the hour at which the shift begins"),
        pytest.param(turns(1), "2026-11-24 00:00", "anna", id="daily turns"),
        pytest.param(turns(1), "2026-11-22 23:00", "bruno", id="daily turns backwards"),
        pytest.param(NIGHTS, "2026-11-24 03:00", "clara", id="a night belongs to the day on which it begins"),
        pytest.param(NIGHTS, "2026-11-24 18:00", "anna", id="the next night is the next one's"),
        pytest.param(turns(1, days=WORKDAYS), "2026-11-27 12:00", "anna", id="Friday's turn"),
        pytest.param(turns(1, days=WORKDAYS), "2026-11-30 12:00", "bruno", id="a weekend off uses up no turn"),
        pytest.param(turns(1, days=WORKDAYS), "2026-11-20 12:00", "bruno", id="nor does the one before the first turn"),
        pytest.param(turns(7, days=WORKDAYS), "2026-11-30 12:00", "anna", id="weeks are weeks, whatever their days"),
    ],
)
def test_people_take_turns_one_at_a_time(shift: Shift, at: str, on_duty: str) -> None:
    assert names_on_duty(desk_with(shift), at) == [on_duty]


def test_in_a_rotation_nobody_is_on_duty_outside_the_hours() -> None:
    assert names_on_duty(desk_with(NIGHTS), "2026-11-24 12:00") == []


@given(since=st.dates(date(2020, 1, 1), date(2040, 1, 1)), days=st.integers(1, 30), ahead=st.integers(-400, 400))
def test_everybody_has_a_turn_of_the_same_length(since: date, days: int, ahead: int) -> None:
    shift = turns(days, since=since)
    starts = [since + timedelta(days=ahead + day) for day in range(3 * days)]
    firsts = [shift.in_turn(day)[0] for day in starts]
    assert {name: firsts.count(name) for name in firsts} == {ANNA: days, BRUNO: days, CLARA: days}


@pytest.mark.parametrize(
    ("staff", "at", "on_duty"),
    [
        pytest.param(
            desk_with(anna=("2026-11-23 13:00", "2026-11-24 00:00")),
            "2026-11-23 12:59",
            ["anna", "bruno", "clara"],
            id="before she goes she is there",
        ),
        pytest.param(
            desk_with(anna=("2026-11-23 13:00", "2026-11-24 00:00")),
            "2026-11-23 13:00",
            ["bruno", "clara"],
            id="away without a roster",
        ),
        pytest.param(
            desk_with(anna=("2026-11-23 13:00", "2026-11-24 00:00")),
            "2026-11-24 00:00",
            ["anna", "bruno", "clara"],
            id="back on the minute",
        ),
        pytest.param(
            desk_with(turns(7), clara=("2026-11-23 00:00", "2026-11-25 00:00")),
            "2026-11-24 12:00",
            ["anna"],
            id="the next in the order stands in",
        ),
        pytest.param(
            desk_with(turns(7), clara=("2026-11-23 00:00", "2026-11-25 00:00")),
            "2026-11-25 12:00",
            ["clara"],
            id="until the one whose turn it is is back",
        ),
    ],
)
def test_who_is_away_is_not_on_duty(staff: Staff, at: str, on_duty: list[str]) -> None:
    assert names_on_duty(staff, at) == on_duty


def test_who_is_away_is_a_member_all_the_same() -> None:
    staff = desk_with(anna=("2026-11-23 00:00", "2026-11-24 00:00"))
    assert len(staff.members("network")) == 3


def test_whoever_names_no_line_works_on_all_of_them() -> None:
    assert Person(address=ANNA).works_on("second")
    assert not Person(address=ANNA, lines=frozenset({"first"})).works_on("second")


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
