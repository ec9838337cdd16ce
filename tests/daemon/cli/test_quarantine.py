"""`deskd quarantine`: what lies there, why, and what becomes of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from daemon.__main__ import main
from daemon.metrics.tally import tally_notification
from daemon.store.database import transaction
from daemon.store.reports.quarantine import list_quarantined, set_aside_alerts
from ingest.alertmanager.notification import read_notification
from tests.daemon.cli.desks import NOW, PRINTER, open_desk, receive_mails, set_aside, write_desk

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

BROKEN_ALERT = b'{"alerts": [{"labels": "none"}]}'


class Quarantine:
    """A desk whose quarantine holds one mail and one alert, and the command."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config = write_desk(folder)
        self.capsys = capsys
        self.status = 0
        notification = read_notification(BROKEN_ALERT, source="prod", received_at=NOW)
        assert tally_notification(notification)
        set_aside(self.config, PRINTER)
        with open_desk(self.config, NOW) as desk, transaction(desk._engine) as connection:
            set_aside_alerts(connection, notification, now=NOW)

    def __call__(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text(*words, "--json").splitlines()]

    def text(self, *words: str) -> str:
        self.capsys.readouterr()
        self.status = main(["quarantine", *words, "-c", str(self.config)])
        return self.capsys.readouterr().out

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with open_desk(self.config, NOW) as desk, transaction(desk._engine) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]


@pytest.fixture
def quarantine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Quarantine:
    return Quarantine(tmp_path, capsys)


def test_the_list_says_what_lies_there_and_why(quarantine: Quarantine) -> None:
    mail, alert = quarantine("list")
    assert mail["reason"] == "ZeroDivisionError: division by zero"
    assert (mail["reporter"], mail["subject"]) == ("wang.fang@corp.example", "三楼打印机坏了")
    assert datetime.fromisoformat(mail["received_at"]) == NOW
    assert alert["reason"] == "labels is not an object"
    text = quarantine.text("list")
    assert text.splitlines()[0].split() == ["ID", "RECEIVED", "SOURCE", "FROM", "SUBJECT", "REASON"]
    assert "三楼打印机坏了" in text


def test_one_is_shown_with_how_it_begins(quarantine: Quarantine) -> None:
    (mail,) = quarantine("show", "1")
    assert mail["size"] == len(PRINTER)
    assert mail["begins"].startswith("From: =?utf-8?b?546L6Iqz?= <wang.fang@corp.example>\nTo:")
    text = quarantine.text("show", "1", "2")
    assert "because ZeroDivisionError: division by zero" in text
    assert "from 王芳 <wang.fang@corp.example>: 三楼打印机坏了" in text
    assert '| {"labels": "none"}' in text


def test_what_is_released_is_decided_as_if_it_came_now(quarantine: Quarantine) -> None:
    (told,) = quarantine("release", "1")
    assert (told["mail"], told["verdict"], told["ticket"]) == ("1", "opened", "202611-001")
    assert quarantine.rows("SELECT source, key, verdict FROM ledger WHERE channel = 'mail'") == [
        ("support", "1.1", "opened")
    ]
    assert ("receipt",) in quarantine.rows("SELECT template FROM letters")
    assert quarantine.rows("SELECT count(*) FROM originals WHERE source = 'support'") == [(1,)]
    assert quarantine.status == 0


def test_it_keeps_how_often_it_arrived_and_was_decided(quarantine: Quarantine) -> None:
    receive_mails(quarantine.config, PRINTER)
    quarantine("release", "1")
    assert quarantine.rows("SELECT seen FROM ledger WHERE source = 'support'") == [(3,)]


def test_an_alert_that_still_cannot_be_read_stays_there(quarantine: Quarantine) -> None:
    (told,) = quarantine("release", "2")
    assert told == {"mail": "2", "error": "2 still cannot be read: labels is not an object"}
    assert quarantine.status == 1
    assert len(quarantine("list")) == 2


def test_a_mail_that_fails_again_stays_there(quarantine: Quarantine) -> None:
    receive_mails(quarantine.config, b"", PRINTER.replace(b"<printer@", b"<earlier@"))
    with open_desk(quarantine.config, NOW) as desk, transaction(desk._engine) as connection:
        connection.exec_driver_sql("UPDATE tickets SET milestones = '{'")
    (told,) = quarantine("release", "1")
    assert told["error"].startswith("it failed: JSONDecodeError: ")
    assert quarantine.rows("SELECT verdict FROM ledger WHERE key = '1.1'") == [("quarantined",)]


def test_what_is_dropped_stays_in_the_ledger_with_who_and_why(
    quarantine: Quarantine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "chen.jing")
    (told,) = quarantine("drop", "1", "--why", "an advertisement")
    assert told["verdict"] == "ignored"
    ((verdict, reason),) = quarantine.rows("SELECT verdict, reason FROM ledger WHERE id = 1")
    assert verdict == "ignored"
    assert reason.startswith("dropped from quarantine by chen.jing: an advertisement (it was there because: ZeroDiv")
    assert quarantine.rows("SELECT count(*) FROM originals WHERE source = 'support'") == [(1,)]
    assert len(quarantine("list")) == 1


@pytest.mark.parametrize("words", [["release", "9"], ["drop", "9", "--why", "x"], ["show", "9"]], ids=" ".join)
def test_what_does_not_lie_there_is_told(words: list[str], quarantine: Quarantine) -> None:
    quarantine(*words)
    assert quarantine.status == 1


def test_an_original_that_is_no_longer_kept_cannot_be_released(quarantine: Quarantine) -> None:
    with open_desk(quarantine.config, NOW) as desk, transaction(desk._engine) as connection:
        connection.exec_driver_sql("DELETE FROM originals")
        assert [one.id for one in _listed(connection)] == [1, 2]
    (told,) = quarantine("release", "1")
    assert told["error"] == "1 cannot be decided again: its original is not kept"


def _listed(connection: Connection) -> list[Any]:
    return list(list_quarantined(connection))
