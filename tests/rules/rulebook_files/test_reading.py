"""Reading rulebooks, right and wrong ones."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from rules.rulebook_files.reading import RulebookError, read_rulebook
from rules.sections.promises import EVERY_LEVEL
from tests.rules.rulebook_texts import WHOLE, changed, line_of


def problems_of(text: str) -> list[str]:
    with pytest.raises(RulebookError) as refused:
        read_rulebook(text, name="ours.toml")
    return [str(problem) for problem in refused.value.problems]


def test_a_rulebook_is_read() -> None:
    rulebook = read_rulebook(WHOLE, name="ours.toml")
    assert rulebook.name == "small"
    assert [str(limit) for limit in rulebook.clocks[0].limit.values()] == ["30m", "4wh"]
    assert rulebook.calendar("office") is not None


@pytest.mark.parametrize(
    "words",
    [
        pytest.param('3 = ["vpn", "网络"]', id="by weight, each with its words"),
        pytest.param('vpn = 3\n"网络" = 3', id="by word, each with its weight"),
        pytest.param('3 = ["vpn"]\n"网络" = 3', id="both"),
    ],
)
def test_words_are_written_by_weight_or_one_by_one(words: str) -> None:
    rulebook = read_rulebook(changed(('3 = ["vpn", "网络"]', words)), name="ours.toml")
    assert rulebook.categories["network"].words == {"vpn": 3, "网络": 3}


def test_ten_mistakes_are_told_at_once_each_on_its_line() -> None:
    text = changed(
        ('language = "en"', 'language = "english"'),
        ("Asia/Shanghai", "Asia/Shangai"),
        ('mon = ["09:00-12:00"', 'mon = ["9-12"'),
        ('team = "network"', 'taem = "network"'),
        ("threshold = 2.0", 'threshold = "high"'),
        ('small = { high = "P2", medium', 'small = { high = "P3", medium'),
        ('stops = "responded"', 'stops = "respnded"'),
        ('P1 = "30m"', 'P1 = "30 minutes"'),
        ("count = 2\n", ""),
        ('clock = "response"', 'clock = "respond"'),
    )
    expected = [
        ("language", 'language = "english"'),
        ("timezone", "Asia/Shangai"),
        ("calendars.office.mon[0]", '"9-12"'),
        ("categories.network.taem", "taem"),
        ("classification.threshold", 'threshold = "high"'),
        ("priority.matrix.small.high", "small ="),
        ("clocks[0].stops", 'stops = "respnded"'),
        ("clocks[0].limit.P1", '"30 minutes"'),
        ("escalations[0].count", '[[escalations]]\nname = "second-report"'),
        ("escalations[1].clock", 'clock = "respond"'),
    ]
    problems = problems_of(text)
    for key, part in expected:
        assert any(each.startswith(f"ours.toml:{line_of(text, part)}: {key}: ") for each in problems), (key, problems)
    lines = [int(each.split(":")[1]) for each in problems]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        pytest.param("[repeats]", "[repeat]", "repeat: there is no such key; did you mean 'repeats'?", id="a table"),
        pytest.param("threshold", "treshold", "did you mean 'threshold'?", id="a key"),
        pytest.param('restart = "month"', 'restart = "monthly"', "did you mean 'month'?", id="a choice"),
        pytest.param('name = "small"\n', "", "name: it is missing and must be given", id="a key that is needed"),
        pytest.param("people = 10", 'people = "ten"', "people: it must be a whole number", id="a number in words"),
        pytest.param("repeats = true", 'repeats = "often"', "it must be true or false", id="neither true nor false"),
        pytest.param('["vpn", "网络"]', '["vpn", "vpn"]', "'vpn' is written twice", id="a word twice"),
        pytest.param('["vpn", "网络"]', "[443]", "443 is no word: write it in quotes", id="a number for a word"),
        pytest.param("3 = [", "many = [", "'many' is no weight: write a number above 0", id="a weight in words"),
        pytest.param("3 = [", "300 = [", "'300' is no weight", id="a weight beyond the heaviest"),
        pytest.param('window = "3d"', "window = 3", "3 is not a duration", id="a duration without its unit"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(old: str, new: str, complaint: str) -> None:
    assert any(complaint in problem for problem in problems_of(changed((old, new))))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('name = "small"\nlanguage = \n', 2, id="a value is missing"),
        pytest.param('name = "small"\n\n[numbers\n', 3, id="a bracket is missing"),
        pytest.param('name = "small"\nname = "large"\n', 2, id="a key stands twice"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, line: int) -> None:
    [problem] = problems_of(text)
    assert problem.startswith(f"ours.toml:{line}: ")


def test_values_that_nest_without_end_are_refused() -> None:
    [problem] = problems_of("a = " + "[" * 20_000)
    assert "nested too deep" in problem


SHIPPED = (files("rules") / "rulebooks" / "enterprise-itsm.toml").read_text("utf-8")


def test_the_shipped_rulebook_keeps_the_figures_of_its_standard() -> None:
    rulebook = read_rulebook(SHIPPED, name="enterprise-itsm.toml")
    levels = rulebook.priority.levels
    limits = {
        clock.name: {level: str(clock.limit.get(level, clock.limit.get(EVERY_LEVEL))) for level in levels}
        for clock in rulebook.clocks
    }
    assert limits["response"] == {"P1": "30m", "P2": "1h", "P3": "4h", "P4": "8h"}
    assert limits["resolution"] == {"P1": "2h", "P2": "4h", "P3": "24h", "P4": "3wd"}
    assert limits["progress"] == {"P1": "2h", "P2": "2h", "P3": "2h", "P4": "2h"}
    assert list(rulebook.categories) == ["hardware", "software", "account", "network", "consulting", "other"]
    assert (rulebook.numbers.format, rulebook.numbers.restart) == ("{year}{month}-{serial}", "month")


def test_the_shipped_office_is_closed_on_chinese_holidays() -> None:
    calendar = read_rulebook(SHIPPED, name="enterprise-itsm.toml").calendar("office")
    assert calendar is not None
    assert calendar.hours(datetime(2026, 10, 1, tzinfo=UTC).date()) == ()
    assert calendar.hours(datetime(2026, 11, 20, tzinfo=UTC).date()) != ()


def test_every_shipped_name_is_written_in_all_letter_languages() -> None:
    rulebook = read_rulebook(SHIPPED, name="enterprise-itsm.toml")
    named = [rulebook.title, *rulebook.priority.names.values()]
    named += [team.names for team in rulebook.teams.values()]
    named += [category.names for category in rulebook.categories.values()]
    assert all(set(names) == {"zh-CN", "zh-TW", "en"} for names in named)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        pytest.param(
            "raises = 1",
            'raises = "highest"',
            'escalations[0].raises: it must be a whole number, or "top"',
            id="a value of another kind than either",
        ),
        pytest.param(
            "raises = 1",
            "raises = 12",
            'escalations[0].raises: it must be 9 or less, or "top"',
            id="too much of one kind",
        ),
        pytest.param(
            'limit = { P1 = "2h" }',
            'limit = "2x"',
            "clocks[1].limit: '2x' is not a duration: write a number and a unit, such as 30m, 4h or 2d by the clock, "
            "or 90wm, 4wh or 3wd in working time",
            id="one value that stands for a table",
        ),
        pytest.param(
            "people = 10",
            "people = 10\npatterns = ['all (of us']",
            "priority.impact.large.patterns[0]: 'all (of us' is no RE2 pattern: missing ): all (of us",
            id="a pattern that does not compile",
        ),
        pytest.param(
            "people = 10",
            "people = 10\npatterns = ['fine', 'x*']",
            "priority.impact.large.patterns[1]: 'x*' tells nothing: it is found in an empty text too",
            id="a pattern that is found everywhere",
        ),
        pytest.param(
            "people = 10",
            "people = 10\npatterns = ['(a|b){900}']",
            "priority.impact.large.patterns[0]: '(a|b){900}' is too large: "
            "RE2 makes 2,704 instructions of it, and 2,000 may be",
            id="a pattern that is too large",
        ),
        pytest.param(
            'team = "network"',
            'team = "network"\npatterns = { "(?=vpn)" = 3 }',
            "categories.network.patterns.(?=vpn): '(?=vpn)' is no RE2 pattern: invalid perl operator: (?=",
            id="a weighted pattern that RE2 does not have",
        ),
    ],
)
def test_a_mistake_is_told_in_one_sentence(old: str, new: str, complaint: str) -> None:
    text = changed((old, new))
    with pytest.raises(RulebookError) as refused:
        read_rulebook(text, name="ours.toml")
    assert [f"{problem.key}: {problem.says}" for problem in refused.value.problems] == [complaint]
    assert refused.value.problems[0].line == line_of(text, new.splitlines()[-1])


def test_a_moment_that_does_not_exist_is_told_once_with_the_nearest() -> None:
    with pytest.raises(RulebookError) as refused:
        read_rulebook(changed(('stops = "responded"', 'stops = ["closed", "resolvd"]')), name="ours.toml")
    [problem] = refused.value.problems
    assert problem.key == "clocks[0].stops[1]"
    assert problem.says.startswith("'resolvd' is none of 'accepted', ")
    assert problem.says.endswith("or 'written'; did you mean 'resolved'?")
