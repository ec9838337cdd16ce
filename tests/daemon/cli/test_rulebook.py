from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from daemon.__main__ import main
from daemon.config.read import read_config
from tests.daemon.cli.desks import CONFIG, write_desk

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = (files("rules") / "rulebooks" / "enterprise-itsm.toml").read_text("utf-8")

OURS = """\
name = "ours"
extends = "enterprise-itsm"

[priority.by_kind]
complaint = "P1"

[[examples]]
name = "a complaint"
mail = { subject = "Complaint", text = "Nobody answers, this is unacceptable" }
wanted = { kind = "complaint", priority = "P1", clocks = { response = "30m" } }
"""


def check(folder: Path, text: str) -> int:
    file = folder / "ours.toml"
    file.write_text(text, encoding="utf-8")
    return main(["rulebook", "check", str(file)])


def test_the_shipped_ones_are_listed_with_their_titles(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rulebook", "list"]) == 0
    listed = [re.split(" {2,}", line) for line in capsys.readouterr().out.splitlines()]
    assert ["enterprise-itsm", "Enterprise IT service desk", "企业 IT 服务台"] in listed


def test_one_is_shown_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rulebook", "show", "enterprise-itsm"]) == 0
    assert capsys.readouterr().out == SHIPPED


def test_the_shipped_one_passes_its_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rulebook", "check", "enterprise-itsm"]) == 0
    assert "enterprise-itsm: 16 of 16 examples come out as wanted\n" in capsys.readouterr().out


def test_one_that_extends_it_is_checked_by_its_own_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, OURS) == 0
    assert "ours: 1 of 1 examples come out as wanted\n" in capsys.readouterr().out


def test_a_miss_is_status_1_with_its_line_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, OURS.replace('complaint = "P1"', 'complaint = "P2"')) == 1
    told = capsys.readouterr().out
    assert f"{tmp_path}/ours.toml:10: examples[0].wanted.priority: wanted P1, got P2 (a complaint)\n" in told
    assert f"{tmp_path}/ours.toml:10: examples[0].wanted.clocks.response: wanted 30m, got 1h (a complaint)\n" in told
    assert told.count("    because kind complaint: ") == 1
    assert "ours: 0 of 1 examples come out as wanted\n" in told


def test_every_mistake_is_told_with_key_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, OURS.replace('"P1"', '"P7"', 1).replace("kind =", "knd =")) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{tmp_path}/ours.toml:5: priority.by_kind.complaint: 'P7' is none of")
    assert second.startswith(
        f"{tmp_path}/ours.toml:10: examples[0].wanted.knd: there is no such key; did you mean 'kind'"
    )


def test_one_without_examples_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, OURS.partition("[[examples]]")[0]) == 0
    assert "ours: no examples\n" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["show", "check"])
def test_a_name_that_is_not_there_is_status_2(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rulebook", word, "enterprise"]) == 2
    assert "no rulebook called 'enterprise' is shipped; did you mean 'enterprise-itsm'?" in capsys.readouterr().err


def test_a_mail_is_explained_by_a_rulebook_that_extends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ours.toml").write_text(OURS, encoding="utf-8")
    mail = tmp_path / "complaint.eml"
    mail.write_text("From: Alice <alice@corp.example>\nSubject: Complaint\n\nNobody answers\n", encoding="utf-8")
    assert main(["explain", "--rulebook", str(tmp_path / "ours.toml"), str(mail)]) == 0
    assert "complaint, other, P1" in capsys.readouterr().out


def test_a_desk_may_work_by_a_rulebook_that_extends(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(OURS, encoding="utf-8")
    config = read_config(write_desk(tmp_path, CONFIG.replace("rulebook.toml", "ours.toml")))
    assert (config.rulebook.name, config.rulebook.priority.by_kind["complaint"]) == ("ours", "P1")
