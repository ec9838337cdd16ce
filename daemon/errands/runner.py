"""Does errands over the counter, as everybody who wants something of the clerk."""

from __future__ import annotations

import asyncio
import queue
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import structlog

from daemon.counter import Counter, CounterClosedError, Do, Receive
from daemon.errands.errand import Drop, Errand, ErrandError, HandedMail, HandIn, Outcome, Release
from daemon.store.database import Connection, DatabaseError
from daemon.store.reports.ledger import find_recorded
from daemon.store.reports.quarantine import drop, find_quarantined, keep_count, take_out
from ingest.alertmanager.notification import NotificationError, read_notification
from ingest.raw_mail import NoWorkerError, RawMail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from daemon.desk import Desk
    from daemon.intake import Reader
    from daemon.store.reports.quarantine import Quarantined
    from rules.report import Mail, Report

log = structlog.get_logger()

#: Seconds that the clerk may take for one step of an errand.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Whoever runs errands of the command line."""

    counter: Counter
    desk: Callable[[], Desk]
    read: Reader
    now: Callable[[], datetime]

    async def run(self, errand: Errand) -> list[Outcome]:
        """Do it, and tell what became of each report after COMMIT. Raises ErrandError where nothing was done."""
        match errand:
            case HandIn():
                return await self._hand_in(errand)
            case Release(entry):
                return [await self._release(entry)]
            case Drop():
                return [await self._drop(errand)]

    async def _hand_in(self, errand: HandIn) -> list[Outcome]:
        raw = [RawMail(each.source, each.key, each.received_at, each.original) for each in errand.mails]
        read = await self._read(raw)
        mails = [_told(mail, each) for mail, each in zip(read, errand.mails, strict=True)]
        decisions = await self._wait(Receive(mails))
        outcomes = await self._wait(Do(lambda connection: [outcome_of(connection, mail) for mail in mails]))
        return [
            replace(outcome, seen_before=decision.seen_before)
            for outcome, decision in zip(outcomes, decisions, strict=True)
        ]

    async def _release(self, entry: int) -> Outcome:
        found: Quarantined | None = await self._wait(Do(lambda connection: find_quarantined(connection, entry)))
        if found is None:
            raise ErrandError(f"{entry} is nothing that lies in quarantine")
        report = await self._read_again(found)
        outcome: Outcome = await self._wait(Do(lambda connection: self._decide_again(connection, found, report)))
        log.info("quarantine.released", entry=entry, verdict=outcome.verdict, ticket=outcome.ticket)
        return outcome

    async def _read_again(self, found: Quarantined) -> Report:
        if found.content is None:
            raise ErrandError(f"{found.id} cannot be decided again: its original is not kept")
        if found.channel == "mail":
            raw = RawMail(found.source, found.key, found.received_at, found.content)
            return (await self._read([raw]))[0]
        try:
            told = read_notification(
                b'{"alerts": [' + found.content + b"]}", source=found.source, received_at=found.received_at
            )
        except NotificationError as error:
            raise ErrandError(f"{found.id} still cannot be read: {error.reason}") from error
        if not told.alerts:
            raise ErrandError(f"{found.id} still cannot be read: {told.refused[0][1]}")
        return told.alerts[0]

    async def _read(self, page: Sequence[RawMail]) -> Sequence[Mail]:
        try:
            return await self.read(page)
        except NoWorkerError as error:
            raise ErrandError(str(error)) from error

    def _decide_again(self, connection: Connection, found: Quarantined, report: Report) -> Outcome:
        """In the clerk's transaction: where it fails once more, all stays as it was."""
        if not take_out(connection, found.id):
            raise ErrandError(f"{found.id} does not lie in quarantine any more")
        self.desk().decide_anew(connection, report)
        keep_count(connection, report.source, report.key, found.seen)
        return outcome_of(connection, report)

    async def _drop(self, errand: Drop) -> Outcome:
        reason = await self._wait(
            Do(lambda connection: drop(connection, errand.entry, by=errand.by, why=errand.why, now=self.now()))
        )
        if reason is None:
            raise ErrandError(f"{errand.entry} is nothing that lies in quarantine")
        log.info("quarantine.dropped", entry=errand.entry, by=errand.by, reason=errand.why)
        return Outcome(verdict="ignored", ticket=None, reason=reason)

    async def _wait(self, item: Receive | Do) -> Any:
        try:
            self.counter.lay_down(item)
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(asyncio.wrap_future(item.answer))
        except DatabaseError as error:
            raise ErrandError(f"the database cannot be used: {error.reason}") from error
        except (CounterClosedError, queue.Full) as error:
            raise ErrandError("the desk takes nothing now") from error
        except TimeoutError as error:
            raise ErrandError("the desk did not answer in time") from error
        except ErrandError:
            raise
        except Exception as error:
            # What the rules met in one report: whoever asked is told, and the log has it whole.
            raise ErrandError(f"it failed: {type(error).__name__}: {error}") from error


def _told(mail: Mail, handed: HandedMail) -> Mail:
    """A mail with what whoever hands it in says of it."""
    notes = (*mail.notes, handed.note) if handed.note else mail.notes
    return replace(mail, imported=handed.silent, notes=notes)


def outcome_of(connection: Connection, report: Report) -> Outcome:
    """What the ledger says of a report."""
    recorded = find_recorded(connection, report.source, report.key)
    return Outcome(verdict=recorded.verdict, ticket=recorded.ticket, reason=recorded.reason)
