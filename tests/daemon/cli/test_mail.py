"""`deskd mail replay`: mails out of files, taken in once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from daemon.__main__ import main
from daemon.config.read import read_config
from daemon.store.database import Database, reading
from tests.daemon.cli.desks import PRINTER, receive_mails, write_desk

if TYPE_CHECKING:
    from pathlib import Path

VPN = b"""\
From: Alice <alice@corp.example>
To: support@corp.example
Subject: The VPN is down
Message-ID: <vpn@corp.example>

It does not answer.
"""
MBOX = b"From a Mon Nov 23\n" + VPN + b"\nFrom b Mon Nov 23\n" + PRINTER


class Replay:
    """A desk in a folder, with no daemon, and the command."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config = write_desk(folder)
        self.folder = folder
        self.capsys = capsys
        self.status = 0

    def file(self, name: str, content: bytes = PRINTER) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return str(path)

    def __call__(self, *words: str) -> str:
        self.capsys.readouterr()
        self.status = main(["mail", "replay", *words, "-c", str(self.config)])
        return self.capsys.readouterr().out

    def told(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*words, "--json").splitlines()]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        engine = Database.at(read_config(self.config).database.url.reveal()).open_reader()
        with reading(engine) as connection:
            rows = [tuple(row) for row in connection.exec_driver_sql(statement)]
        engine.dispose()
        return rows


@pytest.fixture
def replay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Replay:
    return Replay(tmp_path, capsys)


def test_a_mail_becomes_a_ticket_and_nobody_is_written_to(replay: Replay) -> None:
    (told,) = replay.told(replay.file("printer.eml"))
    assert (told["verdict"], told["ticket"], told["seen_before"]) == ("opened", "202611-001", False)
    assert replay.rows("SELECT count(*) FROM letters") == [(0,)]
    assert replay.status == 0


def test_with_letters_it_is_answered(replay: Replay) -> None:
    replay(replay.file("printer.eml"), "--letters")
    assert ("receipt",) in replay.rows("SELECT template FROM letters")


def test_a_second_time_changes_nothing(replay: Replay) -> None:
    file = replay.file("printer.eml")
    replay(file)
    (told,) = replay.told(file)
    assert (told["verdict"], told["ticket"], told["seen_before"]) == ("opened", "202611-001", True)
    assert replay(file).startswith(f"{file}: known already: opened ticket 202611-001 (")
    assert replay.rows("SELECT verdict, seen FROM ledger") == [("opened", 3)]


def test_what_came_through_the_mailbox_opens_no_second_ticket(replay: Replay) -> None:
    receive_mails(replay.config, PRINTER)
    (told,) = replay.told(replay.file("printer.eml"))
    assert (told["verdict"], told["ticket"]) == ("ignored", "202611-001")


def test_a_dry_run_tells_and_touches_nothing(replay: Replay) -> None:
    file = replay.file("printer.eml")
    (told,) = replay.told(file, "--dry-run")
    assert (told["verdict"], told["ticket"]) == ("opened", "202611-001")
    assert not (replay.folder / "state").exists()


@pytest.mark.parametrize(
    ("files", "named"),
    [
        pytest.param({"old/cur/1700000001.a:2,S": PRINTER, "old/new/1700000000.b": VPN}, "old", id="a Maildir"),
        pytest.param({"old/2.eml": PRINTER, "old/1.EML": VPN, "old/notes.txt": b"no mail"}, "old", id="a folder"),
        pytest.param({"old.mbox": MBOX}, "old.mbox", id="an mbox"),
    ],
)
def test_many_mails_are_taken_in_their_order(files: dict[str, bytes], named: str, replay: Replay) -> None:
    for name, content in files.items():
        replay.file(name, content)
    told = replay.told(str(replay.folder / named))
    assert [(one["verdict"], one["ticket"]) for one in told] == [("opened", "202611-001"), ("opened", "202611-002")]
    ids = replay.rows("SELECT message_id FROM ledger ORDER BY id")
    assert ids == [("<vpn@corp.example>",), ("<printer@corp.example>",)]


def test_what_cannot_be_read_holds_nobody_up(replay: Replay) -> None:
    empty, good = replay.file("empty.eml", b"\n"), replay.file("good.eml")
    told = replay.told(empty, good, str(replay.folder / "absent.eml"), str(replay.folder / "state"))
    assert [one.get("error", one.get("verdict")) for one in told[:3]] == [
        "it is empty",
        "opened",
        "no such file or directory",
    ]
    assert replay.status == 1


def test_a_mailbox_that_is_not_there_is_a_broken_command(replay: Replay) -> None:
    replay(replay.file("printer.eml"), "--source", "elsewhere")
    assert replay.status == 2


def test_while_another_daemon_holds_the_lock_it_says_so(replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database.at(read_config(replay.config).database.url.reveal())
    (replay.folder / "state").mkdir()
    with database.lock():
        status = main(["mail", "replay", replay.file("printer.eml"), "-c", str(replay.config)])
    assert status == 1
    assert "is in use by another deskd" in capsys.readouterr().err
