"""Who takes a ticket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from rules.people import Away, Person, Shift, Staff
from rules.work.assignment import Chooser, Wanted, assign, candidates, choose
from tests.samples import DAY, HOUR, LI, NOW, STAFF, WANG, ZHAO

ANNA, BRUNO, CLARA, DIRK = (f"{name}@desk.example" for name in ("anna", "bruno", "clara", "dirk"))
CITY, SUBURBS = "city", "suburbs"


def staff_of(*people: Person, roster: tuple[Shift, ...] = ()) -> Staff:
    return Staff(people=Map({person.address: person for person in people}), roster=roster)


def engineer(
    address: str,
    *,
    skills: str = "",
    areas: str = "",
    lines: str = "",
    limit: int | None = None,
    away: tuple[Away, ...] = (),
) -> Person:
    """An engineer of the network team; skills, areas and lines are written as words."""
    return Person(
        address=address,
        teams=("network",),
        skills=frozenset(skills.split()),
        areas=frozenset(areas.split()),
        lines=frozenset(lines.split()),
        limit=limit,
        away=away,
    )


DESK = staff_of(
    engineer(ANNA, skills="vpn", areas=CITY, lines="first"),
    engineer(BRUNO, skills="vpn", areas=SUBURBS),
    engineer(CLARA, skills="vpn", areas=SUBURBS, lines="second"),
    engineer(DIRK, areas=CITY, lines="first second"),
)


@pytest.mark.parametrize(
    ("team", "skill", "load", "assignee", "reason"),
    [
        pytest.param("network", None, {}, LI, "on duty in network; 0 open, fewest of 2", id="equals by address"),
        pytest.param("network", None, {LI: 2, WANG: 1}, WANG, "on duty in network; 1 open, fewest of 2", id="load"),
        pytest.param("hardware", "printers", {ZHAO: 9}, ZHAO, "skill printers; 9 open, the only one", id="skill"),
        pytest.param(
            "network",
            "routers",
            {},
            LI,
            "on duty in network; without skill routers; 0 open, fewest of 2",
            id="nobody has the skill",
        ),
        pytest.param("desk", None, {}, None, "desk has no engineers", id="a team of nobody"),
    ],
)
def test_the_choice_and_its_reason(
    team: str, skill: str | None, load: dict[str, int], assignee: str | None, reason: str
) -> None:
    chosen = assign(team, skill, load, STAFF, NOW)
    assert (chosen.assignee, chosen.reason) == (assignee, reason)


@pytest.mark.parametrize(
    ("wanted", "load", "assignee", "reason"),
    [
        pytest.param(
            Wanted(team="network", skill="vpn", area=SUBURBS),
            {BRUNO: 2, CLARA: 3},
            BRUNO,
            "skill vpn; area suburbs; 2 open, fewest of 2",
            id="skill and area",
        ),
        pytest.param(
            Wanted(team="network", area=CITY),
            {ANNA: 1},
            DIRK,
            "area city; 0 open, fewest of 2",
            id="the area alone",
        ),
        pytest.param(
            Wanted(team="network", skill="vpn", area=CITY, line="second"),
            {BRUNO: 4, CLARA: 5},
            BRUNO,
            "line second; skill vpn; without area city; 4 open, fewest of 2",
            id="the skill goes before the area",
        ),
        pytest.param(
            Wanted(team="network", skill="vpn", line="first", not_these=frozenset({ANNA})),
            {},
            BRUNO,
            "line first; skill vpn; 0 open, the only one",
            id="who names no line works on each",
        ),
        pytest.param(
            Wanted(team="network", skill="routers", area="abroad"),
            {ANNA: 1, BRUNO: 1, CLARA: 1},
            DIRK,
            "on duty in network; without skill routers; without area abroad; 0 open, fewest of 4",
            id="what nobody has keeps nobody from it",
        ),
        pytest.param(
            Wanted(team="network", line="third", not_these=frozenset({BRUNO})),
            {},
            None,
            "nobody of network on duty works on line third",
            id="a line of nobody",
        ),
        pytest.param(
            Wanted(team="network", not_these=frozenset({ANNA, BRUNO, CLARA, DIRK})),
            {},
            None,
            "nobody else of network is on duty",
            id="nobody else",
        ),
    ],
)
def test_who_is_wanted(wanted: Wanted, load: dict[str, int], assignee: str | None, reason: str) -> None:
    chosen = choose(wanted, load, DESK, NOW)
    assert (chosen.assignee, chosen.reason) == (assignee, reason)


def test_assign_asks_for_the_same_as_what_is_wanted() -> None:
    wanted = Wanted(team="network", skill="vpn", area=SUBURBS, line="second", not_these=frozenset({BRUNO}))
    chosen = assign("network", "vpn", {}, DESK, NOW, area=SUBURBS, line="second", not_these=frozenset({BRUNO}))
    assert chosen == choose(wanted, {}, DESK, NOW)


def test_who_has_as_many_as_he_may_hold_gets_no_more() -> None:
    chosen = assign("network", None, {LI: 2}, staff_of(engineer(LI, limit=2)), NOW)
    assert (chosen.assignee, "as many" in chosen.reason) == (None, True)


def test_a_skilled_colleague_who_is_full_leaves_it_to_the_others() -> None:
    staff = staff_of(engineer(ANNA, skills="vpn", limit=1), engineer(BRUNO))
    chosen = assign("network", "vpn", {ANNA: 1, BRUNO: 5}, staff, NOW)
    assert (chosen.assignee, chosen.reason) == (
        BRUNO,
        "on duty in network; without skill vpn; 5 open, the only one",
    )


def test_where_everybody_is_away_the_reason_says_so() -> None:
    staff = staff_of(engineer(ANNA, away=(Away(NOW, NOW + DAY),)))
    assert assign("network", None, {}, staff, NOW).reason == "everybody of network is away"
    assert assign("network", None, {}, staff, NOW + DAY).assignee == ANNA


@pytest.mark.parametrize(
    ("last_given", "assignee"),
    [
        pytest.param({ANNA: 7, BRUNO: 5, CLARA: 6}, BRUNO, id="the one who was given a ticket longest ago"),
        pytest.param({ANNA: 7, BRUNO: 5}, CLARA, id="who never was goes first"),
        pytest.param({}, ANNA, id="of equals the first by address"),
    ],
)
def test_round_robin_takes_turns(last_given: dict[str, int], assignee: str) -> None:
    wanted = Wanted(team="network", skill="vpn")
    chosen = choose(wanted, {BRUNO: 99}, DESK, NOW, chooser="round_robin", last_given=last_given)
    assert (chosen.assignee, chosen.reason) == (assignee, "skill vpn; next in turn of 3")


def test_the_best_three_are_proposed_the_best_suited_first() -> None:
    proposed = candidates(Wanted(team="network", skill="vpn", area=SUBURBS), {BRUNO: 3, ANNA: 1}, DESK, NOW)
    assert proposed == (
        (CLARA, "skill vpn; area suburbs; 0 open"),
        (BRUNO, "skill vpn; area suburbs; 3 open"),
        (ANNA, "skill vpn; without area suburbs; 1 open"),
    )


def test_where_nobody_is_eligible_nobody_is_proposed() -> None:
    assert candidates(Wanted(team="network", line="third", not_these=frozenset({BRUNO})), {}, DESK, NOW) == ()


@given(days=st.integers(0, 364), load=st.dictionaries(st.sampled_from([LI, WANG]), st.integers(0, 9)))
def test_nobody_off_duty_is_ever_chosen(days: int, load: dict[str, int]) -> None:
    shift = Shift(team="network", people=(LI,), days=frozenset({"wed"}))
    now = NOW + days * DAY
    chosen = assign("network", None, load, Staff(people=STAFF.people, roster=(shift,)), now)
    assert chosen.assignee == (LI if now.weekday() == 2 else None)


names = st.sampled_from([ANNA, BRUNO, CLARA, DIRK])
words = st.sampled_from(["", "vpn", "routers", "vpn routers"])
absences = st.integers(-3, 3).map(lambda hours: (Away(NOW + hours * HOUR, NOW + (hours + 1) * HOUR),))
engineers = st.builds(
    engineer,
    names,
    skills=words,
    areas=words,
    lines=words,
    limit=st.none() | st.integers(1, 3),
    away=st.just(()) | absences,
)
desks = st.lists(engineers, max_size=4).map(lambda people: staff_of(*people))
tickets = st.builds(
    Wanted,
    team=st.just("network"),
    skill=st.none() | st.sampled_from(["vpn", "routers"]),
    area=st.none() | st.sampled_from(["vpn", "routers"]),
    line=st.none() | st.sampled_from(["vpn", "routers"]),
    not_these=st.frozensets(names, max_size=2),
)
counts = st.dictionaries(names, st.integers(0, 4))


def may_take(person: Person, wanted: Wanted, load: dict[str, int]) -> bool:
    """Whether somebody is eligible, said once more in the simplest way."""
    return not (
        person.address in wanted.not_these
        or person.is_away(NOW)
        or (wanted.line is not None and not person.works_on(wanted.line))
        or (person.limit is not None and load.get(person.address, 0) >= person.limit)
    )


@given(desks, tickets, counts, counts, st.sampled_from(["least_load", "round_robin"]))
def test_the_chosen_one_is_always_eligible_and_best_suited(
    staff: Staff, wanted: Wanted, load: dict[str, int], given_last: dict[str, int], chooser: Chooser
) -> None:
    chosen = choose(wanted, load, staff, NOW, chooser=chooser, last_given=given_last)
    eligible = [person for person in staff.people.values() if may_take(person, wanted, load)]
    person = staff.find(chosen.assignee)
    if person is None:
        assert eligible == []
        return
    assert person in eligible
    skilled = [other for other in eligible if wanted.skill in other.skills]
    assert person in (skilled or eligible)
    near = [other for other in skilled or eligible if wanted.area in other.areas]
    assert person in (near or skilled or eligible)


@given(desks, tickets, counts, counts, st.sampled_from(["least_load", "round_robin"]))
def test_the_first_proposed_is_the_one_who_would_be_chosen(
    staff: Staff, wanted: Wanted, load: dict[str, int], given_last: dict[str, int], chooser: Chooser
) -> None:
    chosen = choose(wanted, load, staff, NOW, chooser=chooser, last_given=given_last)
    proposed = candidates(wanted, load, staff, NOW, chooser=chooser, last_given=given_last)
    assert next((address for address, _ in proposed), None) == chosen.assignee


@given(st.integers(1, 12), st.integers(0, 40), st.dictionaries(st.integers(0, 11), st.integers(1, 1000)))
def test_round_robin_gives_everybody_one_of_as_many_tickets_as_people(
    size: int, before: int, history: dict[int, int]
) -> None:
    addresses = [f"engineer{number:02}@desk.example" for number in range(size)]
    staff = staff_of(*map(engineer, addresses))
    last_given = {addresses[number]: serial for number, serial in history.items() if number < size}
    took: list[str | None] = []
    for serial in range(1001, 1001 + before + size):
        chosen = assign("network", None, {}, staff, NOW, chooser="round_robin", last_given=last_given)
        took.append(chosen.assignee)
        last_given[str(chosen.assignee)] = serial
    assert sorted(map(str, took[before:])) == addresses
