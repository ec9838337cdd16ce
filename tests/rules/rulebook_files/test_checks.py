"""What the sections of a rulebook must agree on."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rulebook import Rulebook
from rules.rulebook_files.checks import disagreements
from rules.rulebook_files.reading import RulebookError, read_rulebook
from rules.sections.classification import Category
from rules.sections.closing import SatisfactionRules, Step
from rules.sections.desk import Line, Need
from rules.sections.escalation import EscalationRule
from rules.sections.priority import PriorityRules
from rules.sections.promises import ClockRule, OwedRule
from rules.sections.section import Condition
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
        "escalations[0]: it does nothing: give raises, lines, tell, owes, approval, reminds, assigns or closes",
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
        "escalations[1].clock: 'respnse' is no clock of [[clocks]], nor of [[owed]]; did you mean 'response'?",
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
        'escalations[0].clock: it is for on = "overdue" and on = "warning" only',
        id="a rung for repeats has no clock",
    ),
    pytest.param(
        'stops = "responded"',
        'starts = ["opened", "responded"]\nstops = ["responded", "resolved"]',
        "clocks[0].stops: it stops where it starts, and promises nothing",
        id="nor is one of its beginnings an end",
    ),
    pytest.param(
        'stops = "responded"',
        'starts = []\nstops = "responded"',
        "clocks[0].starts: nothing starts it: name a moment",
        id="a clock has a beginning",
    ),
    pytest.param(
        'stops = "responded"',
        'stops = ["written", "responded"]',
        "clocks[0].stops: 'written' is of [[owed]], where everything has a clock of its own",
        id="what is written is owed",
    ),
    pytest.param(
        'stops = "responded"',
        'stops = "opened"',
        "clocks[0].stops: it stops where it starts, and promises nothing",
        id="a clock that names no beginning begins with the ticket",
    ),
    pytest.param(
        'limit = { P1 = "30m", P2 = "4wh" }',
        "limit = {}",
        "clocks[0].limit: it promises nothing: give a limit for a level, or one for all",
        id="a limit promises something",
    ),
    pytest.param(
        'limit = { P1 = "30m", P2 = "4wh" }',
        'limit = "4wh"',
        "",
        id="a limit may be one for every level",
    ),
    pytest.param(
        'limit = { P1 = "30m", P2 = "4wh" }',
        'limit = { P1 = "30m", "*" = "4h" }',
        "",
        id="a star stands for every other level",
    ),
    pytest.param(
        'calendar = "office"\nlimit = { P1 = "30m", P2 = "4wh" }',
        'limit = "4wh"',
        "clocks[0].limit: 4wh is working time: the clock needs calendar = ...",
        id="a limit for every level needs a calendar too",
    ),
    pytest.param(
        'stops = "responded"',
        'stops = "responded"\nwarns = "30m"',
        "clocks[0].limit.P1: 30m is over when its warning comes: warns = '30m' must be shorter",
        id="a warning comes before it is due",
    ),
    pytest.param(
        'stops = "responded"',
        'stops = "responded"\nwarns = "1wh"',
        "clocks[0].warns: 1wh is working time: write it by the clock, such as 30m or 4h",
        id="a warning comes by the clock on the wall",
    ),
    pytest.param(
        'name = "progress"',
        'name = "satisfaction"',
        "clocks[1].name: 'satisfaction' is a clock of the desk's own: take another",
        id="the desk has a clock of its own",
    ),
    pytest.param(
        'tell = ["lead"]',
        'count = 2\ntell = ["lead"]',
        'escalations[1].count: it is for on = "repeat" and on = "reopened" only',
        id="a rung for what is overdue counts nothing",
    ),
    pytest.param(
        'on = "overdue"',
        'on = "warning"',
        "escalations[1].clock: 'response' never warns: give the clock warns = ...",
        id="a rung before a clock is due needs one that warns",
    ),
    pytest.param(
        'on = "overdue"\nclock = "response"\n',
        'on = "warning"\n',
        "escalations[1].clock: it is missing: the clock that will be due",
        id="a rung before a clock is due names its clock",
    ),
    pytest.param(
        "raises = 1\n",
        "closes = true\n",
        'escalations[0].closes: it is for on = "overdue" and on = "warning" only',
        id="only silence closes",
    ),
    pytest.param(
        "raises = 1\n",
        "lines = 1\n",
        "escalations[0].lines: there is no line to go up to: [[lines]] needs two or more",
        id="to go up a line there are lines",
    ),
    pytest.param(
        "raises = 1\n",
        'owes = ["analysis"]\n',
        "escalations[0].owes: 'analysis' is not of [[owed]]",
        id="what a rung owes is declared",
    ),
    pytest.param(
        "raises = 1\n",
        'raises = "top"\napproval = "manager"\n',
        "",
        id="a rung may go to the top, and ask for approval",
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


LINES = '[[lines]]\nname = "first"\n[[lines]]\nname = "second"\nteam = "network"\n'
OWED = '[[owed]]\nname = "analysis"\nlimit = "2d"\n'

ADDED = [
    pytest.param(LINES, "", id="lines of support"),
    pytest.param(
        LINES + 'teams = { netwrk = "desk" }',
        "lines[1].teams.netwrk: 'netwrk' is no category; did you mean 'network'?",
        id="the categories of a line are declared",
    ),
    pytest.param(
        LINES + 'teams = { network = "dsk" }',
        "lines[1].teams.network: 'dsk' is no team of [teams]; did you mean 'desk'?",
        id="the teams of a line's categories are declared",
    ),
    pytest.param(
        LINES.replace('team = "network"', 'team = "netwrk"'),
        "lines[1].team: 'netwrk' is no team of [teams]; did you mean 'network'?",
        id="the team of a line is declared",
    ),
    pytest.param(
        LINES.replace("second", "first"), "lines[1].name: 'first' is the name of lines[0] already", id="lines differ"
    ),
    pytest.param(
        '[requesters]\nexternal_team = "customers"',
        "requesters.external_team: 'customers' is no team of [teams]",
        id="the team of customers is declared",
    ),
    pytest.param(
        '[review]\nby = "lead"\nwhen = { levels = ["P1", "P3"] }',
        "review.when.levels: 'P3' is none of priority.levels",
        id="the levels of a condition are declared",
    ),
    pytest.param(
        '[review]\nby = "lead"\nwhen = { categories = "netwrk" }',
        "review.when.categories: 'netwrk' is no category; did you mean 'network'?",
        id="the category of a condition is declared",
    ),
    pytest.param(
        '[zones.city]\n[review]\nwhen = { zones = ["citty"] }',
        "review.when.zones: 'citty' is no zone of [zones]; did you mean 'city'?",
        id="the zones of a condition are declared",
    ),
    pytest.param(
        LINES + '[review]\nwhen = { lines = "secnd" }',
        "review.when.lines: 'secnd' is no line of [[lines]]; did you mean 'second'?",
        id="the lines of a condition are declared",
    ),
    pytest.param(
        '[needs.device]\nask = { en = "Which device?" }\nknown = "place"\nwhen = { categories = "netwrk" }',
        "needs.device.when.categories: 'netwrk' is no category; did you mean 'network'?",
        id="a need's condition is looked at",
    ),
    pytest.param(
        '[needs.device]\nask = { en = "Which device?" }',
        "needs.device: nothing could tell it: give words, patterns or known",
        id="a need can be met",
    ),
    pytest.param(
        '[[escalations]]\nname = "third"\non = "asked"\nraises = 1\nwhen = { levels = "P7" }',
        "escalations[2].when.levels: 'P7' is none of priority.levels",
        id="a rung's condition is looked at",
    ),
    pytest.param(
        '[[clocks]]\nname = "visit"\nstops = "arrived"\nlimit = "2h"\n'
        'variants = [{ when = { zones = "moon" }, limit = "1wh" }]',
        "clocks[2].variants[0].when.zones: 'moon' is no zone of [zones]"
        "; clocks[2].variants[0].limit: 1wh is working time: the clock needs calendar = ...",
        id="a variant is looked at like its clock",
    ),
    pytest.param(
        '[[clocks]]\nname = "visit"\nstops = "arrived"\nlimit = "2h"\ncalendar = "office"\n'
        'variants = [{ when = { kinds = "request" }, limit = { P1 = "1wh", P8 = "1h" } }]',
        "clocks[2].variants[0].limit.P8: 'P8' is no level",
        id="a variant takes the calendar of its clock, and has its levels",
    ),
    pytest.param(
        '[[clocks]]\nname = "visit"\nstops = "arrived"\nlimit = "2h"\nwarns = "1h"\n'
        'variants = [{ when = { kinds = "request" }, limit = "30m" }]',
        "clocks[2].variants[0].limit: 30m is over when its warning comes: warns = '1h' must be shorter",
        id="a warning comes before a variant is due",
    ),
    pytest.param(OWED, "", id="a report is owed"),
    pytest.param(OWED + OWED, "owed[1].name: 'analysis' is the name of owed[0] already", id="what is owed differs"),
    pytest.param(
        OWED.replace("analysis", "response"),
        "owed[0].name: 'response' is the name of a clock already",
        id="what is owed is called otherwise than the clocks",
    ),
    pytest.param(
        OWED.replace("2d", "2wd"),
        "owed[0].limit: 2wd is working time: it needs calendar = ...",
        id="what is owed in working time needs a calendar",
    ),
    pytest.param(
        OWED + 'on = ["written", "left"]',
        "owed[0].on: it ends with being written, and cannot begin so",
        id="what is owed does not begin with its end",
    ),
    pytest.param(
        OWED + '[[escalations]]\nname = "late-analysis"\non = "overdue"\nclock = "analysis"\ntell = ["head"]',
        "",
        id="what is owed may be overdue",
    ),
    pytest.param(
        OWED + '[[escalations]]\nname = "late-analysis"\non = "warning"\nclock = "analysis"\ntell = ["head"]',
        "escalations[2].clock: 'analysis' never warns: only [[clocks]] warn",
        id="what is owed never warns",
    ),
    pytest.param(
        '[closing]\nconfirms = ["Fixed", "ok"]\nrefuses = ["broken", "ＯＫ"]',
        "closing.refuses: 'ＯＫ' cannot mean both: it stands in confirms too",
        id="yes is not no",
    ),
    pytest.param(
        '[satisfaction]\nask = "after_closing"',
        "satisfaction.steps: the question needs two answers or more",
        id="the question of satisfaction has answers",
    ),
    pytest.param(
        '[satisfaction]\nwait = "3wd"',
        "satisfaction.wait: 3wd is working time: write it by the clock, such as 4h or 3d",
        id="an answer is waited for by the clock",
    ),
    pytest.param(
        '[satisfaction]\nsteps = [{ name = "good", names = { en = "Good" } },'
        '{ name = "good", names = { en = "Bad" } }]',
        "satisfaction.steps[1].name: 'good' is the name of satisfaction.steps[0] already",
        id="answers have different names",
    ),
    pytest.param(
        '[satisfaction]\nsteps = [{ name = "good", names = { en = "Good" } },'
        '{ name = "bad", names = { en = "good" } }]',
        "satisfaction.steps[1]: 'good' means satisfaction.steps[0] already",
        id="an answer means one thing",
    ),
    pytest.param(
        '[satisfaction]\naspects = [{ name = "a", names = { en = "A" } }, { name = "a", names = { en = "B" } }]',
        "satisfaction.aspects[1].name: 'a' is the name of satisfaction.aspects[0] already",
        id="aspects have different names",
    ),
    pytest.param(
        '[categories.network.senders]\n"printers.example" = 3',
        "categories.network.senders.printers.example: 'printers.example' is no sender: "
        "write a@b.example, or @b.example for a domain",
        id="a sender is an address or a domain",
    ),
    pytest.param(
        '[categories.network.senders]\n"@printers.example" = 0',
        "categories.network.senders.@printers.example: its weight must be above 0, up to 100",
        id="a sender tells something",
    ),
]


@pytest.mark.parametrize(("added", "complaint"), ADDED)
def test_what_is_added_must_fit(added: str, complaint: str) -> None:
    assert "; ".join(told(f"{WHOLE}\n{added}\n")) == complaint


@pytest.mark.parametrize(("added", "complaint"), [each for each in ADDED if each.values[1]])
def test_it_is_told_with_its_line_when_the_file_is_read(added: str, complaint: str) -> None:
    with pytest.raises(RulebookError) as refused:
        read_rulebook(f"{WHOLE}\n{added}\n", name="ours.toml")
    assert complaint == "; ".join(f"{problem.key}: {problem.says}" for problem in refused.value.problems)
    assert all(problem.line for problem in refused.value.problems)


def test_patterns_that_are_too_large_together_are_told_once() -> None:
    patterns = ", ".join(f"'({number}|楼){{150}}'" for number in range(40))
    [complaint] = told(changed(("people = 10", f"people = 10\npatterns = [{patterns}]")))
    assert "patterns of the rulebook are too large together" in complaint


@pytest.mark.parametrize(("old", "new", "complaint"), MISTAKES)
def test_what_does_not_fit_is_told_with_its_key(old: str, new: str, complaint: str) -> None:
    assert told(changed((old, new))) == ([complaint] if complaint else [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param("teams = 1\ncategories = []\nclocks = {}\npriority = 'x'\nescalations = [1]", id="other kinds"),
        pytest.param("[priority]\nlevels = 'P1'\nmatrix = 3\n[alerts]\nseverities = []", id="other kinds inside"),
        pytest.param(
            "needs = 1\nzones = []\nreview = 2\nlines = [1]\nowed = 'x'\nrequesters = 3\nsatisfaction = 4",
            id="new ones",
        ),
        pytest.param(
            "[satisfaction]\nask = 1\nsteps = [1, {}, { names = 2, words = [3] }]\n[review]\nwhen = [1]",
            id="odd answers",
        ),
        pytest.param(
            "[needs]\na = 1\n[needs.b]\nwhen = 2\npatterns = [3, '(']\n[categories]\na = 1\n[categories.b]\n"
            "senders = { x = 'y' }\npatterns = 2",
            id="odd needs",
        ),
        pytest.param(
            "[[clocks]]\nstarts = 1\nstops = [2]\nlimit = 3\nwarns = 4\nvariants = [5, { when = 6, limit = [7] }]\n"
            "[[owed]]\non = 1\nlimit = { P1 = [] }\ncalendar = 3\n"
            "[[lines]]\nteams = 1\n[[escalations]]\non = 3\nowes = 4",
            id="odd promises",
        ),
        pytest.param("[[owed]]\nname = []\n[[clocks]]\nname = {}\n[[lines]]\nname = [1]", id="names that are lists"),
        pytest.param("[[clocks]]\nname = 1\nlimit = []\n[[escalations]]\non = 'overdue'\nclock = 2", id="other names"),
    ],
)
def test_what_is_of_the_wrong_kind_is_passed_over(text: str) -> None:
    assert all("None" not in complaint for complaint in told(text))


SECTIONS = (
    Category,
    ClockRule,
    Condition,
    EscalationRule,
    Line,
    Need,
    OwedRule,
    PriorityRules,
    SatisfactionRules,
    Step,
)
KEYS = sorted({*Rulebook.model_fields, *(key for section in SECTIONS for key in section.model_fields), "P1", "network"})
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | st.sampled_from([*KEYS, "overdue", "4wh", "30m", "(", "", "*"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=30,
)


@given(st.dictionaries(st.sampled_from(list(Rulebook.model_fields)), ANYTHING, max_size=6))
def test_nothing_that_is_written_stops_the_checks(written: dict[str, Any]) -> None:
    list(disagreements(written))


@given(st.sampled_from(list(Rulebook.model_fields)), ANYTHING)
def test_one_wrong_section_does_not_hide_the_others(section: str, instead: Any) -> None:
    list(disagreements(tomllib.loads(changed(("raises = 1\n", ""))) | {section: instead}))


SERVICES = """
[[services]]
name = "checkout"
labels = { service = "checkout" }
depends_on = ["%s"]
[[services]]
name = "db"
labels = { job = "db" }
"""


def test_services_depend_on_declared_ones() -> None:
    assert told(WHOLE + SERVICES % "db") == []
    says = "services[0].depends_on: 'bd' is no service of [[services]]"
    assert told(WHOLE + SERVICES % "bd") == [says]


def test_a_service_is_named_once() -> None:
    assert len(told(WHOLE + SERVICES % "db" + SERVICES % "db")) == 2


def test_joining_asks_before_it_joins() -> None:
    says = "joining.join: is below suggest: nothing would ever be suggested"
    assert told(WHOLE + "[joining]\nsuggest = 0.7\njoin = 0.6\n") == [says]
