"""The daemon is killed at 20 moments of a mixed stream, and afterwards everything is accounted for."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.accounts import check_letters, find_due_letters
from tests.faults.stream import Stream
from tests.servers.desk import DeskProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

pytestmark = pytest.mark.slow

KILLS = 20


def test_nothing_is_lost_and_nothing_counted_twice(mailbox: ServedMailbox, smtp_sink: SmtpSink) -> None:
    with DeskProcess(mailbox, smtp_port=smtp_sink.port) as desk:
        stream = Stream(desk, mailbox, smtp_sink, random.Random(11))
        _kill_again_and_again(stream, KILLS)
        desk.wait_for(lambda: stream.is_taken() and stream.is_sent())
        stream.check()
        check_letters(desk.reader, smtp_sink.submissions)


def test_nor_is_it_on_postgresql(mailbox: ServedMailbox, smtp_sink: SmtpSink, postgres_url: str) -> None:
    """Letters that a killed daemon had leased wait there for the end of their lease: another daemon may be alive."""
    with DeskProcess(mailbox, smtp_port=smtp_sink.port, database=postgres_url) as desk:
        stream = Stream(desk, mailbox, smtp_sink, random.Random(12))
        _kill_again_and_again(stream, KILLS // 4)
        desk.wait_for(stream.is_taken)
        stream.check()
        desk.wait_for(lambda: not find_due_letters(desk.reader, claimed=False))


def _kill_again_and_again(stream: Stream, times: int) -> None:
    flow = stream.flow()
    for number in range(times):
        _let_flow(flow, until=time.monotonic() + stream.random.uniform(0.05, 0.7))
        stream.desk.kill()
        next(flow)  # comes while nobody is there
        stream.desk.start(ready=number % 2 == 0)  # every other time it is killed while it connects
    stream.desk.wait_for(lambda: stream.desk.get("/-/ready")[0] == 200)


def _let_flow(flow: Iterator[None], *, until: float) -> None:
    while time.monotonic() < until:
        next(flow)
