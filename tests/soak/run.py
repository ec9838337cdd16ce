"""A desk under a mixed stream, killed and restarted again and again, and its books at the end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from signal import SIGTERM
from typing import TYPE_CHECKING

from sqlalchemy import select

from daemon.store import schema
from daemon.store.database import reading
from tests.faults.accounts import check_letters
from tests.faults.stream import Stream
from tests.servers.desk import DeskProcess
from tests.soak.figures import Figures, take_sample

if TYPE_CHECKING:
    from random import Random

    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

SAMPLE_SECONDS = 1.0
STOP_SECONDS = 30.0
SETTLE_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how fast, and how often it is ended."""

    seconds: float
    pace: float
    """Mails and notifications a second, together."""
    life: float
    """Seconds between two ends, more or less; 0 lets it live."""


@dataclass(slots=True)
class Outcome:
    """What a run has come to."""

    figures: Figures
    mails: int = 0
    alerts: int = 0
    letters: int = 0
    kills: int = 0
    stops: int = 0
    troubles: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether the books balance and nothing has grown."""
        return not self.troubles and all(row.kept for row in self.figures.rows())


def soak(plan: Plan, mailbox: ServedMailbox, sink: SmtpSink, random: Random) -> Outcome:
    """Let the stream run through a desk of its own, wait until it has taken everything, and check the books."""
    with DeskProcess(mailbox, smtp_port=sink.port) as desk:
        run = _Run(plan, Stream(desk, mailbox, sink, random))
        run.flow()
        run.balance()
        return run.outcome


class _Run:
    def __init__(self, plan: Plan, stream: Stream) -> None:
        self.outcome = Outcome(Figures(plan.seconds))
        self._plan, self._stream, self._desk = plan, stream, stream.desk
        self._delivered_at: dict[str, float] = {}
        self._began = time.monotonic()
        self._ends_at = self._new_end()

    @property
    def _now(self) -> float:
        return time.monotonic() - self._began

    def flow(self) -> None:
        """Send at the plan's pace, look at the daemon every second, and end it when its time has come."""
        flow, sent, next_sample = self._stream.flow(), 0, SAMPLE_SECONDS
        while self._now < self._plan.seconds:
            next(flow)
            sent += 1
            self._note_delivery()
            if self._now >= next_sample:
                self._sample()
                next_sample = self._now + SAMPLE_SECONDS
            if self._plan.life and self._now >= self._ends_at:
                self._restart()
                sent = int(self._now * self._plan.pace)  # what was not sent meanwhile is not made up for
            # no test waits here for something to happen: this is the pace of the stream
            time.sleep(max(0.0, sent / self._plan.pace - self._now))

    def balance(self) -> None:
        """Wait until everything is taken and sent, and note what does not add up."""
        stream, outcome = self._stream, self.outcome
        try:
            self._desk.wait_for(lambda: stream.is_taken() and stream.is_sent(), SETTLE_SECONDS)
            stream.check()
            check_letters(self._desk.reader, stream.sink.submissions)
            aside = self._desk.rows("SELECT reason FROM ledger WHERE verdict = 'quarantined'")
            assert not aside, f"set aside: {aside[:5]}"
        except (AssertionError, RuntimeError) as error:
            outcome.troubles.append(str(error))
        outcome.mails, outcome.alerts = len(stream.delivered), len(stream.answered)
        outcome.letters = len(stream.sink.submissions)
        self._read_lags()

    def _note_delivery(self) -> None:
        if self._stream.delivered:
            self._delivered_at.setdefault(self._stream.delivered[-1], time.time())

    def _sample(self) -> None:
        assert self._desk.child is not None
        began = time.perf_counter()
        status, _ = self._desk.get("/metrics")
        scrape = time.perf_counter() - began
        if status != 200:
            self.outcome.troubles.append(f"/metrics answered {status} after {self._now:.0f} s")
        elif (sample := take_sample(self._desk.child.pid, self._now, scrape)) is not None:
            self.outcome.figures.samples.append(sample)

    def _restart(self) -> None:
        """End it as a power cut or as an operator would; something comes while nobody is there."""
        assert self._desk.child is not None
        if self._stream.random.random() < 0.5:
            self._desk.kill()
            self.outcome.kills += 1
        else:
            self._desk.child.send(SIGTERM)
            self.outcome.stops += 1
            if (status := self._desk.child.wait(STOP_SECONDS)) != 0:
                self.outcome.troubles.append(f"SIGTERM ended it with {status}")
        self._desk.start()
        self._ends_at = self._new_end()

    def _new_end(self) -> float:
        return self._now + self._plan.life * self._stream.random.uniform(0.5, 1.5)

    def _read_lags(self) -> None:
        """How long each mail took; those that came while the daemon was down wait longer, and count too."""
        offset = time.time() - self._now
        table = schema.ledger.c
        statement = select(table.message_id, table.decided_at).where(table.channel == "mail")
        with reading(self._desk.reader) as connection:
            for message_id, decided_at in connection.execute(statement):
                if delivered_at := self._delivered_at.get(message_id):
                    lag = max(0.0, decided_at.timestamp() - delivered_at)
                    self.outcome.figures.lags.append((delivered_at - offset, lag))
