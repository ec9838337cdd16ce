"""One mailbox on an IMAP server: what lies in it, its mails in bounded pages, and where they go afterwards.

State is the folder a mail lies in and its UID, never a flag: people read the support mailbox too.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from ingest.mailbox.error import MailboxError
from ingest.mailbox.imap import ImapConnection, Outline

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from ingest.mailbox.settings import MailboxSettings

#: How many messages one SEARCH looks at: its answer is one line, and imaplib refuses lines over 1,000,000 bytes.
SEARCH_WINDOW = 50_000
#: How many sizes and dates one FETCH asks for.
OUTLINES_AT_ONCE = 500
#: IDLE is asked for anew after this time: servers may end it after 30 minutes (RFC 2177), NAT tables forget sooner.
LONGEST_IDLE = 8 * 60.0
#: How long a stop may go unnoticed during IDLE.
IDLE_SLICE = 1.0
#: What is kept of a mail that is too large to be fetched.
LARGEST_HEADER = 100 * 1024

Wake = Literal["news", "quiet", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One mail as the server gave it, or why it did not."""

    source: str
    uidvalidity: int
    uid: int
    size: int
    received_at: datetime
    """INTERNALDATE, with its zone."""
    original: bytes | None = field(repr=False)
    """None where the mail is too large or could not be fetched; `trouble` says which."""
    header: bytes = field(default=b"", repr=False)
    """The header of a mail that is too large, so that its sender need not be lost."""
    trouble: str = ""
    refused: bool = False
    """True where the server would not give it this time; asking again later may help."""

    @property
    def key(self) -> str:
        """Unique in the source for ever: UIDVALIDITY and UID (RFC 3501, 2.3.1.1)."""
        return f"{self.uidvalidity}.{self.uid}"


@dataclass(frozen=True, slots=True)
class Page:
    """What one fetch brought."""

    fetched: tuple[Fetched, ...] = ()
    vanished: tuple[int, ...] = ()
    """UIDs somebody moved or removed before they could be fetched."""
    rest: tuple[int, ...] = ()
    """UIDs that did not fit; they belong to the next page."""


class Mailbox:
    """A client of one mailbox, for one thread.

    Methods raise MailboxError; unless its kind is `refused` the connection is closed and connect() is the next step.
    """

    def __init__(self, settings: MailboxSettings) -> None:
        self.settings = settings
        self._connection: ImapConnection | None = None
        self.uidvalidity = 0
        self.uidnext = 0
        self._exists = 0

    @property
    def connected(self) -> bool:
        return self._connection is not None

    def connect(self) -> None:
        """Log in and open the folder."""
        self.close()
        self._connection = ImapConnection(self.settings)
        try:
            self.refresh()
        except MailboxError:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection, if there is one, without waiting for the server."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def log_out(self) -> None:
        """Leave politely."""
        if self._connection is not None:
            self._connection.log_out()
            self._connection = None

    def refresh(self) -> None:
        """Open the folder again: learn what has come, and whether UIDVALIDITY is another.

        A SEARCH alone need not show what another session has just put there.
        """
        with self._using() as connection:
            selected = connection.select(self.settings.folder)
        self.uidvalidity, self.uidnext, self._exists = selected.uidvalidity, selected.uidnext, selected.exists

    def list_uids(
        self, above: int = 0, up_to: int | None = None, received_since: datetime | None = None
    ) -> tuple[int, ...]:
        """UIDs with `above` < UID <= `up_to`, oldest first, as of the last refresh(); of a huge folder 50,000.

        `received_since` leaves out what is older by more than a day or two: servers compare calendar days only.
        """
        day = (received_since - timedelta(days=1)).date() if received_since else None
        for window in _windows(self._exists):
            with self._using() as connection:
                if found := connection.search(window, (above + 1, up_to), day):
                    return tuple(found)
        return ()

    def received_after(self, uids: Sequence[int], moment: datetime, now: datetime) -> tuple[int, ...]:
        """Those of `uids` whose INTERNALDATE is not before `moment`; a mail without one counts as received now."""
        found: list[int] = []
        for start in range(0, len(uids), OUTLINES_AT_ONCE):
            with self._using() as connection:
                outlines = connection.outline(uids[start : start + OUTLINES_AT_ONCE])
            found += (uid for uid, outline in outlines.items() if (outline.received_at or now) >= moment)
        return tuple(sorted(found))

    def fetch_page(self, uids: Sequence[int], now: datetime) -> Page:
        """Fetch as many of `uids`, in their order, as fit a page; at least one. `now` stands for a missing date.

        Where the page as a whole is refused, each mail is asked for once more alone: one bad mail keeps nobody else.
        """
        asked = uids[: self.settings.page_messages]
        with self._using() as connection:
            outlines = connection.outline(asked)
            chosen = self._fit({uid: outlines[uid] for uid in asked if uid in outlines})
            answers = self._fetch(connection, chosen)
        fetched = tuple(self._fetched(uid, outlines[uid], answer, now) for uid, answer in answers.items())
        vanished = tuple(uid for uid in asked if uid not in outlines or (uid in chosen and uid not in answers))
        handled = {*vanished, *chosen}
        return Page(fetched, vanished, tuple(uid for uid in uids if uid not in handled))

    def describe(self, uid: int, trouble: str, now: datetime) -> Fetched | None:
        """What is known of a mail without fetching it, for one that cannot be; None where it is gone."""
        with self._using() as connection:
            outline = connection.outline([uid]).get(uid)
        return self._fetched(uid, outline, _Answer(trouble=trouble), now) if outline else None

    def file_away(self, uids: Sequence[int], folder: str) -> None:
        """Move mails to a folder, which is made if it is absent. UIDs that are gone are passed over."""
        with self._using() as connection:
            try:
                connection.move(uids, folder)
            except MailboxError as error:
                if error.kind != "refused":
                    raise
                self._file_what_is_left(connection, uids, folder, error)

    def wait(self, seconds: float, stop: threading.Event) -> Wake:
        """Wait for new mail, at most `seconds`: by IDLE where the server has it, else by the clock alone."""
        with self._using() as connection:
            if connection.can_idle():
                return _idle(connection, min(seconds, LONGEST_IDLE), stop)
        return "stopped" if stop.wait(seconds) else "quiet"

    def _file_what_is_left(
        self, connection: ImapConnection, uids: Sequence[int], folder: str, refusal: MailboxError
    ) -> None:
        """Move again after a refusal: Dovecot refuses for one UID that is gone, having moved the others or not."""
        left = sorted(connection.outline(uids))
        if len(left) == len(uids):
            _create(connection, folder, refusal)
        if left:
            connection.move(left, folder)

    def _fit(self, outlines: Mapping[int, Outline]) -> dict[int, Outline]:
        """The first mails that keep within page_bytes, at least one; those too large to fetch weigh nothing."""
        chosen: dict[int, Outline] = {}
        weight = 0
        for uid, outline in outlines.items():
            weight += 0 if self._is_too_large(outline) else outline.size
            if chosen and weight > self.settings.page_bytes:
                break
            chosen[uid] = outline
        return chosen

    def _is_too_large(self, outline: Outline) -> bool:
        return outline.size > self.settings.largest_mail

    def _fetch(self, connection: ImapConnection, chosen: Mapping[int, Outline]) -> dict[int, _Answer]:
        """What there is of each mail, in order; a mail that has vanished has no entry."""
        wanted = [uid for uid, outline in chosen.items() if not self._is_too_large(outline)]
        answers = _fetch_originals(connection, wanted)
        for uid, outline in chosen.items():
            if self._is_too_large(outline):
                trouble = f"the mail has {outline.size} bytes, more than the {self.settings.largest_mail} allowed"
                answers[uid] = _Answer(header=connection.header(uid, LARGEST_HEADER), trouble=trouble)
        return {uid: answers[uid] for uid in chosen if uid in answers}

    def _fetched(self, uid: int, outline: Outline, answer: _Answer, now: datetime) -> Fetched:
        return Fetched(
            source=self.settings.name,
            uidvalidity=self.uidvalidity,
            uid=uid,
            size=outline.size,
            received_at=outline.received_at or now,
            original=answer.original,
            header=answer.header,
            trouble=answer.trouble,
            refused=answer.refused,
        )

    @contextmanager
    def _using(self) -> Iterator[ImapConnection]:
        if self._connection is None:
            raise MailboxError(f"{self.settings.name} is not connected", "connection")
        try:
            yield self._connection
        except MailboxError as error:
            if error.kind != "refused":
                self.close()
            raise


