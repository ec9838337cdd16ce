"""`deskd keys rotate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.__main__ import main
from daemon.keys import load_keys
from tests.daemon.cli.desks import write_desk

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_new_key_signs_and_the_old_one_still_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_desk(tmp_path)
    (tmp_path / "state").mkdir()
    load_keys(tmp_path / "state")
    assert main(["keys", "rotate", "-c", str(config)]) == 0
    assert load_keys(tmp_path / "state").current == "k2"
    out = capsys.readouterr().out
    assert out.startswith("k2 signs letters once the daemon is reloaded (SIGHUP); answers to letters of k1 still count")


def test_a_key_file_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_desk(tmp_path)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "token-keys.json").write_text("{")
    assert main(["keys", "rotate", "-c", str(config)]) == 1
    assert "the keys cannot be changed" in capsys.readouterr().err
