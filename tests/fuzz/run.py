"""Feed mangled mails and webhook bodies until a number or a time is reached, or something breaks."""

from __future__ import annotations

import logging
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import structlog

from tests.corpora.reading import samples
from tests.fuzz.bodies import mangle_body
from tests.fuzz.checks import check_body, check_mail
from tests.fuzz.mutate import mutate_mail
from tests.fuzz.on_desk import open_desk
from tests.fuzz.seeds import own_bodies, own_mails

if TYPE_CHECKING:
    from rules.report import Report
    from tests.fuzz.on_desk import RecordingDesk

MAILS_FOR_A_BODY = 5
"""So many mails are fed for each webhook body."""
BATCH = 10
BATCHES_FOR_THE_DESK = 100
"""Every so many batches one goes through a desk with a database."""
LARGEST_SEED = 200_000


@dataclass(frozen=True, slots=True)
class Pool:
    """What is mangled."""

    mails: tuple[bytes, ...]
    bodies: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How far it came, and how it ended."""

    mails: int
    bodies: int
    batches: int
    seconds: float
    slowest: float
    slowest_case: int
    found: Finding | None = None

    def __str__(self) -> str:
        told = (
            f"{self.mails:,} mails and {self.bodies:,} webhook bodies in {self.seconds:.1f} s"
            f" ({self.mails / self.seconds:,.0f} mails/s), {self.batches} batches through a desk;"
            f" slowest {self.slowest * 1000:,.0f} ms (case {self.slowest_case})"
        )
        return f"{told}\n{self.found}" if self.found else f"{told}; nothing found"


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that something does not hold for."""

    seed: int
    case: int
    path: Path
    error: Exception

    def __str__(self) -> str:
        return f"seed {self.seed}, case {self.case}: {self.error!r}\nthe input lies in {self.path}"


class _Case:
    """The inputs of one case, kept for when it fails."""

    def __init__(self, seed: int, number: int) -> None:
        self.seed, self.number = seed, number
        self.random = Random(f"{seed} {number}")
        self.inputs: list[tuple[str, bytes]] = []

    def keep(self, error: Exception) -> Finding:
        """Write the mail of this case, and its webhook body, into a folder of their own."""
        folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{self.seed}-{self.number}-"))
        for suffix, content in self.inputs:
            (folder / f"case.{suffix}").write_bytes(content)
        return Finding(self.seed, self.number, folder, error)


class Fuzz:
    """A run: each case has randomness of its own, so that one can be repeated without those before it."""

    def __init__(self, pool: Pool, seed: int, desk: RecordingDesk) -> None:
        self._pool, self._seed, self._desk = pool, seed, desk
        self._mails = self._bodies = self._batches = 0
        self._slowest, self._slowest_case = 0.0, 0
        self._batch: list[Report] = []

    def run(self, count: int, seconds: float, first: int = 0) -> Outcome:
        """Feed cases from number `first` on, each one mail and every fifth also a webhook body."""
        began = time.perf_counter()
        found = None
        for number in range(first, first + count):
            if time.perf_counter() - began > seconds or (found := self._try(_Case(self._seed, number))):
                break
        return Outcome(
            mails=self._mails,
            bodies=self._bodies,
            batches=self._batches,
            seconds=time.perf_counter() - began,
            slowest=self._slowest,
            slowest_case=self._slowest_case,
            found=found,
        )

    def _try(self, case: _Case) -> Finding | None:
        began = time.thread_time()
        try:
            self._feed(case)
        except Exception as error:  # noqa: BLE001 - what raises is what is looked for
            return case.keep(error)
        if (took := time.thread_time() - began) > self._slowest:
            self._slowest, self._slowest_case = took, case.number
        return None

    def _feed(self, case: _Case) -> None:
        original = mutate_mail(case.random, self._pool.mails)
        case.inputs.append(("eml", original))
        self._mails += 1
        reports: list[Report] = [check_mail(original, f"1.{case.number}", trusted=case.random.random() < 0.7)]
        if case.number % MAILS_FOR_A_BODY == 0:
            body = mangle_body(case.random, self._pool.bodies)
            case.inputs.append(("json", body))
            self._bodies += 1
            reports += check_body(body)
        self._lay_down(case.number, reports)

    def _lay_down(self, number: int, reports: list[Report]) -> None:
        turn = number // BATCH
        if turn % BATCHES_FOR_THE_DESK:
            return
        self._batch += reports
        if number % BATCH == BATCH - 1:
            batch, self._batch = self._batch, []
            self._batches += 1
            self._desk.check_batch(batch)


def fuzz(pool: Pool, *, seed: int, count: int, seconds: float = float("inf"), first: int = 0) -> Outcome:
    """Feed so many mails, or as many as fit into so many seconds."""
    with tempfile.TemporaryDirectory(prefix="fuzz-desk-") as folder, open_desk(Path(folder)) as desk:
        return Fuzz(pool, seed, desk).run(count, seconds, first)


def fuzz_quietly(pool: Pool, seed: int, count: int, seconds: float, first: int) -> Outcome:
    """The same in a process of its own, where only errors are logged."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    return fuzz(pool, seed=seed, count=count, seconds=seconds, first=first)


def own_pool() -> Pool:
    """Our own mails and bodies."""
    return Pool(own_mails(), own_bodies())


def with_corpora(pool: Pool, corpora: Path) -> Pool:
    """The same with every mail and body of the collections in a folder."""
    mails = [*samples(corpora, "mail-*"), *samples(corpora, "bounce-sisimai")]
    bodies = sorted(corpora.glob("alert*/**/*.json"))
    return Pool((*pool.mails, *_read_small([sample.path for sample in mails])), (*pool.bodies, *_read_small(bodies)))


def _read_small(paths: list[Path]) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in paths if path.stat().st_size <= LARGEST_SEED)
