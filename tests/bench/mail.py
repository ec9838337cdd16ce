"""Mails from Dovecot into tickets, and then their letters."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.bench.results import Line, Mark, percentile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.desk import MeasuredDesk
    from tests.bench.stage import Stage

MAILS = Mark(at_least=300)
LETTERS = Mark(at_least=300)
WAITING_ROOM = "Waiting"


def measure_mails(stage: Stage) -> Iterator[Line]:
    """From the moment all mails lie in the INBOX to the commit of the last; the courier waits for the mail server."""
    desk, total = stage.desk, len(stage.corpus.mails)
    _fill_waiting_room(stage)
    before = desk.usage()
    began = _let_in(stage)
    desk.wait_long_for(lambda: desk.count("ledger WHERE channel = 'mail'") >= total)
    seconds, after = time.time() - began, desk.usage()
    waited = _seconds_until_decided(desk, began)
    assert not stage.sink.arrivals, "the courier was to be idle"
    letters = desk.count("letters")
    yield Line(
        name="mails from Dovecot into tickets",
        value=total / seconds,
        p50=percentile(waited, 0.5) * 1000,
        p99=percentile(waited, 0.99) * 1000,
        cpu=(after.cpu - before.cpu) / total,
        peak=after.peak,
        mark=MAILS,
        note=f"{total:,} at once; p50 and p99 are how long one waited for its turn; {letters:,} letters recorded",
    )


def measure_letters(stage: Stage) -> Iterator[Line]:
    """From the first answer of the mail server to the moment the last letter is settled."""
    desk, sink = stage.desk, stage.sink
    total = desk.count("letters WHERE state <> 'sent'")
    before, began = desk.usage(), time.monotonic()
    sink.open()
    desk.wait_long_for(lambda: not desk.count("letters WHERE state <> 'sent'"))
    seconds, after = time.monotonic() - began, desk.usage()
    assert len(sink.arrivals) == total, "every letter goes once"
    yield Line(
        name="letters rendered and sent",
        value=total / seconds,
        cpu=(after.cpu - before.cpu) / total,
        peak=after.peak,
        mark=LETTERS,
        note=f"{total:,} letters to a local sink, over as many connections as the courier likes",
    )


def _fill_waiting_room(stage: Stage) -> None:
    with stage.mailbox.session() as client:
        client.create(WAITING_ROOM)
    stage.mailbox.append(*stage.corpus.mails, folder=WAITING_ROOM)


def _let_in(stage: Stage) -> float:
    """Move all mails into the INBOX in one command; returns when that was done, in seconds since 1970."""
    with stage.mailbox.session(WAITING_ROOM) as client:
        client.sock.settimeout(60)
        status, data = client.uid("MOVE", "1:*", "INBOX")
        assert status == "OK", data
    return time.time()


def _seconds_until_decided(desk: MeasuredDesk, began: float) -> list[float]:
    """For each mail, when its batch was begun. SQLite keeps microseconds since 1970."""
    moments = desk.rows("SELECT decided_at FROM ledger WHERE channel = 'mail'")
    return [decided / 1_000_000 - began for (decided,) in moments]
