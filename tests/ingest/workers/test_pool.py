"""Mails read by worker processes, and mails that hang, end or bloat them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ingest.ourselves import Ourselves
from ingest.raw_mail import NoWorkerError, RawMail
from ingest.workers.pool import PoolSettings, WorkerPool
from ingest.workers.process import WorkerProcess
from ingest.workers.worker import Bounds, ReadAsDesk
from tests.ingest.workers import readers
from tests.ingest.workers.readers import read_or_suffer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ingest.workers.process import Ending
    from rules.report import Mail

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PATIENCE = 1.0


@dataclass
class Noted:
    """What the pool told."""

    pids: list[int] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    absences: list[str] = field(default_factory=list)
    complaints: set[str] = field(default_factory=set)
    mails: int = 0

    def started(self, pid: int, complaint: str) -> None:
        self.pids.append(pid)
        self.complaints.add(complaint)

    def absent(self, reason: str) -> None:
        self.absences.append(reason)

    def read(self, seconds: float) -> None:
        assert 0 < seconds < PATIENCE
        self.mails += 1

    def ended(self, pid: int, ending: Ending) -> None:
        assert pid in self.pids
        assert not is_alive(pid)
        self.endings.append(ending)

    def gave_up(self, raw: RawMail, note: str) -> None:
        self.given_up.append(f"{raw.key}: {note}")


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def make_pool(noted: Noted) -> Iterator[Callable[..., WorkerPool]]:
    pools: list[WorkerPool] = []

    def make(**settings: float) -> WorkerPool:
        usual = {"patience": PATIENCE}
        pool = WorkerPool(read_or_suffer, noted, PoolSettings(**(usual | settings)))  # type: ignore[arg-type]
        pools.append(pool)
        return pool

    yield make
    for pool in pools:
        pool.close()


def mail(number: int, header: bytes = b"X-Usual") -> RawMail:
    content = b"From: alice@corp.example\r\nSubject: mail %d\r\n%s: yes\r\n\r\nThe VPN is down." % (number, header)
    return RawMail("support", f"7.{number}", NOW, content)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_page_is_read_as_in_this_process_and_in_its_order(make_pool: Callable[..., WorkerPool], noted: Noted) -> None:
    page = [mail(number) for number in range(250)]
    read = make_pool().read(page)
    here = [ReadAsDesk(Ourselves())(raw) for raw in page]
    assert read == here
    assert [each.original for each in read] == [raw.original for raw in page]
    assert (noted.mails, len(noted.pids), noted.complaints) == (250, 1, {""})


@pytest.mark.parametrize(
    ("header", "ending", "note"),
    [
        pytest.param(readers.LOOP, "slow", "it took more than 1 seconds", id="a reader that loops"),
        pytest.param(readers.EXIT, "died", "the process that tried to ended over it", id="a reader that exits"),
        pytest.param(readers.CRASH, "died", "the process that tried to ended over it", id="a reader that crashes"),
    ],
)
def test_a_mail_that_ends_workers_is_noted_and_its_neighbours_are_read(
    make_pool: Callable[..., WorkerPool], noted: Noted, header: bytes, ending: Ending, note: str
) -> None:
    page = [mail(1), mail(2, header), mail(3), mail(4)]
    read = make_pool().read(page)
    assert [each.subject for each in read] == ["mail 1", "", "mail 3", "mail 4"]
    assert (read[1].key, read[1].original, read[1].notes) == (
        "7.2",
        page[1].original,
        (f"The mail was not read: {note}.",),
    )
    assert noted.given_up == [f"7.2: The mail was not read: {note}."]
    assert noted.endings == [ending, ending]
    assert is_alive(noted.pids[-1])


@pytest.mark.parametrize(
    ("header", "error"),
    [
        pytest.param(readers.DEVOUR, "MemoryError", id="a reader that wants 10 GiB"),
        pytest.param(readers.RAISE, "ZeroDivisionError", id="a reader that raises what nobody foresaw"),
    ],
)
def test_a_reader_that_fails_ends_no_worker(
    make_pool: Callable[..., WorkerPool], noted: Noted, header: bytes, error: str
) -> None:
    read = make_pool().read([mail(1), mail(2, header), mail(3)])
    assert [each.subject for each in read] == ["mail 1", "", "mail 3"]
    assert read[1].notes == (f"the mail could not be read: {error}",)
    assert not noted.endings


def test_a_worker_that_nobody_watches_any_more_ends_by_itself_over_a_mail_that_hangs() -> None:
    worker = WorkerProcess(read_or_suffer, Bounds(memory=768 << 20, alarm=0.2))
    assert worker.read([mail(1), mail(2, readers.LOOP)], patience=30) == ([], "died")
    worker.kill()


def test_what_was_read_before_a_mail_hangs_is_kept(make_pool: Callable[..., WorkerPool], noted: Noted) -> None:
    read = make_pool().read([mail(1, readers.SLOW), mail(2), mail(3, readers.LOOP)])
    assert [each.subject for each in read] == ["mail 1", "mail 2", ""]
    assert noted.mails == 2


def test_a_worker_that_is_killed_while_idle_costs_no_mail(make_pool: Callable[..., WorkerPool], noted: Noted) -> None:
    pool = make_pool()
    pool.read([mail(1)])
    os.kill(noted.pids[0], signal.SIGKILL)
    assert [each.subject for each in pool.read([mail(2), mail(3)])] == ["mail 2", "mail 3"]
    assert (noted.endings, noted.given_up) == (["died"], [])


def test_a_worker_is_replaced_after_so_many_mails(make_pool: Callable[..., WorkerPool], noted: Noted) -> None:
    pool = make_pool(most_mails=3)
    for number in range(4):
        pool.read([mail(number), mail(number)])
    assert noted.endings == ["worn", "worn"]


def test_a_worker_that_holds_much_memory_is_replaced(make_pool: Callable[..., WorkerPool], noted: Noted) -> None:
    pool = make_pool(most_resident=1)
    pool.read([mail(1)])
    assert noted.endings == ["worn"]


def test_threads_have_a_worker_each_up_to_the_most(make_pool: Callable[..., WorkerPool], noted: Noted) -> None:
    pool = make_pool(workers=2)
    read: list[str] = []

    def read_slowly(number: int) -> None:
        read.extend(each.subject for each in pool.read([mail(number, readers.SLOW)]))

    threads = [threading.Thread(target=read_slowly, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == [f"mail {number}" for number in range(5)]
    assert len(noted.pids) == 2


def test_after_the_end_no_worker_is_left_and_none_is_started(
    make_pool: Callable[..., WorkerPool], noted: Noted
) -> None:
    pool = make_pool()
    pool.warm_up()
    pool.close()
    assert not is_alive(noted.pids[0])
    assert noted.endings == ["stopped"]
    with pytest.raises(NoWorkerError, match="the desk is stopping"):
        pool.read([mail(1)])


class EndsAtOnce:
    """A reader over which every new worker ends."""

    def __reduce__(self) -> tuple[Callable[[int], None], tuple[int]]:
        return os._exit, (1,)

    def __call__(self, raw: RawMail) -> Mail:
        raise AssertionError


def test_where_no_worker_can_be_started_the_mails_stay_and_the_observer_knows(noted: Noted) -> None:
    pool = WorkerPool(EndsAtOnce(), noted)
    pool.warm_up()
    with pytest.raises(NoWorkerError, match="a new one ended at once"):
        pool.read([mail(1)])
    assert noted.absences == ["no worker can be started: a new one ended at once"] * 2


STARTS_A_WORKER = """\
from ingest.ourselves import Ourselves
from ingest.workers.process import WorkerProcess
from ingest.workers.worker import Bounds, ReadAsDesk

if __name__ == "__main__":
    WorkerProcess(ReadAsDesk(Ourselves()), Bounds(memory=768 << 20, alarm=9)).kill()
"""


def test_nothing_is_imported_from_the_folder_that_it_is_started_in(tmp_path: Path) -> None:
    folder, script = tmp_path / "somebodys", tmp_path / "start.py"
    folder.mkdir()
    for name in ("html", "multiprocessing", "signal", "ingest"):
        (folder / f"{name}.py").write_text("open('imported', 'a').write(__name__)\n")
    script.write_text(STARTS_A_WORKER)
    subprocess.run([sys.executable, script], cwd=folder, check=True, timeout=60)
    assert not (folder / "imported").exists()
