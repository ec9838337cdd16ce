"""What happens to the processes that read mails, under the real daemon."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bench.process import family_of
from tests.samples import ALICE, VPN_SUBJECT, VPN_TEXT
from tests.servers.desk import DeskProcess, compose_mail
from tests.servers.process import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.dovecot import ServedMailbox

pytestmark = pytest.mark.slow

RECORDED = "SELECT key FROM ledger WHERE channel = 'mail' AND verdict IN ('opened', 'repeated', 'appended')"


@pytest.fixture
def desk(mailbox: ServedMailbox) -> Iterator[DeskProcess]:
    with DeskProcess(mailbox) as desk:
        yield desk


def _pid(desk: DeskProcess) -> int:
    assert desk.child is not None
    return desk.child.pid


def _family(desk: DeskProcess) -> list[int]:
    return family_of(_pid(desk))


def _worker(desk: DeskProcess) -> int:
    """The youngest of the family: what the server of forks has made."""
    return _family(desk)[-1]


def _server_of_forks(desk: DeskProcess) -> int:
    return int(Path(f"/proc/{_worker(desk)}/stat").read_text().rpartition(")")[2].split()[1])


def _kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def _suspend(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)


def _send(mailbox: ServedMailbox, count: int) -> None:
    ids = [f"<{number}@corp.example>" for number in range(count)]
    mailbox.append(*(compose_mail(ALICE, VPN_SUBJECT, f"{VPN_TEXT} {each}", message_id=each) for each in ids))


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        pytest.param(lambda desk: _suspend(_worker(desk)), "slow", id="a worker that does nothing"),
        pytest.param(lambda desk: _kill(_worker(desk)), "died", id="a worker that is killed"),
        pytest.param(
            lambda desk: _kill(_server_of_forks(desk), _worker(desk)), "died", id="with it the server of forks"
        ),
    ],
)
def test_a_worker_is_replaced_and_no_mail_is_lost(
    desk: DeskProcess, mailbox: ServedMailbox, harm: Callable[[DeskProcess], None], reason: str
) -> None:
    harm(desk)
    _send(mailbox, 5)
    desk.wait_for_rows(RECORDED, 5, 30)
    metrics = [line for line in desk.get("/metrics")[1].splitlines() if "read_worker" in line]
    assert f'deskd_read_workers_ended_total{{reason="{reason}"}} 1.0' in metrics
    assert "mail.unread" not in desk.log(), desk.log()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_worker_outlives_the_daemon(desk: DeskProcess, number: signal.Signals) -> None:
    family = _family(desk)
    os.kill(_pid(desk), number)
    _wait_until_gone(desk, family)
    assert "Traceback" not in desk.log()


def test_an_interrupt_from_the_terminal_reaches_everybody_and_ends_the_daemon_alone(desk: DeskProcess) -> None:
    family = _family(desk)
    for member in reversed(family):
        os.kill(member, signal.SIGINT)
    _wait_until_gone(desk, family)
    assert "Traceback" not in desk.log()
    assert '"reason":"died"' not in desk.log().replace(" ", "")


def _wait_until_gone(desk: DeskProcess, family: list[int]) -> None:
    assert desk.child is not None
    desk.child.wait(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while left := [member for member in family if _is_running(member)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


def _is_running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
