"""One authenticated IMAP connection: IMAPClient with types, bounds and a single exception.

Nothing but integers, configured folder names and dates of ours enters a command, so no text from a mail ever can.
IMAPClient is not thread-safe: a connection belongs to one thread.
"""

from __future__ import annotations

import imaplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from ingest.mailbox.bearer import TOKEN_MECHANISMS, token_answers
from ingest.mailbox.error import MailboxError, Trouble
from ingest.text.charsets import decode_unlabelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from ingest.mailbox.settings import MailboxSettings

#: Beside the mails themselves: lines, flags, and a SEARCH of tens of thousands of UIDs.
ANSWER_SLACK = 4 * 1024 * 1024
LONGEST_REASON = 300
#: A login refused with one of these (RFC 5530) says nothing about the password.
BUSY_CODES = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")


@dataclass(frozen=True, slots=True)
class Selected:
    """What the server says of the folder it opened."""

    uidvalidity: int
    uidnext: int
    exists: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a mail before it is fetched."""

    size: int
    """RFC822.SIZE in bytes. Some servers are off by a few."""
    received_at: datetime | None
    """INTERNALDATE with its zone; None where the server gave none that can be read."""


class ImapConnection:
    """A logged-in connection. Every method raises MailboxError and nothing else."""

    def __init__(self, settings: MailboxSettings) -> None:
        self._meter = _Meter(2 * max(settings.largest_mail, settings.page_bytes) + ANSWER_SLACK)
        with self._command(f"connect to {settings.host}:{settings.port}"):
            self._client = _connect(settings)
        try:
            self._meter.watch(self._client)
            self._log_in(settings)
        except MailboxError:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection without asking the server, which may be gone."""
        try:
            self._client.shutdown()
        except (imaplib.IMAP4.error, OSError):
            return

    def log_out(self) -> None:
        """Say goodbye and close; a server that does not answer is left."""
        try:
            with self._command("log out"):
                self._client.logout()
        except MailboxError:
            self.close()

    def select(self, folder: str, *, only_look: bool = False) -> Selected:
        """Open the folder; done again it brings what has changed meanwhile.

        With `only_look` the server changes nothing by it, not even \\Recent (EXAMINE).
        """
        with self._command(f"open {folder}"):
            answer = self._client.select_folder(folder, readonly=only_look)
            return Selected(_number(answer, b"UIDVALIDITY"), _number(answer, b"UIDNEXT"), _number(answer, b"EXISTS"))

    def search(
        self, sequence: range | None, uids: tuple[int, int | None], received_since: date | None = None
    ) -> list[int]:
        """UIDs, ascending, among the messages with these sequence numbers (from 1; None: all) and UIDs (first, last).

        `received_since` compares INTERNALDATE's calendar day in a zone of the server's choice (RFC 3501, 6.4.4).
        """
        first, last = uids
        criteria: list[Any] = [f"{sequence.start}:{sequence.stop - 1}"] if sequence else []
        criteria += ["UID", f"{first}:{last or '*'}"]
        if received_since is not None:
            criteria += ["SINCE", received_since]
        with self._command("search"):
            found = self._client.search(criteria)
        # `n:*` also names the last message where all UIDs are below n.
        return sorted(uid for uid in found if first <= uid <= (last or uid))

    def outline(self, uids: Sequence[int]) -> dict[int, Outline]:
        """Size and time of each mail; one that is gone is not in the answer."""
        with self._command("fetch sizes"):
            answer = self._client.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"])
        # A colleague setting a flag adds an answer without a size.
        return {
            uid: Outline(item[b"RFC822.SIZE"], item.get(b"INTERNALDATE"))
            for uid, item in answer.items()
            if isinstance(item.get(b"RFC822.SIZE"), int)
        }

    def originals(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The bytes of each mail, without setting \\Seen; one that is gone is not in the answer."""
        with self._command("fetch"):
            return _parts(self._client.fetch(list(uids), ["BODY.PEEK[]"]), b"BODY[]")

    def header(self, uid: int, largest: int) -> bytes:
        """At most `largest` bytes of one mail's header; empty where the mail is gone."""
        with self._command("fetch a header"):
            answer = self._client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{largest}>"])
        return _parts(answer, b"BODY[HEADER]<0>").get(uid, b"")[:largest]

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails (RFC 6851); without MOVE, copy them and remove these UIDs only (RFC 4315).

        A plain EXPUNGE would also remove what somebody else has marked: a server with neither is refused.
        """
        with self._command(f"move to {folder}"):
            if self._client.has_capability("MOVE"):
                self._client.move(list(uids), folder)
                return
            if not self._client.has_capability("UIDPLUS"):
                raise MailboxError("the server offers neither MOVE nor UIDPLUS; mails stay in the folder", "refused")
            self._client.copy(list(uids), folder)
            self._client.delete_messages(list(uids), silent=True)
            self._client.uid_expunge(list(uids))

    def create_folder(self, folder: str) -> None:
        """Make a folder and show it in mail programs."""
        with self._command(f"create {folder}"):
            self._client.create_folder(folder)
            self._client.subscribe_folder(folder)

    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        return self.offers("IDLE")

    def offers(self, capability: str) -> bool:
        """Whether the server has an extension, such as MOVE."""
        with self._command(f"ask for {capability}"):
            return bool(self._client.has_capability(capability))

    def start_idle(self) -> None:
        """Enter IDLE. Any other command would hang until end_idle()."""
        self._step_of_idle(self._client.idle)

    def hear(self, seconds: float) -> tuple[bytes, ...]:
        """What the server told within `seconds` of IDLE, by name (EXISTS, EXPUNGE, OK ...); returns at the first.

        A lost connection answers with nothing, at once and for ever; only end_idle() finds that out.
        """
        with self._command("IDLE"):
            names = tuple(_idle_name(told) for told in self._client.idle_check(timeout=seconds))
            if b"BYE" in names:
                raise MailboxError("the server said goodbye", "connection")
            return names

    def end_idle(self) -> None:
        """Leave IDLE."""
        self._step_of_idle(self._client.idle_done)

    def _step_of_idle(self, step: Callable[[], object]) -> None:
        """Whether IDLE began or ended after an answer that cannot be read is anybody's guess: start afresh."""
        try:
            with self._command("IDLE"):
                step()
        except MailboxError as error:
            raise MailboxError(error.reason, "connection") from error

    def _log_in(self, settings: MailboxSettings) -> None:
        with self._command("start TLS"):
            if settings.security == "starttls":
                self._client.starttls(_tls_context(settings))
        self._introduce()
        if settings.access_token is None:
            self._log_in_by_password(settings)
        else:
            self._log_in_by_token(settings, settings.access_token)
        self._introduce()

    def _log_in_by_token(self, settings: MailboxSettings, access_token: Callable[[str], str]) -> None:
        """A token that is refused may have been revoked before its time: one more is asked for, and no third."""
        mechanism = self._token_mechanism()
        token = access_token("")
        try:
            self._show_token(settings.user, token, mechanism)
        except MailboxError as error:
            if error.kind != "auth" or (another := access_token(token)) == token:
                raise
            self._show_token(settings.user, another, mechanism)

    def _token_mechanism(self) -> str:
        for mechanism in TOKEN_MECHANISMS:
            if self.offers(f"AUTH={mechanism}"):
                return mechanism
        raise MailboxError("the server takes no access tokens (neither OAUTHBEARER nor XOAUTH2)", "auth")

    def _show_token(self, user: str, token: str, mechanism: str) -> None:
        with self._command(f"log in as {user} ({mechanism})"):
            self._client.sasl_login(mechanism, token_answers(user, token, mechanism))

    def _log_in_by_password(self, settings: MailboxSettings) -> None:
        with self._command(f"log in as {settings.user}"):
            if (settings.user + settings.password).isascii():
                self._client.login(settings.user, settings.password)
            else:
                # LOGIN is ASCII only; PLAIN of RFC 4616 is UTF-8.
                self._client.plain_login(settings.user, settings.password)

    def _introduce(self) -> None:
        """Say who we are (RFC 2971), which is allowed in any state: NetEase calls it an unsafe login otherwise."""
        try:
            with self._command("ID"):
                if self._client.has_capability("ID"):
                    self._client.id_({"name": "deskd", "vendor": "deskd"})
        except MailboxError as error:
            if error.kind != "refused":
                raise

    @contextmanager
    def _command(self, doing: str) -> Iterator[None]:
        self._meter.reset()
        try:
            yield
        except LoginError as error:
            raise MailboxError(_sentence(doing, error), _login_trouble(error)) from error
        except ssl.SSLCertVerificationError as error:
            raise MailboxError(_sentence(doing, error), "tls") from error
        except imaplib.IMAP4.readonly as error:
            raise MailboxError(f"{doing}: the server gives it read-only", "refused") from error
        # ValueError: an answer that is no IMAP, perhaps not read to its end; what would follow is anybody's guess.
        except (imaplib.IMAP4.abort, OSError, ValueError) as error:
            raise MailboxError(_sentence(doing, error), "connection") from error
        except imaplib.IMAP4.error as error:
            raise MailboxError(_sentence(doing, error), "refused") from error


class _Meter:
    """Counts what one command's answer brings, so that a hostile server cannot fill the memory.

    imaplib bounds a line (1,000,000 bytes), but neither a literal nor the number of lines.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._left = budget

    def reset(self) -> None:
        self._left = self._budget

    def watch(self, client: Any) -> None:
        """Read through the meter from now on, and keep mails out of imaplib's debug log, which is on by default."""
        connection = client._imap  # noqa: SLF001 - IMAPClient has no public way to its socket's reader
        connection.debug = 0
        read, read_line = connection.read, connection.readline

        def metered_read(size: int) -> bytes:
            self._spend(size)
            return bytes(read(size))

        def metered_read_line() -> bytes:
            try:
                line = bytes(read_line())
            except imaplib.IMAP4.error as error:
                # A line over imaplib's bound: its rest would be taken for the next answer.
                raise imaplib.IMAP4.abort(str(error)) from error
            self._spend(len(line))
            return line

        connection.read, connection.readline = metered_read, metered_read_line

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise imaplib.IMAP4.abort(f"the answer is larger than {self._budget} bytes")


def _connect(settings: MailboxSettings) -> Any:
    timeout = SocketTimeout(connect=settings.connect_seconds, read=settings.read_seconds)
    direct = settings.security == "tls"
    context = _tls_context(settings) if direct else None
    client = IMAPClient(settings.host, settings.port, ssl=direct, ssl_context=context, timeout=timeout)
    # INTERNALDATE with its zone, not as naive local time.
    client.normalise_times = False
    return client


def _tls_context(settings: MailboxSettings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.cafile)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _login_trouble(error: LoginError) -> Trouble:
    """IMAPClient calls every failure of LOGIN a LoginError, a lost connection and a busy server too."""
    lost = isinstance(error.__context__, imaplib.IMAP4.abort)
    return "connection" if lost or any(code in str(error).upper() for code in BUSY_CODES) else "auth"


def _parts(answer: Mapping[int, Mapping[bytes, Any]], part: bytes) -> dict[int, bytes]:
    found = ((uid, item.get(part)) for uid, item in answer.items())
    return {uid: value for uid, value in found if isinstance(value, bytes)}


def _number(answer: Mapping[bytes, Any], name: bytes) -> int:
    value = answer.get(name)
    if not isinstance(value, int):
        raise MailboxError(f"the server did not say its {name.decode()}", "refused")
    return value


def _idle_name(told: Any) -> bytes:
    """The word of `(5, b"EXISTS")` or of `(b"OK", b"Still here")`."""
    words = (part.upper() for part in told[:2] if isinstance(part, bytes))
    return next(words, b"")


def _sentence(doing: str, error: Exception) -> str:
    """One printable line of what the library or the server said."""
    said = _said(error) or type(error).__name__
    return f"{doing}: {' '.join(''.join(c if c.isprintable() else ' ' for c in said).split())}"[:LONGEST_REASON]


def _said(error: Exception) -> str:
    """An error's words. imaplib gives a refusal as bytes, in any charset, and IMAPClient makes `b'...'` of them."""
    for each in (error, error.__context__):
        if each is not None and each.args and isinstance(each.args[0], bytes):
            return decode_unlabelled(each.args[0], "gb18030")
    return str(error)
