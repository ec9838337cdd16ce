from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from daemon.__main__ import main
from daemon.cli.init import example_config

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deskd.toml"


def test_the_file_is_for_its_writer_alone(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "-c", str(path)]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"deskd check -c {path}" in capsys.readouterr().out
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_is_there_is_left_alone(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text("mine")
    assert main(["init", "-c", str(path)]) == 1
    assert path.read_text() == "mine"
    assert "--force" in capsys.readouterr().err


def test_force_overwrites_and_closes_the_file(path: Path) -> None:
    path.write_text("mine")
    path.chmod(0o644)
    assert main(["init", "-c", str(path), "--force"]) == 0
    assert path.read_text("utf-8") == example_config()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "-c", str(tmp_path / "none" / "deskd.toml")]) == 1
    assert "No such file or directory" in capsys.readouterr().err