@dataclass(frozen=True, slots=True)
class _Answer:
    original: bytes | None = None
    header: bytes = b""
    trouble: str = ""
    refused: bool = False


def _fetch_originals(connection: ImapConnection, uids: Sequence[int]) -> dict[int, _Answer]:
    if not uids:
        return {}
    try:
        return {uid: _Answer(original) for uid, original in connection.originals(uids).items()}
    except MailboxError as error:
        if error.kind != "refused":
            raise
        if len(uids) == 1:
            return {uids[0]: _Answer(trouble=error.reason, refused=True)}
    answers: dict[int, _Answer] = {}
    for uid in uids:
        answers |= _fetch_originals(connection, [uid])
    return answers


def _create(connection: ImapConnection, folder: str, refusal: MailboxError) -> None:
    """Make the folder a move was refused for; where it is there already, raise the refusal, such as a full quota."""
    try:
        connection.create_folder(folder)
    except MailboxError as error:
        raise (refusal if error.kind == "refused" else error) from error


def _windows(messages: int) -> Iterator[range | None]:
    """Sequence numbers 1..messages, in pieces one SEARCH can answer; None where it can answer for all of them.

    Naming none where none is needed also helps servers that take the numbers of a UID SEARCH for UIDs, such as pymap.
    """
    if 0 < messages <= SEARCH_WINDOW:
        yield None
        return
    for first in range(1, messages + 1, SEARCH_WINDOW):
        yield range(first, min(first + SEARCH_WINDOW, messages + 1))


def _idle(connection: ImapConnection, seconds: float, stop: threading.Event) -> Wake:
    """Stay in IDLE until news, the end of the time or a stop.

    An empty answer before its time is a lost connection or half a TLS record; leaving IDLE tells which, by an error.
    """
    deadline = time.monotonic() + seconds
    connection.start_idle()
    wake: Wake = "quiet"
    while wake == "quiet" and (left := deadline - time.monotonic()) > 0:
        started, slice_ = time.monotonic(), min(left, IDLE_SLICE)
        told = connection.hear(slice_)
        if stop.is_set():
            wake = "stopped"
        elif b"EXISTS" in told:
            wake = "news"
        elif not told and time.monotonic() - started < slice_ / 2:
            break
    connection.end_idle()
    return wake
