"""A full disk: alerts get 503, mail waits where it is, and all goes on by itself when there is room again."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.faults.accounts import check_books, check_mails
from tests.samples import ALICE, VPN_SUBJECT
from tests.servers.desk import DeskProcess, compose_alert, compose_mail, compose_notification
from tests.servers.process import ServerAbsentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

BODY = compose_notification([compose_alert("DiskFull", "db1")])


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a disk of 4 MB there; raises ServerAbsentError where that is not allowed."""
    folder.mkdir(exist_ok=True)
    if os.geteuid() != 0:
        raise ServerAbsentError("a small disk", "needs root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        raise ServerAbsentError("a small disk", "cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler:
        try:
            while filler.write(b"\0" * 4096):
                pass
        except OSError:
            return


def test_it_refuses_for_the_time_being_and_goes_on(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    desk = DeskProcess(mailbox, smtp_port=smtp_sink.port)
    with small_disk(desk.state):
        try:
            desk.start()
            filler = desk.state / "filler"
            _fill(filler)
            status, said = desk.post("/alertmanager/prod", BODY)
            assert (status, "full" in said) == (503, True)
            mailbox.deliver(compose_mail(ALICE, VPN_SUBJECT, "x" * 3_000, message_id="<1@corp.example>"))
            desk.wait_for(lambda: '"mailbox.retry"' in desk.log())
            assert len(mailbox.uids()) == 1
            assert desk.get("/-/ready")[0] == 503
            assert desk.get("/-/healthy")[0] == 200
            filler.unlink()
            desk.wait_for(lambda: desk.post("/alertmanager/prod", BODY)[0] == 200)
            desk.wait_for(lambda: not mailbox.uids())
            desk.wait_for(lambda: desk.get("/-/ready")[0] == 200)
            check_books(desk.reader)
            check_mails(desk.reader, mailbox, ["<1@corp.example>"])
        finally:
            desk.kill()
            desk.reader.dispose()
