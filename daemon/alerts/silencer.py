"""Keeps silences at Alertmanager as their tickets want them: claimed over the counter, set, and the outcome recorded.

The ticket's transaction says what is wanted, and only after its COMMIT is Alertmanager asked. What could not be asked
is due again: in the database, so that a restart forgets none.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, assert_never

import structlog

from daemon.alerts.silence_api import EndedByHand, Expired, Stands, expire_silence, set_silence
from daemon.asking import ask
from daemon.store.alerts.silences import claim_silences, end_claims, find_claimed, settle_silences
from daemon.store.gather import load_tickets
from ingest.alertmanager.api import AlertmanagerError, first_answer
from rules.deciding.decide_silence import decide_silence_failed, decide_silence_over, decide_silence_set
from rules.silences.kept import (
    ExpireSilence,
    GiveUp,
    KeptSilence,
    SetSilence,
    after_expiry,
    after_failure,
    after_set,
    is_to_be_told,
    next_step,
    wanted_labels,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from daemon.alerts.silence_api import SilenceApi
    from daemon.counter import Counter
    from daemon.desk import Desk
    from daemon.store.database import Connection
    from rules.silences.kept import Step
    from rules.ticket import Ticket

log = structlog.get_logger()

#: So many silences are looked after at once.
AT_ONCE = 20
#: Longer than all questions about one silence may take, so that no other daemon asks them meanwhile.
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done about one silence."""

    silence: KeptSilence
    step: SetSilence | ExpireSilence
    number: str
    """Of the ticket."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Alertmanager did not do it."""

    reason: str


Outcome = Stands | Expired | EndedByHand | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Silencer:
    """Looks after the silences of all tickets."""

    counter: Counter
    desk: Callable[[], Desk]
    apis: Callable[[str], Sequence[SilenceApi]]
    """The Alertmanagers of a source, in the order in which they are asked; none where they cannot be."""
    claim_name: str
    """Unique to this start of this daemon: whose lease it is."""
    now: Callable[[], datetime]

    async def step(self) -> bool:
        """Do what is due; returns whether there was anything."""
        tasks = await ask(self.counter, self._claim)
        if tasks:
            outcomes = await asyncio.gather(*map(self._do, tasks))
            done = list(zip(tasks, outcomes, strict=True))
            settled = await ask(self.counter, lambda connection: self._settle(connection, done))
            for task, outcome in done:
                _announce(task, outcome, taken_over=task.silence.ticket not in settled)
        return bool(tasks)

    async def release(self) -> None:
        """Give back what is claimed and was not settled."""
        await ask(self.counter, lambda connection: end_claims(connection, claim=self.claim_name))

    def _claim(self, connection: Connection) -> list[Task]:
        now, desk = self.now(), self.desk()
        due = claim_silences(connection, limit=AT_ONCE, claim=self.claim_name, lease=LEASE, now=now)
        tickets = load_tickets(connection, {silence.ticket for silence in due})
        tasks = []
        for silence in due:
            ticket = tickets[silence.ticket]
            match next_step(silence, ticket, desk.rulebook, now):
                case GiveUp() as step:
                    desk.decide_each(connection, [ticket.id], partial(decide_silence_over, silence=silence, step=step))
                    tasks.append(Task(silence, ExpireSilence(), ticket.number))
                case SetSilence() | ExpireSilence() as step:
                    tasks.append(Task(silence, step, ticket.number))
        return tasks

    async def _do(self, task: Task) -> Outcome:
        apis = self.apis(task.silence.source)
        if not apis:
            return Failed("no api is configured for this source")
        try:
            return await first_answer(apis, lambda api: self._act(api, task.silence, task.step, task.number))
        except AlertmanagerError as error:
            return Failed(error.reason)

    async def _act(self, api: SilenceApi, silence: KeptSilence, step: Step, number: str) -> Outcome:
        comment = f"ticket {number} of the desk at {self.desk().standing.domain}"
        match step:
            case SetSilence():
                return await set_silence(api, silence, comment, step=step, now=self.now())
            case _:
                return await expire_silence(api, silence, comment)

    def _settle(self, connection: Connection, done: Sequence[tuple[Task, Outcome]]) -> Collection[int]:
        """Record what came of each that nobody else has taken over; its ticket may have ended it meanwhile.

        Returns the tickets of those that were.
        """
        ours = find_claimed(connection, [task.silence.ticket for task, _ in done], claim=self.claim_name)
        tickets = load_tickets(connection, ours)
        for task, outcome in done:
            if silence := ours.get(task.silence.ticket):
                self._settle_one(connection, silence, tickets[silence.ticket], outcome)
        return ours

    def _settle_one(self, connection: Connection, silence: KeptSilence, ticket: Ticket, outcome: Outcome) -> None:
        now, decide_each = self.now(), partial(self.desk().decide_each, connection, [silence.ticket])
        match outcome:
            case Stands(ids, ends_at, labels):
                as_wanted = labels == wanted_labels(silence, ticket, self.desk().rulebook)
                settle_silences(connection, [after_set(silence, ids, ends_at, now, as_wanted=as_wanted)])
                decide_each(partial(decide_silence_set, silence=", ".join(ids)))
            case Expired():
                settle_silences(connection, [after_expiry(silence, now)])
            case EndedByHand() if silence.state == "wanted":  # anew, since it was found ended
                settle_silences(connection, [after_expiry(silence, now)])
            case EndedByHand():
                settle_silences(connection, [after_expiry(replace(silence, state="ending"), now)])
                decide_each(partial(decide_silence_over, silence=silence, step=GiveUp("by-hand")))
            case Failed(reason):
                failed = after_failure(silence, now)
                told = is_to_be_told(failed, now)
                settle_silences(connection, [replace(failed, told_failing=failed.told_failing or told)])
                if told:
                    decide_each(partial(decide_silence_failed, silence=silence, reason=reason))
            case _:
                assert_never(outcome)


def _announce(task: Task, outcome: Outcome, *, taken_over: bool) -> None:
    """Log one line for what is recorded; of what another daemon took over it says just that."""
    tell = log.warning if isinstance(outcome, Failed) and not taken_over else log.info
    tell(
        "silence.settled",
        ticket=task.number,
        source=task.silence.source,
        verdict="taken over" if taken_over else type(outcome).__name__,
        reason=outcome.reason if isinstance(outcome, Failed) else None,
    )
