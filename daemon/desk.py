"""The one clerk: takes what lies on the counter, decides it, and records the batch in one transaction.

Gather, decide, record: facts are gathered for the whole batch inside its transaction, every decision is applied to
them before the next item is decided, and only after COMMIT is anybody answered. Nobody else changes a ticket.
"""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from daemon.counter import Counter, Do, Item, Receive
from daemon.gate import pass_gate
from daemon.looks import Looks
from daemon.metrics.tally import tally, tally_withdrawn
from daemon.store.database import Connection, DatabaseError, Engine, transaction
from daemon.store.gather import Standing, find_due, gather_facts, gather_tickets
from daemon.store.letters.reach import find_reach
from daemon.store.letters.withdrawn import withdraw_letters
from daemon.store.record import Decided, postpone, record_decisions
from daemon.store.reports.ledger import find_verdict
from daemon.store.reports.quarantine import bare, storable
from daemon.store.tallies import add_tallies
from rules.decide import decide
from rules.deciding.decide_due import decide_due
from rules.deciding.decide_letter import decide_undelivered
from rules.decision import Decision
from rules.facts import Facts, SentLetter, apply
from rules.letters.resting import is_dead_address
from rules.report import Mail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from daemon.metrics.tally import Amounts
    from daemon.watch import Watch
    from rules.report import Report
    from rules.rulebook import Rulebook
    from rules.ticket import Ticket

    DecideTicket = Callable[[Ticket, Facts, Rulebook, datetime], Decision]

log = structlog.get_logger()

#: So many tickets are looked at in one tick; what is due beyond them is taken in the next, at once.
DUE_AT_ONCE = 100
#: A ticket whose clocks could not be decided is left alone for so long.
TRY_AGAIN_AFTER = timedelta(minutes=15)


