"""Plays the scenes on the stage, hears what becomes of each step, and tells the screen."""

from __future__ import annotations

import asyncio
import email
import email.policy
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from daemon.demo.configuration import ALERTMANAGER
from daemon.demo.found import Arrived, Found, Outcome
from daemon.demo.mails import compose, message_id
from daemon.demo.script import AlertStep, MailStep, Scene, Step
from daemon.demo.webhooks import notification

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from email.message import EmailMessage

    from daemon.demo.records import Entry, Escalation, Records, Written
    from daemon.demo.smtp_server import Delivered
    from daemon.demo.stage import Stage

#: Seconds that a scene may take until its last verdict and its last letter.
SCENE_WITHIN = 20.0
SEEN_AGAIN = "seen again"


class Telling(Protocol):
    """What the director has told to people."""

    def scene(self, title: str) -> None:
        """A scene begins."""

    def mail(self, message: EmailMessage) -> None:
        """A mail to the desk arrives."""

    def notification(self, step: AlertStep) -> None:
        """Alertmanager posts a notification."""

    def decided(self, verdict: str, entry: Entry | None, reason: str) -> None:
        """The daemon has decided a report."""

    def escalated(self, escalation: Escalation) -> None:
        """A rung was taken."""

    def letter(self, letter: Delivered, written: Written | None) -> None:
        """A letter has arrived."""


class Director:
    """The audience of a stage, and who decides what comes next on it."""

    def __init__(self, telling: Telling, records: Records, *, pause: float = 0.0) -> None:
        self._telling = telling
        self._records = records
        self._pause = pause
        self._changed = asyncio.Event()
        self._mails: dict[str, str] = {}
        self._posting: str | None = None
        self._day_begins = datetime.now(UTC) - timedelta(minutes=10)
        self.found = Found()

    async def play(self, scenes: Sequence[Scene], stage: Stage) -> None:
        """Play the scenes one after the other."""
        for scene in scenes:
            self._telling.scene(scene.title)
            for step in scene.steps:
                await self._step(step, stage)
                await asyncio.sleep(self._pause)
            await self._until(partial(self._is_over, scene), f"the scene '{scene.title}' has not ended")
        self.found.totals = self._records.totals()

    def mail_arrives(self, original: bytes) -> None:
        """A mail to the desk lies in its mailbox."""
        self._telling.mail(email.message_from_bytes(original, policy=email.policy.default))

    def daemon_says(self, said: Mapping[str, Any]) -> None:
        """Hear what was decided; of other lines of the log nothing is told here."""
        match said:
            case {"event": "report.decided", "source": str(source), "key": str(key), "verdict": str(verdict)}:
                self._decided(source, key, verdict, said)
            case {"event": "report.seen_again", "source": str(source), "count": int(count)}:
                self._seen_again(source, count)
            case {"event": "clock.decided", "ticket": str(), "letters": int(letters)}:
                self.found.announced += letters
                self._tell_escalations(str(said.get("reason", "")))
        self._changed.set()

    def letter_arrives(self, letter: Delivered) -> None:
        """A letter of the desk reached its recipient."""
        identity = str(letter.message["Message-ID"])
        written = self._records.written(identity)
        self.found.arrived.append(Arrived(letter, written))
        self._telling.letter(letter, written)
        self._changed.set()

    def _decided(self, source: str, key: str, verdict: str, said: Mapping[str, Any]) -> None:
        entry = self._records.entry(source, key)
        self.found.announced += int(said.get("letters", 0))
        step = self._posting if source == ALERTMANAGER else self._mails.get(entry.message_id or "") if entry else None
        if step is not None:
            self.found.outcomes.setdefault(step, []).append(Outcome(verdict, entry))
        self._telling.decided(verdict, entry, str(said.get("reason", "")))
        self._tell_escalations(str(said.get("reason", "")))

    def _seen_again(self, source: str, count: int) -> None:
        if source == ALERTMANAGER and self._posting is not None:
            self.found.outcomes.setdefault(self._posting, []).extend([Outcome(SEEN_AGAIN, None)] * count)
        self._telling.decided(SEEN_AGAIN, None, f"{count} of its alerts came before in this state: only counted")

    def _tell_escalations(self, why: str) -> None:
        """Tell the rungs of this decision; those of later decisions of the same transaction have another reason."""
        taken = self._records.escalations()
        for escalation in taken[len(self.found.escalations) :]:
            if escalation.reason not in why:
                return
            self.found.escalations.append(escalation)
            self._telling.escalated(escalation)

    async def _step(self, step: Step, stage: Stage) -> None:
        match step:
            case MailStep():
                await self._write(step, stage)
            case AlertStep():
                self._posting = step.name
                self._telling.notification(step)
                await stage.notify(notification(step.alerts, day_begins=self._day_begins))
                await self._until(lambda: self._is_decided(step), f"{step.name} was not decided")

    async def _write(self, step: MailStep, stage: Stage) -> None:
        answered = self._answered(step)
        if step.answering and answered is None:
            self.found.troubles.append(f"{step.name} could not be played: its letter never came")
            return
        self._mails[message_id(step)] = step.name
        await stage.send(step.sender.address, compose(step, datetime.now(UTC), answered))

    def _answered(self, step: MailStep) -> EmailMessage | None:
        if step.answering is None:
            return None
        number = self.found.number(step.answering.ticket)
        for one in self.found.arrived:
            about = (one.written.ticket, one.written.template) if one.written else None
            if about == (number, step.answering.template) and one.letter.recipient == step.sender.address:
                return one.letter.message
        return None

    def _is_over(self, scene: Scene) -> bool:
        decided = all(self._is_decided(step) for step in scene.steps)
        return decided and len(self.found.arrived) >= self.found.announced

    def _is_decided(self, step: Step) -> bool:
        was_sent = isinstance(step, AlertStep) or message_id(step) in self._mails
        return not was_sent or len(self.found.outcomes.get(step.name, ())) >= len(step.expected.verdicts)

    async def _until(self, ready: Callable[[], bool], otherwise: str) -> None:
        try:
            async with asyncio.timeout(SCENE_WITHIN):
                while not ready():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            self.found.troubles.append(f"{otherwise} within {SCENE_WITHIN:.0f} s")
