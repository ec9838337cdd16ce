"""One thread for each mailbox: its poller, and the way from there to the counter."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import structlog

from daemon.config.secrets import SecretError
from daemon.counter import Counter, CounterClosedError, Do, Receive
from daemon.metrics import live
from daemon.store.database import Connection, DatabaseError
from daemon.store.reports.contacts import find_contact, first_start, record_contact
from ingest.mailbox.error import MailboxError
from ingest.mailbox.mailbox import Mailbox
from ingest.mailbox.poller import Poller, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from daemon.config.settings import MailboxAccount
    from daemon.watch import Watch
    from ingest.mailbox.first_contact import Contact
    from ingest.raw_mail import RawMail, ReadPage
    from rules.decision import Decision
    from rules.report import Mail

log = structlog.get_logger()

Answer = TypeVar("Answer")

#: Seconds until a mailbox is tried again that could not even be opened.
WAIT = 10.0
#: Seconds that a page of mails may wait for its COMMIT. Then the mails stay where they are and come again.
PATIENCE = 60.0


class Mailroom(threading.Thread):
    """Takes one mailbox's mails to the desk until it is stopped."""

    def __init__(
        self,
        account: MailboxAccount,
        *,
        desk: DeskSide,
        read: ReadPage,
        watch: Watch,
        random: Callable[[], float],
    ) -> None:
        super().__init__(name=f"mailbox {account.name}", daemon=True)
        self._account = account
        self._desk = desk
        self._read_page = read
        self._watch = watch
        self._random = random
        self._stopping = threading.Event()
        watch.expect(self.part)

    @property
    def part(self) -> str:
        """How `/-/ready` names this mailbox."""
        return f"mailbox {self._account.name}"

    def run(self) -> None:
        """Poll until `stop`."""
        while not self._stopping.is_set():
            try:
                self._work()
            except Exception as error:
                # A thread that ended would leave the mailbox unread, and everything else saying that it works.
                log.exception("mailbox.failed", mailbox=self._account.name, reason=repr(error))
                live.count_poll(self._account.name, at=self._desk.now(), failed=True)
                self._wait_after(repr(error))

    def _work(self) -> None:
        """Open the mailbox, and poll it until `stop`."""
        try:
            self._first_start = self._desk.first_start()
            mailbox = Mailbox(self._account.settings(first_start=self._first_start))
        except (MailboxError, SecretError, ValueError) as error:
            self._wait_after(str(error))
        else:
            self._poll(mailbox)

    def _wait_after(self, trouble: str) -> None:
        self._watch.fails(self.part, trouble)
        self._stopping.wait(WAIT)

    def _poll(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._poller = Poller(mailbox, self._desk, self._read, self._desk.receive, self._desk.now)
        self._poller.run(self._stopping, self._random, self)

    def stop(self) -> None:
        """End after the page in hand."""
        self._stopping.set()

    def up(self) -> None:
        """The mailbox was looked at (`ingest.mailbox.poller.Watcher`)."""
        live.count_poll(self._account.name, at=self._desk.now())
        live.set_backlog(self._account.name, self._poller.waiting)
        self._watch.works(self.part)

    def down(self, error: MailboxError, retry_in: float) -> None:
        """It could not be looked at."""
        live.count_poll(self._account.name, at=self._desk.now(), failed=True)
        self._watch.fails(self.part, error.reason)
        log.warning("mailbox.retry", mailbox=self._account.name, reason=error.reason, seconds=round(retry_in))
        if error.kind == "auth":
            self._read_password_again()

    def unfiled(self, count: int, error: MailboxError) -> None:
        """Mails are tickets already and could not be moved."""
        log.warning("mailbox.unfiled", mailbox=self._account.name, count=count, reason=error.reason)

    def _read_password_again(self) -> None:
        """A refused login may mean that the password was changed, here as on the server."""
        try:
            self._mailbox.settings = self._account.settings(first_start=self._first_start)
        except (SecretError, ValueError) as error:
            self._watch.fails(self.part, str(error))

    def _read(self, page: Sequence[RawMail]) -> Sequence[Mail]:
        mails = self._read_page(page)
        now = self._desk.now()
        for mail in mails:
            live.observe_ingest_delay(self._account.name, (now - mail.received_at).total_seconds())
        return mails


@dataclass(frozen=True, slots=True)
class DeskSide:
    """What mailboxes want of the desk, over the counter and in their own threads."""

    counter: Counter
    now: Callable[[], datetime]

    def recall(self, mailbox: str, uidvalidity: int) -> Contact | None:
        """The first contact with a mailbox; raises MailboxError while the desk cannot say."""
        return self._ask(lambda connection: find_contact(connection, mailbox, uidvalidity))

    def record(self, mailbox: str, uidvalidity: int, contact: Contact) -> Contact:
        """Record a first contact; raises MailboxError while the desk cannot."""
        return self._ask(lambda connection: record_contact(connection, mailbox, uidvalidity, contact))

    def first_start(self) -> datetime:
        """When this desk was first started; raises MailboxError while the desk cannot say."""
        return self._ask(lambda connection: first_start(connection, self.now()))

    def receive(self, mails: Sequence[Mail]) -> Callable[[], list[Receipt]]:
        """Give a page of mails to the desk; returns how to wait for COMMIT. Without one they stay in the mailbox."""
        item = Receive(mails)
        self._lay_down(item)
        return lambda: [_receipt(decision) for decision in _wait(item.answer)]

    def _ask(self, what: Callable[[Connection], Answer]) -> Answer:
        item = Do(what)
        self._lay_down(item)
        answer: Answer = _wait(item.answer)
        return answer

    def _lay_down(self, item: Receive | Do) -> None:
        try:
            self.counter.lay_down(item)
        except (CounterClosedError, queue.Full) as error:
            raise MailboxError("the desk takes nothing now", kind="desk") from error


def _wait(answer: Future[Answer]) -> Answer:
    try:
        return answer.result(timeout=PATIENCE)
    except FutureTimeoutError as error:
        raise MailboxError("the desk did not answer in time", kind="desk") from error
    except (DatabaseError, CounterClosedError) as error:
        raise MailboxError(f"the desk cannot record now: {error}", kind="desk") from error


def _receipt(decision: Decision) -> Receipt:
    return "set_aside" if decision.verdict == "quarantined" else "done"
