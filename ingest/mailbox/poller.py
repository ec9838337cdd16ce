"""The loop over one mailbox: fetch a page, hand it to the desk, and file it away once the desk has committed.

While the desk works on a page the next one is fetched and read; never is more than one page with the desk.
A mail leaves the folder only after the commit that speaks for it. Whatever goes wrong before leaves it where it is, and
it is simply received again: the desk knows it by its key.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Literal, Protocol

from ingest.backoff import Backoff
from ingest.mailbox.error import MailboxError
from ingest.mailbox.fetch_failures import FetchFailures
from ingest.mailbox.first_contact import Contact
from ingest.raw_mail import NoWorkerError, RawMail
from rules.report import Mail

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable
    from datetime import datetime

    from ingest.mailbox.first_contact import Contacts
    from ingest.mailbox.mailbox import Fetched, Page, Wake
    from ingest.mailbox.settings import MailboxSettings
    from ingest.raw_mail import ReadPage

#: What the desk answers for one mail: recorded; recorded as one for quarantine; or not now, for a reason that passes.
Receipt = Literal["done", "set_aside", "not_now"]

#: UIDs in one MOVE; a command line should stay below 8,000 bytes (RFC 7162, 4).
FILED_AT_ONCE = 500
#: Seconds. A refused login is tried less often: many servers lock an account that insists.
FIRST_WAIT, LONGEST_WAIT = 1.0, 5 * 60.0
FIRST_WAIT_AFTER_REFUSED_LOGIN, LONGEST_WAIT_AFTER_REFUSED_LOGIN = 15.0, 15 * 60.0


#: The desk's counter: takes the mails of one page, at once; what it returns waits for COMMIT and gives one receipt for
#: each mail, in order. Both may raise MailboxError of kind `desk` where the desk can take nothing at all.
Receive = Callable[[Sequence[Mail]], Callable[[], Sequence[Receipt]]]


class MailboxClient(Protocol):
    """What the poller needs of a mailbox; `ingest.mailbox.mailbox.Mailbox` is one."""

    settings: MailboxSettings
    uidvalidity: int
    uidnext: int

    @property
    def connected(self) -> bool: ...
    def connect(self) -> None: ...
    def close(self) -> None: ...
    def log_out(self) -> None: ...
    def refresh(self) -> None: ...
    def list_uids(
        self, above: int = 0, up_to: int | None = None, received_since: datetime | None = None
    ) -> tuple[int, ...]: ...
    def received_after(self, uids: Sequence[int], moment: datetime, now: datetime) -> tuple[int, ...]: ...
    def fetch_page(self, uids: Sequence[int], now: datetime) -> Page: ...
    def describe(self, uid: int, trouble: str, now: datetime) -> Fetched | None: ...
    def file_away(self, uids: Sequence[int], folder: str) -> None: ...
    def wait(self, seconds: float, stop: threading.Event) -> Wake: ...


class Watcher(Protocol):
    """Who wants to know how the mailbox is: the log, `/-/ready`, the metrics."""

    def up(self) -> None:
        """The mailbox has been reached and looked at."""

    def down(self, error: MailboxError, retry_in: float) -> None:
        """It has not; the next attempt comes in so many seconds."""

    def unfiled(self, count: int, error: MailboxError) -> None:
        """The server refuses to move so many mails; they are tickets already and stay in the folder."""


@dataclass(frozen=True, slots=True)
class _Handed:
    """A page that lies with the desk."""

    fetched: Sequence[Fetched]
    receipts: Callable[[], Sequence[Receipt]]


class Poller:
    """Works through one mailbox, oldest mail first, in the thread that calls it."""

    def __init__(
        self,
        mailbox: MailboxClient,
        contacts: Contacts,
        read: ReadPage,
        receive: Receive,
        now: Callable[[], datetime],
    ) -> None:
        self._mailbox = mailbox
        self._settings = mailbox.settings
        self._contacts = contacts
        self._read = read
        self._receive = receive
        self._now = now
        self._contact: Contact | None = None
        self._uidvalidity = 0
        self._early: dict[int, None] = {}
        """UIDs below the baseline that are still to be taken, oldest first."""
        self._queue: deque[int] = deque()
        self._handed: _Handed | None = None
        self._unfiled: dict[int, str] = {}
        self._filing_error: MailboxError | None = None
        self._failures = FetchFailures()

    @property
    def stuck(self) -> dict[int, str]:
        """UIDs the server has refused to give and that wait for another attempt, with its reason."""
        return self._failures.reasons

    @property
    def waiting(self) -> int:
        """How many mails of the last look are still to be taken."""
        return len(self._queue) + (len(self._handed.fetched) if self._handed else 0)

    def step(self) -> bool:
        """Connect if need be, and take one page through the desk. True: call again at once.

        Raises MailboxError; the next step connects again where that is needed.
        """
        if not self._mailbox.connected:
            self._mailbox.connect()
            self._contact = None
            self._drop()
        try:
            if not (self._queue or self._handed):
                self._refill()
            return bool(self._queue or self._handed) and self._take_page()
        except MailboxError:
            self._drop()
            raise

    def run(self, stop: threading.Event, random: Callable[[], float], watcher: Watcher) -> None:
        """Step until `stop` is set; between steps wait for news, after trouble wait longer each time."""
        lost = Backoff(FIRST_WAIT, LONGEST_WAIT, random)
        refused = Backoff(FIRST_WAIT_AFTER_REFUSED_LOGIN, LONGEST_WAIT_AFTER_REFUSED_LOGIN, random)
        while not stop.is_set():
            try:
                more = self.step()
                lost.reset()
                refused.reset()
                self._tell(watcher)
                if not more:
                    self._mailbox.wait(self._settings.poll_seconds, stop)
            except MailboxError as error:
                seconds = (refused if error.kind == "auth" else lost).next()
                watcher.down(error, seconds)
                stop.wait(seconds)
        self._finish()
        self._mailbox.log_out()

    def _tell(self, watcher: Watcher) -> None:
        watcher.up()
        if self._filing_error is not None:
            watcher.unfiled(len(self._unfiled), self._filing_error)

    def _refill(self) -> None:
        """Look what there is to do. What came after first contact always is; of what lay there, see `since`."""
        self._mailbox.refresh()
        contact = self._meet()
        self._file()
        above = 0 if self._settings.old_mail == "import" else contact.baseline_uid
        self._queue.extend(self._ready([*self._early, *self._mailbox.list_uids(above=above)]))

    def _meet(self) -> Contact:
        """The first contact under the current UIDVALIDITY, recorded if this is it."""
        if self._mailbox.uidvalidity != self._uidvalidity:
            self._forget(self._mailbox.uidvalidity)
        if self._contact is None:
            self._contact = self._recall_or_record()
            self._early = dict.fromkeys(self._left_below(self._contact))
        return self._contact

    def _forget(self, uidvalidity: int) -> None:
        """Under another UIDVALIDITY no UID means what it did."""
        self._uidvalidity = uidvalidity
        self._contact = None
        self._queue.clear()
        self._unfiled.clear()
        self._failures = FetchFailures()

    def _recall_or_record(self) -> Contact:
        name, uidvalidity = self._settings.name, self._uidvalidity
        if known := self._contacts.recall(name, uidvalidity):
            return known
        return self._contacts.record(name, uidvalidity, Contact(self._settings.since, self._mailbox.uidnext - 1))

    def _left_below(self, contact: Contact) -> list[int]:
        """Mails that lay there at first contact and are not old: a crash may have left some, so each session looks."""
        if self._settings.old_mail == "import":
            return []
        found: list[int] = []
        above = 0
        while near := self._mailbox.list_uids(above, contact.baseline_uid, contact.since):
            found += self._mailbox.received_after(near, contact.since, self._now())
            above = near[-1]
        return found

    def _ready(self, uids: Iterable[int]) -> list[int]:
        """Those of `uids` that do not wait for a later attempt, or for their move alone."""
        waiting = self._failures.waiting(self._now())
        return [uid for uid in uids if uid not in waiting and uid not in self._unfiled]

    def _drop(self) -> None:
        """Forget what was not filed: the next look finds it again, and the desk knows what it has recorded."""
        self._queue.clear()
        self._handed = None

    def _finish(self) -> None:
        """File what the desk still works on when the loop ends; where that fails, it comes again."""
        with suppress(MailboxError):
            self._note(self._handed)
            self._file()

    def _take_page(self) -> bool:
        """Take one page through the desk, and read the next meanwhile. False: the desk takes no more now."""
        handed = self._handed or self._hand_over(self._read_page())
        self._handed = None
        ahead: list[tuple[Fetched, Mail]] = []
        try:
            ahead = self._read_page()
        finally:
            taken = self._note(handed)
        if taken:
            self._handed = self._hand_over(ahead)
        else:
            self._queue.clear()
        self._file()
        return taken

    def _read_page(self) -> list[tuple[Fetched, Mail]]:
        fetched = self._fetch(self._next_uids()) if self._queue else ()
        final = [each for each in fetched if self._is_final(each)]
        return [(each, self._marked(each, mail)) for each, mail in zip(final, self._read_all(final), strict=True)]

    def _next_uids(self) -> list[int]:
        """A page of UIDs; one alone where the connection was lost over it before."""
        uids = [self._queue.popleft()]
        if self._failures.is_suspect(uids[0]):
            return uids
        while self._queue and len(uids) < self._settings.page_messages:
            if self._failures.is_suspect(self._queue[0]):
                break
            uids.append(self._queue.popleft())
        return uids

    def _fetch(self, uids: Sequence[int]) -> tuple[Fetched, ...]:
        if reason := self._failures.given_up(uids[0]):
            described = self._mailbox.describe(uids[0], reason, self._now())
            return (described,) if described else ()
        try:
            page = self._mailbox.fetch_page(uids, self._now())
        except MailboxError as error:
            self._failures.connection_lost(uids, error.reason, self._now())
            raise
        self._failures.connection_kept(uids)
        self._queue.extendleft(reversed(page.rest))
        for uid in page.vanished:
            self._done_with(uid)
        return page.fetched

    def _is_final(self, fetched: Fetched) -> bool:
        """Whether to report it now: a mail the server would not give is asked for a few times first."""
        return not fetched.refused or self._failures.count(fetched.uid, fetched.trouble, self._now())

    def _hand_over(self, page: Sequence[tuple[Fetched, Mail]]) -> _Handed | None:
        if not page:
            return None
        return _Handed([fetched for fetched, _ in page], self._receive([mail for _, mail in page]))

    def _note(self, handed: _Handed | None) -> bool:
        """Wait for the receipts of a page and note what is to be moved. False: the desk said `not_now` to a mail."""
        if handed is None:
            return True
        receipts = handed.receipts()
        folders = {"done": self._settings.done_folder, "set_aside": self._settings.quarantine_folder}
        for each, receipt in zip(handed.fetched, receipts, strict=True):
            if receipt != "not_now":
                self._unfiled[each.uid] = folders[receipt]
                self._done_with(each.uid)
        return "not_now" not in receipts

    def _done_with(self, uid: int) -> None:
        self._early.pop(uid, None)
        self._failures.forget(uid)

    def _read_all(self, fetched: Sequence[Fetched]) -> Sequence[Mail]:
        if not fetched:
            return ()
        try:
            return self._read([_raw(each) for each in fetched])
        except NoWorkerError as error:
            raise MailboxError(str(error), kind="desk") from error

    def _marked(self, fetched: Fetched, mail: Mail) -> Mail:
        """The mail with what its fetching told."""
        imported = self._meet().is_old(fetched.uid, fetched.received_at)
        if not (imported or fetched.trouble):
            return mail
        notes = (*mail.notes, fetched.trouble) if fetched.trouble else mail.notes
        return replace(mail, imported=imported, notes=notes)

    def _file(self) -> None:
        """Move what the desk has recorded; what the server refuses to move is tried again at the next look."""
        self._filing_error = None
        for folder in sorted(set(self._unfiled.values())):
            uids = [uid for uid, target in self._unfiled.items() if target == folder]
            for start in range(0, len(uids), FILED_AT_ONCE):
                self._file_some(uids[start : start + FILED_AT_ONCE], folder)

    def _file_some(self, uids: Sequence[int], folder: str) -> None:
        try:
            self._mailbox.file_away(uids, folder)
        except MailboxError as error:
            if error.kind != "refused":
                raise
            self._filing_error = error
        else:
            for uid in uids:
                del self._unfiled[uid]


def _raw(fetched: Fetched) -> RawMail:
    """Of a mail that is too large its header is read; of one that the server would not give, nothing."""
    received_at = fetched.received_at.astimezone(UTC)
    return RawMail(fetched.source, fetched.key, received_at, fetched.original or fetched.header)
