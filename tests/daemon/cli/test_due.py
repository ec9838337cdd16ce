from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from daemon.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

RULEBOOK = """
name = "offices"
extends = "enterprise-itsm"
[calendars.berlin]
timezone = "Europe/Berlin"
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
sun = ["00:00-24:00"]
"""

#: Friday afternoon in Shanghai; 23 November 2026 is the Monday after it.
FRIDAY = ("--from", "2026-11-20T16:00")


@pytest.fixture
def due(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Due:
    file = tmp_path / "offices.toml"
    file.write_text(RULEBOOK, encoding="utf-8")
    return Due(file, capsys)


class Due:
    """Asks `deskd due` and reads what it says."""

    def __init__(self, rulebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.rulebook = rulebook
        self.status = 0
        self._capsys = capsys

    def __call__(self, *words: str, calendar: str = "office") -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.text("--json", *words, calendar=calendar))
        return answer

    def text(self, *words: str, calendar: str = "office") -> str:
        self.status = main(["due", "--rulebook", str(self.rulebook), "--calendar", calendar, *words])
        return self._capsys.readouterr().out

    def refused(self, *words: str, calendar: str = "office") -> str:
        self.status = main(["due", "--rulebook", str(self.rulebook), "--calendar", calendar, *words])
        return self._capsys.readouterr().err


@pytest.mark.parametrize(
    ("limit", "at"),
    [
        pytest.param("4wh", "2026-11-23T11:00:00+08:00", id="working hours go on after the weekend"),
        pytest.param("2wh", "2026-11-20T18:00:00+08:00", id="what runs out at closing is due at closing"),
        pytest.param("3wd", "2026-11-25T16:00:00+08:00", id="working days end at the same local time"),
        pytest.param("4h", "2026-11-20T20:00:00+08:00", id="hours of the clock know no weekend"),
    ],
)
def test_a_limit_is_reached(due: Due, limit: str, at: str) -> None:
    assert due(*FRIDAY, "--limit", limit)["due"] == at


def test_every_interval_that_counted_is_listed_with_its_offset(due: Due) -> None:
    assert due(*FRIDAY, "--limit", "4wh", "--paused", "2026-11-20T16:30/2026-11-20T17:00") == {
        "due": "2026-11-23T11:30:00+08:00",
        "working_seconds": 4 * 3600,
        "counted": [
            ["2026-11-20T16:00:00+08:00", "2026-11-20T16:30:00+08:00"],
            ["2026-11-20T17:00:00+08:00", "2026-11-20T18:00:00+08:00"],
            ["2026-11-23T09:00:00+08:00", "2026-11-23T11:30:00+08:00"],
        ],
    }


def test_the_time_until_an_end_is_counted(due: Due) -> None:
    told = due(*FRIDAY, "--to", "2026-11-23T10:00")
    assert (told["due"], told["working_seconds"]) == (None, 3 * 3600)


def test_nothing_counts_until_an_end_before_the_start(due: Due) -> None:
    told = due(*FRIDAY, "--to", "2026-11-20T15:00")
    assert (told["working_seconds"], told["counted"]) == (0, [])


def test_several_pauses_may_be_given(due: Due) -> None:
    pauses = ("--paused", "2026-11-20T16:00/2026-11-20T16:10", "--paused", "2026-11-20T17:00/2026-11-20T17:20")
    assert due(*FRIDAY, "--to", "2026-11-20T18:00", *pauses)["working_seconds"] == 90 * 60


def test_a_pause_without_an_end_holds_the_clock(due: Due) -> None:
    told = due(*FRIDAY, "--limit", "4wh", "--paused", "2026-11-20T17:00/")
    assert (told["due"], told["working_seconds"]) == (None, 3600)
    assert "a pause has not ended" in due.text(*FRIDAY, "--limit", "4wh", "--paused", "2026-11-20T17:00/")


def test_an_offset_in_a_time_is_heeded_and_the_answer_is_in_the_zone_of_the_calendar(due: Due) -> None:
    told = due("--from", "2026-11-23T16:00:00Z", "--limit", "1wh", calendar="berlin")
    assert told["due"] == "2026-11-24T10:00:00+01:00"


def test_the_longer_day_when_clocks_go_back_counts_whole(due: Due) -> None:
    told = due("--from", "2026-10-25T00:00", "--to", "2026-10-26T00:00", calendar="berlin")
    assert told["working_seconds"] == 25 * 3600
    assert told["counted"] == [["2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"]]


def test_people_read_the_day_and_the_hours(due: Due) -> None:
    text = due.text(*FRIDAY, "--limit", "27wh")
    assert text.startswith("due Thu 2026-11-26 10:00:00 +0800\ncounted 27:00:00\n")
    assert "  Fri 2026-11-20 16:00:00 +0800 - Fri 2026-11-20 18:00:00 +0800  2:00:00\n" in text


def test_a_year_without_official_days_is_warned_of(due: Due) -> None:
    assert "warning: CN has not announced" in due.refused("--from", "2029-11-20T16:00", "--limit", "4wh")
    assert due.status == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param((*FRIDAY, "--limit", "4hw"), "--limit: '4hw' is not a duration", id="no duration"),
        pytest.param(("--from", "monday", "--limit", "4h"), "--from: 'monday' is no time: write 2026", id="no time"),
        pytest.param(("--from", "0001-01-01T00:00", "--limit", "4h"), "--from: ", id="before all zones"),
        pytest.param((*FRIDAY, "--limit", "4h", "--paused", "noon"), "--paused: 'noon' is no pause", id="no pause"),
        pytest.param(
            (*FRIDAY, "--limit", "4h", "--paused", "2026-11-21/2026-11-20"),
            "ends before it starts",
            id="pause ends early",
        ),
    ],
)
def test_a_wrong_question_is_status_2_with_a_sentence(due: Due, words: tuple[str, ...], says: str) -> None:
    assert says in due.refused(*words)
    assert due.status == 2


def test_a_calendar_that_is_not_there_is_told_with_those_that_are(due: Due) -> None:
    assert "did you mean 'office'?" in due.refused(*FRIDAY, "--limit", "4h", calendar="ofice")
    assert "it has office, berlin" in due.refused(*FRIDAY, "--limit", "4h", calendar="tokyo")


def test_a_rulebook_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "--rulebook", "nobody", "--calendar", "office", *FRIDAY, "--limit", "4h"]) == 2
    assert capsys.readouterr().err.startswith("--rulebook: no rulebook called 'nobody' is shipped")
