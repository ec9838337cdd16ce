"""`deskd verify`."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from daemon.__main__ import main
from tests.daemon.cli.desks import PRINTER, receive_mails, write_desk

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_sound_desk_is_said_to_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_desk(tmp_path)
    receive_mails(path, PRINTER)
    assert main(["verify", "-c", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(" events: all agree")


def test_a_ticket_that_was_tampered_with_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_desk(tmp_path)
    receive_mails(path, PRINTER)
    with sqlite3.connect(next(tmp_path.rglob("*.sqlite3"))) as database:
        database.execute("UPDATE tickets SET assignee = 'mallory@evil.example'")
    database.close()
    assert main(["verify", "-c", str(path)]) == 1
    assert "its events give another assignee" in capsys.readouterr().out


def test_without_a_database_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_desk(tmp_path)
    assert main(["verify", "-c", str(path)]) == 1
    assert "cannot be read" in capsys.readouterr().err
