"""The database is restored from an older backup: what Dovecot still has becomes tickets again, and nothing twice."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.accounts import check_books
from tests.samples import ALICE, VPN_SUBJECT, VPN_TEXT
from tests.servers.desk import DONE_FOLDER, DeskProcess, compose_mail

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.dovecot import ServedMailbox

pytestmark = pytest.mark.slow


def _mail(number: int) -> bytes:
    return compose_mail(ALICE, f"{VPN_SUBJECT} {number}", VPN_TEXT, message_id=f"<{number}@corp.example>")


def _run(desk: DeskProcess, *words: str) -> tuple[int, list[dict[str, Any]]]:
    command = [sys.executable, "-m", "daemon", *words, "--json", "-c", str(desk.config)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert not done.stderr, done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def _wait_until_filed(desk: DeskProcess, mailbox: ServedMailbox, count: int) -> None:
    desk.wait_for_rows("SELECT 1 FROM ledger", count)
    desk.wait_for(lambda: not mailbox.uids())


def _backup(desk: DeskProcess, copy: Path) -> None:
    desk.kill()
    shutil.copytree(desk.state, copy, ignore=shutil.ignore_patterns("*.sock"))


def _restore(desk: DeskProcess, copy: Path) -> None:
    desk.kill()
    desk.reader.dispose()
    shutil.rmtree(desk.state)
    shutil.copytree(copy, desk.state)


def test_what_came_after_the_backup_is_taken_in_once_and_in_silence(mailbox: ServedMailbox, tmp_path: Path) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    with DeskProcess(mailbox) as desk:
        mailbox.deliver(_mail(1))
        _wait_until_filed(desk, mailbox, 1)
        _backup(desk, tmp_path / "backup")
        desk.start()
        mailbox.deliver(_mail(2))
        mailbox.deliver(_mail(3))
        _wait_until_filed(desk, mailbox, 3)
        _restore(desk, tmp_path / "backup")
        desk.start()
        before = desk.rows("SELECT count(*) FROM letters")

        status, told = _run(desk, "reimport", "--since", since.isoformat())
        assert status == 0
        assert [one["mail"].rpartition(" ")[0] for one in told] == [f"support {DONE_FOLDER}"] * 2
        assert desk.rows("SELECT message_id, seen FROM ledger ORDER BY id") == [
            (f"<{number}@corp.example>", 1) for number in (1, 2, 3)
        ]
        assert desk.rows("SELECT count(*) FROM letters") == before
        assert _run(desk, "reimport", "--since", since.isoformat()) == (0, [])
        later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        assert _run(desk, "reimport", "--since", later, "--mailbox", "support") == (0, [])
        assert len(mailbox.uids(DONE_FOLDER)) == 3
        check_books(desk.reader)


def test_without_a_daemon_the_inbox_is_taken_in_too_and_the_daemon_knows_it(mailbox: ServedMailbox) -> None:
    with DeskProcess(mailbox) as desk:
        desk.kill()
        mailbox.deliver(_mail(1))
        mailbox.deliver(_mail(2))
        since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        status, told = _run(desk, "reimport", "--since", since)
        assert status == 1  # nothing was ever recorded: there is no folder of recorded mail
        assert [one.get("verdict", "") for one in told][1:] == ["opened", "repeated"]
        desk.start()
        desk.wait_for(lambda: not mailbox.uids())
        assert desk.rows("SELECT count(*) FROM tickets") == [(1,)]
        check_books(desk.reader)


def test_the_running_daemon_takes_errands_of_its_own_user_alone(mailbox: ServedMailbox) -> None:
    with DeskProcess(mailbox) as desk:
        assert (desk.state / "deskd.sock").stat().st_mode & 0o777 == 0o600
        file = desk.base / "mail.eml"
        file.write_bytes(_mail(1))
        status, (told,) = _run(desk, "mail", "replay", str(file), "--letters")
        assert (status, told["verdict"], told["ticket"]) == (0, "opened", desk.rows("SELECT number FROM tickets")[0][0])
        assert '"report.decided"' in desk.log()
        desk.wait_for_rows("SELECT 1 FROM letters WHERE state = 'sent'", 2)
        assert _run(desk, "quarantine", "release", "1")[0] == 1
