"""What `deskd check` says of the processes that read mails."""

from __future__ import annotations

import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from daemon.check.finding import Finding
from daemon.check.reading import check_reading
from ingest.ourselves import Ourselves

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@contextmanager
def no_more_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_worker_is_tried() -> None:
    assert check_reading(Ourselves()) == [Finding("ok", "reading", "a worker starts, and has at most 768 MiB")]


def test_a_machine_that_gives_no_process_is_told() -> None:
    with no_more_files():
        (finding,) = check_reading(Ourselves())
    assert finding.grade == "FAIL"
    assert finding.says.startswith("no worker can be started: ")
