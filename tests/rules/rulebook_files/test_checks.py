"""What the sections of a rulebook must agree on."""

from __future__ import annotations

import tomllib

import pytest

from rules.rulebook_files.checks import disagreements
from rules.toml_files.problems import key_of
from tests.rules.rulebook_texts import WHOLE, changed


def told(text: str) -> list[str]:
    return [f"{key_of(each.at)}: {each.says}" for each in disagreements(tomllib.loads(text))]


def test_a_rulebook_that_agrees_with_itself_is_told_nothing() -> None:
    assert told(WHOLE) == []


MISTAKES = [
    pytest.param(
        'desk_team = "desk"',
        'desk_team = "dsek"',
        "desk_team: 'dsek' is no team of [teams]; did you mean 'desk'?",
        id="the desk's team is declared",
    ),
    pytest.param(
        'team = "network"',
        'team = "servers"',
        "categories.network.team: 'servers' is no team of [teams]",
        id="a category's team is declared",
    ),
    pytest.param(
        'otherwise = "other"',
        'otherwise = "othr"',
        "classification.otherwise: 'othr' is no category; did you mean 'other'?",
        id="what nothing claims has a category",
    ),
    pytest.param(
        'levels = ["P1", "P2"]',
        'levels = ["P1", "P2", "P1"]',
        "priority.levels: 'P1' is written twice",
        id="a level stands at one place only",
    ),
    pytest.param(
        'by_kind = { question = "P2" }',
        'by_kind = { question = "P4" }',
        "priority.by_kind.question: 'P4' is none of priority.levels",
        id="a kind's own level is declared",
    ),
    pytest.param(
        'small = { high = "P2", medium = "P2", low = "P2" }',
        'small = { high = "P2", medium = "P2" }',
        "priority.matrix.small.low: the level for small impact and low urgency is missing",
        id="every cell of the matrix is given",
    ),
    pytest.param(
        'large = { high = "P1"',
        'large = { high = "P0"',
        "priority.matrix.large.high: 'P0' is none of priority.levels",
        id="every cell of the matrix is a level",
    ),
    pytest.param(
        "people = 10",
        "people = 4",
        "priority.impact.large.people: 4 people for large impact must be more than the 4 for medium",
        id="a wider impact needs more people",
    ),
    pytest.param(
        'P1 = "30m", P2',
        'P1 = "30m", P3',
        "clocks[0].limit.P3: 'P3' is no level",
        id="a limit is for a level that exists",
    ),
    pytest.param(
        'calendar = "office"',
        'calendar = "offices"',
        "clocks[0].calendar: 'offices' is no calendar of [calendars]; did you mean 'office'?",
        id="a clock's calendar is declared",
    ),
    pytest.param(
        'calendar = "office"\n',
        "",
        "clocks[0].limit.P2: 4wh is working time: the clock needs calendar = ...",
        id="working time needs a calendar",
    ),
    pytest.param(
        'name = "progress"',
        'name = "response"',
        "clocks[1].name: 'response' is the name of clocks[0] already",
        id="two clocks have two names",
    ),
    pytest.param(
        'limit = { P1 = "2h" }',
        'limit = { P1 = "0" }',
        "",
        id="what is no duration is left to the section",
    ),
    pytest.param(
        'limit = { P1 = "2h" }',
        'limit = { P1 = "0h" }',
        "clocks[1].limit.P1: a clock that repeats needs a minute or more",
        id="a clock that repeats does not repeat without end at one instant",
    ),
    pytest.param(
        'stops = "responded"',
        'starts = "assigned"\nstops = "assigned"',
        "clocks[0].stops: it stops where it starts, and promises nothing",
        id="a clock has an end that is not its beginning",
    ),
    pytest.param(
        "raises = 1\n",
        "",
        "escalations[0]: it does nothing: give raises, tell or both",
        id="a rung does something",
    ),
    pytest.param(
        'clock = "response"',
        'clock = "progress"',
        "escalations[1].clock: 'progress' repeats: the desk keeps it itself, and it is never overdue",
        id="a clock that repeats is never overdue",
    ),
    pytest.param(
        'clock = "response"',
        'clock = "respnse"',
        "escalations[1].clock: 'respnse' is no clock of [[clocks]]; did you mean 'response'?",
        id="the clock of a rung is declared",
    ),
    pytest.param(
        'clock = "response"\n',
        "",
        "escalations[1].clock: it is missing: the clock that is overdue",
        id="a rung for what is overdue names its clock",
    ),
    pytest.param(
        "count = 2\n",
        "",
        "escalations[0].count: it is missing: 2 for the second repeat",
        id="a rung for repeats says for which",
    ),
    pytest.param(
        "count = 2\n",
        'count = 2\nclock = "response"\n',
        'escalations[0].clock: it is for on = "overdue" only',
        id="a rung for repeats has no clock",
    ),
    pytest.param(
        'name = "late-response"',
        'name = "second-report"',
        "escalations[1].name: 'second-report' is the name of escalations[0] already",
        id="two rungs have two names",
    ),
    pytest.param(
        'window = "3d"',
        'window = "3wd"',
        "repeats.window: 3wd is working time: write it by the clock, such as 4h or 3d",
        id="how long a repeat is looked for runs by the clock",
    ),
    pytest.param(
        "critical =",
        "Critical =",
        "alerts.severities.Critical: write it in small letters: 'critical' stands for 'Critical' too",
        id="severities are compared in small letters",
    ),
    pytest.param(
        'format = "{year}{month}-{serial}"',
        'format = "{month}-{serial}"',
        "numbers.format: '{month}-{serial}' lacks {year}: numbers that restart every month would come twice",
        id="numbers that restart tell their period",
    ),
    pytest.param(
        'format = "{year}{month}-{serial}"',
        'format = "{year}{month}"',
        "numbers.format: '{year}{month}' lacks {serial}: numbers that restart every month would come twice",
        id="a number holds its serial",
    ),
    pytest.param(
        'format = "{year}{month}-{serial}"',
        'format = "{year}{month}-{serial.__class__}"',
        "numbers.format: '{year}{month}-{serial.__class__}' may hold letters, digits, . _ - / and "
        "{year}, {month}, {day}, {serial}",
        id="a number holds nothing but its fields",
    ),
    pytest.param(
        'format = "{year}{month}-{serial}"',
        'format = "{year}{month}-{serial"',
        "numbers.format: '{year}{month}-{serial' may hold letters, digits, . _ - / and "
        "{year}, {month}, {day}, {serial}",
        id="a brace of a number is closed",
    ),
]


@pytest.mark.parametrize(("old", "new", "complaint"), MISTAKES)
def test_what_does_not_fit_is_told_with_its_key(old: str, new: str, complaint: str) -> None:
    assert told(changed((old, new))) == ([complaint] if complaint else [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param("teams = 1\ncategories = []\nclocks = {}\npriority = 'x'\nescalations = [1]", id="other kinds"),
        pytest.param("[priority]\nlevels = 'P1'\nmatrix = 3\n[alerts]\nseverities = []", id="other kinds inside"),
        pytest.param("[[clocks]]\nname = 1\nlimit = []\n[[escalations]]\non = 'overdue'\nclock = 2", id="other names"),
    ],
)
def test_what_is_of_the_wrong_kind_is_passed_over(text: str) -> None:
    assert all("None" not in complaint for complaint in told(text))