class Desk:
    """The clerk. One thread calls `step` again and again; everybody else uses the counter."""

    def __init__(
        self,
        engine: Engine,
        counter: Counter,
        rulebook: Rulebook,
        standing: Standing,
        *,
        clock: Callable[[], datetime],
        watch: Watch,
    ) -> None:
        self._engine = engine
        self._watch = watch
        self._counter = counter
        self._clock = clock
        self._decided: list[Decided] = []
        self.rulebook = rulebook
        self.standing = standing
        self._next_rules = (rulebook, standing)
        self._looks = Looks()

    @property
    def next_rulebook(self) -> Rulebook:
        """The rulebook that holds from the next batch on."""
        return self._next_rules[0]

    def change_rules(self, rulebook: Rulebook, standing: Standing) -> None:
        """Work by another rulebook and with other people, from the next batch on."""
        self._next_rules = (rulebook, standing)

    def step(self, patience: float = 1.0) -> bool:
        """Do what lies on the counter, waiting so many seconds for something; returns whether anything was there."""
        items = self._counter.take(patience)
        self.rulebook, self.standing = self._next_rules
        if items:
            self._do_all(items)
        return bool(items)

    def receive(self, reports: Sequence[Report]) -> list[Decision]:
        """Decide and record reports at once, in the caller's thread: for the desk's own thread and for tests.

        Raises DatabaseError where nothing could be recorded.
        """
        item = Receive(reports)
        self._do_all([item])
        return item.answer.result(timeout=0)

    def decide_anew(self, connection: Connection, report: Report) -> Decision:
        """Decide and record a report as if it came now, within the clerk's transaction: the ledger has let go of it."""
        return self._receive(connection, [Receive([report])])[0].decision

    def tick(self, connection: Connection) -> bool:
        """Decide and record what is due now, within the clerk's transaction; returns whether more is due.

        What waits for somebody to be free is given out too, heartbeats that are missing become alerts, and alerts
        of which there is no word are marked.
        """
        now = self._clock()
        ids = find_due(connection, now, limit=DUE_AT_ONCE)
        if ids:
            taken = {
                decision.ticket.id for decision in self.decide_each(connection, ids, decide_due) if decision.ticket
            }
            postpone(connection, [ticket for ticket in ids if ticket not in taken], now + TRY_AGAIN_AFTER)
        self._looks.take(connection, self, now)
        return len(ids) == DUE_AT_ONCE

    def decide_each(
        self, connection: Connection, ids: Sequence[int], decide_one: DecideTicket, *, announced: bool = True
    ) -> list[Decision]:
        """Decide on tickets themselves, one after the other, and record it; returns the decisions that have events.

        A ticket that cannot be decided is logged and left out. Without `announced` none of it is logged.
        """
        now = self._clock()
        facts = gather_tickets(connection, ids, self.rulebook, self.standing, now)
        decided = []
        for ticket in ids:
            try:
                decision = decide_one(facts.tickets[ticket], facts, self.rulebook, now)
            except Exception as error:
                # One ticket must not stop the clocks of all the others.
                log.exception("clock.failed", ticket=facts.tickets[ticket].number, reason=repr(error))
                continue
            if decision.events:
                facts = apply(facts, None, decision)
                decided.append(Decided(None, decision))
        if decided:
            self._record(connection, decided, facts, now, announced=announced)
        return [item.decision for item in decided]

    def tell_undelivered(self, connection: Connection, failed: Sequence[tuple[SentLetter, str]]) -> None:
        """Record letters that were refused for good, with the reason of each, and tell staff."""
        now = self._clock()
        facts = gather_tickets(connection, {letter.ticket for letter, _ in failed}, self.rulebook, self.standing, now)
        facts = replace(facts, reach=find_reach(connection, {letter.recipient for letter, _ in failed}))
        decided = []
        for letter, reason in failed:
            dead = is_dead_address(reason)
            decision = decide_undelivered(letter, facts, self.rulebook, now, reason=reason, hard=dead)
            facts = apply(facts, None, decision)
            decided.append(Decided(None, decision))
        self._record(connection, decided, facts, now)

    def _do_all(self, items: Sequence[Item]) -> None:
        """Do the items in one transaction; where that fails, each alone, so that none takes its neighbours with it."""
        started = time.perf_counter()
        self._decided.clear()
        try:
            answers = self._in_one_transaction(items)
        except DatabaseError as error:
            if error.lasting:
                self._do_apart(items, error)
            else:
                self._fail(items, error)
        except Exception as error:  # noqa: BLE001 - one bad item must end neither the clerk nor its neighbours
            self._do_apart(items, error)
        else:
            self._watch.works("database")
            _announce(self._decided, started=started)
            for item, answer in zip(items, answers, strict=True):
                item.answer.set_result(answer)

    def _do_each(self, items: Sequence[Item]) -> None:
        for item in items:
            self._do_all([item])

    def _do_apart(self, items: Sequence[Item], error: Exception) -> None:
        if len(items) > 1:
            self._do_each(items)
        else:
            self._quarantine(items[0], error)

    def _fail(self, items: Sequence[Item], error: DatabaseError) -> None:
        self._watch.fails("database", error.reason)
        for item in items:
            item.answer.set_exception(error)

    def _quarantine(self, item: Item, error: Exception) -> None:
        """Split reports that fail together; set aside the one that fails alone."""
        if not isinstance(item, Receive):
            log.error("desk.item_failed", reason=repr(error), exc_info=error)
            item.answer.set_exception(error)
            return
        if len(item.reports) == 1:
            log.error("desk.report_failed", key=item.reports[0].key, reason=repr(error), exc_info=error)
            self._set_aside(item, f"{type(error).__name__}: {error}")
            return
        alone = [Receive([report]) for report in item.reports]
        alone[0].counts = item.counts
        self._do_each(alone)
        failed = next((one.answer.exception() for one in alone if one.answer.exception()), None)
        if failed is not None:
            item.answer.set_exception(failed)
        else:
            item.answer.set_result([one.answer.result()[0] for one in alone])

    def _set_aside(self, item: Receive, reason: str) -> None:
        """Quarantine a report as it is, or else without the words that no database takes; a mail keeps its bytes."""
        report, failed = item.reports[0], Decision(verdict="quarantined", reasons=(storable(reason),))
        answer = self._record_alone(report, failed, item.counts)
        if isinstance(answer, DatabaseError):
            answer = self._record_alone(bare(report), failed, item.counts)
        if isinstance(answer, DatabaseError):
            self._fail([item], answer)
        else:
            item.answer.set_result([answer])

    def _record_alone(self, report: Report, failed: Decision, counts: Amounts) -> Decision | DatabaseError:
        """Record that a report failed, in a transaction of its own; returns what stands in the ledger, or why not.

        What the ledger had of it stays: a word again of an alert that fires, say, is counted and no more.
        """
        started = time.perf_counter()
        self._decided.clear()
        try:
            with transaction(self._engine) as connection:
                now = self._clock()
                known = find_verdict(connection, report.source, report.key)
                decision = replace(failed, verdict=known, seen_before=True) if known else failed
                facts = gather_facts(connection, [], self.rulebook, self.standing, now)
                self._record(connection, [Decided(report, decision)], facts, now, told=[counts])
        except DatabaseError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the same report has failed once already
            return DatabaseError(f"{type(error).__name__}: {error}", lasting=True)
        _announce(self._decided, started=started)
        return decision

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """A transaction; where it is rolled back, what a tick in it remembers of its looks goes back too."""
        looks = self._looks.as_they_are()
        try:
            with transaction(self._engine) as connection:
                yield connection
        except BaseException:
            self._looks = looks
            raise

    def _in_one_transaction(self, items: Sequence[Item]) -> list[Any]:
        with self._transaction() as connection:
            decided = self._receive(connection, [item for item in items if isinstance(item, Receive)])
            answers: list[Any] = []
            rest = iter(decided)
            for item in items:
                match item:
                    case Receive():
                        answers.append([next(rest).decision for _ in item.reports])
                    case Do():
                        answers.append(item.what(connection))
        return answers

    def _receive(self, connection: Connection, items: Sequence[Receive]) -> Sequence[Decided]:
        if not items:
            return []
        reports = [report for item in items for report in item.reports]
        now = self._clock()
        facts = gather_facts(connection, reports, self.rulebook, self.standing, now)
        decided = []
        for report in reports:
            decision = decide(report, facts, self.rulebook, now)
            facts = apply(facts, report, decision)
            decided.append(Decided(report, decision))
        return self._record(connection, decided, facts, now, told=[item.counts for item in items])[: len(decided)]

    def _record(
        self,
        connection: Connection,
        decided: Sequence[Decided],
        facts: Facts,
        now: datetime,
        *,
        told: Sequence[Amounts] = (),
        announced: bool = True,
    ) -> Sequence[Decided]:
        """Let the letters through the gate and write everything down; returns what was decided, then what it added."""
        decided, facts = pass_gate(connection, decided, facts, self.rulebook, self.standing, now)
        record_decisions(connection, decided, facts, self.standing, now)
        if announced:
            self._decided.extend(decided)
        amounts = defaultdict[tuple[str, tuple[str, ...]], float](float)
        for item in decided:
            for name, labels, amount in tally(item.report, item.decision, self.rulebook):
                amounts[name, labels] += amount
        withdrawn = withdraw_letters(connection, set(_left(decided)), now)
        for counts in (*told, tally_withdrawn(withdrawn)):
            for key, amount in counts.items():
                amounts[key] += amount
        add_tallies(connection, amounts)
        return decided


