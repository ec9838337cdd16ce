from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from daemon.__main__ import main
from daemon.cli.layout import columns_of
from daemon.cli.ticket_list import age
from tests.daemon.cli.desks import CONFIG, NOW, PRINTER, let_clocks_run_out, receive_mails, write_desk

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.store.database import Database

VPN = b"""\
From: Chen Jing <chen.jing@corp.example>
Subject: Printer on floor 5 prints empty pages
Message-ID: <empty@corp.example>

The printer on floor 5 prints empty pages since this morning.
"""

STILL = """\
From: =?utf-8?b?546L6Iqz?= <wang.fang@corp.example>
Subject: Re: 三楼打印机坏了
Message-ID: <again@corp.example>
In-Reply-To: <printer@corp.example>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

还是打印不了，\x1b]0;title\x07请尽快。
""".encode()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = write_desk(tmp_path)
    receive_mails(path, PRINTER, VPN, STILL)
    return path


def test_the_list_shows_every_open_ticket_in_columns(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tickets", "-c", str(desk)]) == 0
    title, *rows, zone = capsys.readouterr().out.splitlines()
    assert (len(rows), zone) == (2, "Due on the clocks of Asia/Shanghai")
    at = title.index("SUBJECT")
    subjects = {row.split("  ")[-1] for row in rows}
    assert subjects == {"三楼打印机坏了", "Printer on floor 5 prints empty pages"}
    for row in rows:
        assert columns_of(row[: -len(row.split("  ")[-1])]) == at


def test_the_list_is_one_object_a_line_for_machines(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tickets", "--json", "-c", str(desk)]) == 0
    tickets = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_number = {ticket["number"]: ticket for ticket in tickets}
    assert by_number["202611-001"]["assignee"] == "li.wei@corp.example"
    assert by_number["202611-001"]["opened_at"] == "2026-11-23T17:30:00+08:00"


def test_a_promise_that_was_not_kept_shows_as_overdue(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    let_clocks_run_out(desk, at=NOW + timedelta(days=30))
    capsys.readouterr()
    main(["tickets", "-c", str(desk)])
    assert all("overdue" in row for row in capsys.readouterr().out.splitlines()[1:])
    main(["tickets", "-c", str(desk), "show", "202611-001"])
    assert "is overdue" in capsys.readouterr().out


def test_the_list_can_be_of_one_team(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tickets", "--team", "network", "--all", "-c", str(desk)]) == 0
    assert capsys.readouterr().out == "no tickets\n"


def test_a_team_that_there_is_not_is_named_with_those_there_are(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tickets", "--team", "netwrk", "-c", str(desk)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("--team: 'netwrk' is no team of the rulebook; it has ")
    assert "network" in said.err


def test_the_story_tells_reports_events_and_letters_in_order(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tickets", "-c", str(desk), "show", "202611-001"]) == 0
    story = capsys.readouterr().out
    told = [
        "report of wang.fang@corp.example, opened",
        "opened: incident, hardware",
        "assigned to li.wei@corp.example of",
        "report of wang.fang@corp.example, repeated",
        "letter assigned to li.wei@corp.example",
    ]
    places = [story.index(sentence) for sentence in told]
    assert places == sorted(places)
    assert "| 您好，三楼打印机坏了，屏幕上显示 E-203。" in story
    assert "王芳 <wang.fang@corp.example>" in story


def test_what_somebody_wrote_cannot_command_the_terminal(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["tickets", "-c", str(desk), "show", "202611-001"])
    assert all(sign.isprintable() or sign == "\n" for sign in capsys.readouterr().out)


def test_the_story_is_one_object_for_machines(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tickets", "show", "202611-001", "202611-002", "--json", "-c", str(desk)]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["number"], second["number"]) == ("202611-001", "202611-002")
    moments = [datetime.fromisoformat(moment["at"]) for moment in first["story"]]
    assert moments == sorted(moments)
    subjects = [moment["letter"]["subject"] for moment in first["story"] if "letter" in moment]
    assert all("202611-001" in subject for subject in subjects)
    assert first["participants"][0]["address"] == "wang.fang@corp.example"


def test_an_unknown_number_is_said_and_the_others_are_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tickets", "-c", str(desk), "show", "202611-009", "202611-002"]) == 1
    told = capsys.readouterr()
    assert told.err == "there is no ticket 202611-009\n"
    assert told.out.startswith("202611-002")


def test_a_desk_that_was_never_started_has_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tickets", "-c", str(write_desk(tmp_path))]) == 1
    assert "has not been started yet" in capsys.readouterr().err
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        pytest.param(timedelta(seconds=-5), "0m", id="a clock that was set back shows no negative age"),
        pytest.param(timedelta(minutes=59), "59m", id="minutes up to an hour"),
        pytest.param(timedelta(hours=47), "47h", id="hours up to two days"),
        pytest.param(timedelta(days=3, hours=5), "3d", id="days from then on"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(passed: timedelta, shown: str) -> None:
    assert age(NOW + passed, NOW.astimezone(UTC)) == shown


@pytest.mark.slow
def test_lists_stories_and_explanations_come_from_postgres_too(
    tmp_path: Path, postgres_desk: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    url = postgres_desk.url.set(drivername="postgresql").render_as_string()
    path = write_desk(tmp_path, f'{CONFIG}\n[database]\nurl = "{url}"\n')
    receive_mails(path, PRINTER, STILL)
    capsys.readouterr()
    (tmp_path / "mail").write_bytes(STILL.replace(b"<again@", b"<once-more@"))
    words = (
        ["tickets", "--json"],
        ["tickets", "show", "202611-001", "--json"],
        ["explain", "--json", f"{tmp_path}/mail"],
    )
    for line in words:
        assert main([*line, "-c", str(path)]) == 0
    listed, story, explained = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert listed["number"] == story["number"] == "202611-001"
    assert [moment["report"]["verdict"] for moment in story["story"] if "report" in moment] == ["opened", "repeated"]
    assert explained["reports"][0]["thread"]["ticket"] == "202611-001"
