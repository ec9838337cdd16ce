"""A mixed stream to a running desk, which keeps account of what it sent."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.faults.accounts import check_alerts, check_books, check_mails, find_due_letters
from tests.samples import ALICE, BOB, CAROL, DAVE, MALLORY
from tests.servers.desk import DeskProcess, compose_alert, compose_mail, compose_notification

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from tests.servers.dovecot import ServedMailbox
    from tests.servers.smtp import SmtpSink

PROBLEMS = (
    ("VPN is down", "The VPN gateway does not answer since nine o'clock."),
    ("打印机坏了", "三楼的打印机卡纸了，打不出来。"),
    ("Printer prints blank pages", "The printer on the third floor prints blank pages only."),
    ("Please install Inkscape", "Please install Inkscape on my laptop, it is urgent."),
)


@dataclass(slots=True)
class Stream:
    """Mails, replies to letters, and webhooks that are sent again until they are answered, as Alertmanager does."""

    desk: DeskProcess
    mailbox: ServedMailbox
    sink: SmtpSink
    random: random.Random
    delivered: list[str] = field(default_factory=list)
    owed: list[list[dict[str, Any]]] = field(default_factory=list)
    answered: list[dict[str, Any]] = field(default_factory=list)
    _resends: int = 0

    def flow(self) -> Iterator[None]:
        """Send one thing after the other, for ever."""
        for number in itertools.count(1):
            self._write(number)
            yield
            self.owed.append(self._make_alerts(number))
            self.notify()
            yield

    def notify(self) -> None:
        """Send every notification that nobody has answered by 200."""
        for alerts in list(self.owed):
            if self.desk.post("/alertmanager/prod", compose_notification(alerts))[0] == 200:
                self.owed.remove(alerts)
                self.answered += alerts

    def is_taken(self) -> bool:
        """Whether the desk has taken everything."""
        self.notify()
        return not self.owed and not self.mailbox.uids()

    def is_sent(self) -> bool:
        """Whether no letter waits for the courier any more."""
        return not find_due_letters(self.desk.reader)

    def check(self) -> None:
        """Account for everything that came in."""
        check_books(self.desk.reader)
        check_mails(self.desk.reader, self.mailbox, self.delivered)
        check_alerts(self.desk.reader, self.answered)

    def _write(self, number: int) -> None:
        message_id = f"<{number}@corp.example>"
        subject, text = PROBLEMS[number % len(PROBLEMS)]
        sender = self.random.choice((ALICE, BOB, CAROL, DAVE, MALLORY))
        headers = {}
        if number % 3 == 0 and self.sink.submissions:
            letter = self.random.choice(self.sink.submissions)
            sender, headers = letter.recipients[0], {"In-Reply-To": letter.message["Message-ID"]}
        if number % 11 == 0:
            headers["Auto-Submitted"] = "auto-replied"
        self.mailbox.deliver(compose_mail(sender, subject, f"{text} {number}", message_id=message_id, headers=headers))
        self.delivered.append(message_id)

    def _make_alerts(self, number: int) -> list[dict[str, Any]]:
        """Three alerts of one name: they fire, are told again, resolve, and fire once more."""
        turn, group = number % 4, number // 4
        status = "resolved" if turn == 2 else "firing"
        minute = group % 50 + (turn == 3)
        return [compose_alert(f"Disk{group % 5}", f"db{n}", minute=minute, status=status) for n in range(3)]