def _proof(report: Report | None) -> str | None:
    """What proves the sender of a mail, or why nothing does."""
    return report.verified_reason if isinstance(report, Mail) else None


def _left(decided: Sequence[Decided]) -> Iterator[int]:
    """The tickets that people have left."""
    for each in (each for item in decided for each in item.decision.whole):
        if each.before is not None and each.ticket is not None and each.ticket.parted is not each.before.parted:
            yield each.ticket.id


def _announce(decided: Sequence[Decided], *, started: float) -> None:
    """Log one line for each report or clock, and one for all resends: only what was committed is told."""
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    resends = Tally[str]()
    for item in decided:
        report, decision = item.report, item.decision
        letters = [letter for each in decision.whole for letter in each.letters]
        if report is not None and decision.seen_before:
            resends[report.source] += 1
            continue
        log.info(
            "report.decided" if report is not None else "clock.decided",
            source=report.source if report is not None else None,
            key=report.key if report is not None else None,
            verdict=decision.verdict,
            ticket=decision.ticket.number if decision.ticket else None,
            reason=decision.why,
            sender=_proof(report),
            letters=len(letters),
            held=sum(bool(letter.held) for letter in letters),
            batch=len(decided),
            milliseconds=milliseconds,
        )
    for source, count in resends.items():
        log.info("report.seen_again", source=source, count=count, milliseconds=milliseconds)
