"""The polling loop over a real Dovecot."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ingest.mailbox.error import MailboxError
from ingest.mailbox.mailbox import Mailbox
from ingest.mailbox.poller import Poller, Receipt
from ingest.mailbox.settings import MailboxSettings
from tests.servers.process import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ingest.mailbox.first_contact import Contact
    from ingest.raw_mail import RawMail
    from rules.report import Mail
    from tests.servers.dovecot import ServedMailbox

pytestmark = pytest.mark.slow

#: Long ago, so that what LMTP delivers during a test is new by any clock.
FIRST_START = datetime(2020, 11, 20, 9, 0, tzinfo=UTC)
LATER = FIRST_START + timedelta(hours=1)


@dataclass
class Desk:
    """Receives mails and remembers first contacts."""

    received: list[Mail] = field(default_factory=list)
    contacts: dict[tuple[str, int], Contact] = field(default_factory=dict)
    took: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, mails: Sequence[Mail]) -> Callable[[], list[Receipt]]:
        with self.took:
            self.received += mails
            self.took.notify_all()
        return lambda: ["done"] * len(mails)

    def recall(self, mailbox: str, uidvalidity: int) -> Contact | None:
        return self.contacts.get((mailbox, uidvalidity))

    def record(self, mailbox: str, uidvalidity: int, contact: Contact) -> Contact:
        return self.contacts.setdefault((mailbox, uidvalidity), contact)

    def up(self) -> None: ...
    def down(self, error: MailboxError, retry_in: float) -> None: ...
    def unfiled(self, count: int, error: MailboxError) -> None: ...

    def wait_for(self, count: int) -> None:
        with self.took:
            assert self.took.wait_for(lambda: len(self.received) >= count, PATIENCE), self.received

    @property
    def originals(self) -> list[bytes]:
        return [mail.original for mail in self.received]


def read(page: Sequence[RawMail]) -> list[Mail]:
    return [raw.unread() for raw in page]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def client(mailbox: ServedMailbox) -> Iterator[Mailbox]:
    client = Mailbox(
        MailboxSettings(
            name="support",
            host="127.0.0.1",
            port=mailbox.server.imap_port,
            security="plain",
            user=mailbox.user,
            password=mailbox.password,
            since=FIRST_START,
            done_folder="已处理",
            page_messages=50,
        )
    )
    yield client
    client.close()


@pytest.fixture
def poller(client: Mailbox, desk: Desk) -> Poller:
    return Poller(client, desk, read, desk, lambda: LATER)


def run_dry(poller: Poller) -> None:
    while poller.step():
        pass


def mail(subject: str) -> bytes:
    return f"From: chen@example.com\r\nSubject: {subject}\r\n\r\n{subject}\r\n".encode()


def test_a_thousand_old_mails_at_first_contact_are_left_where_they_are(
    mailbox: ServedMailbox, poller: Poller, desk: Desk
) -> None:
    mailbox.append(*[mail("old")] * 1000, received_at=FIRST_START - timedelta(hours=3))
    mailbox.append(mail("new"), received_at=LATER)
    run_dry(poller)
    mailbox.append(mail("newer"), received_at=LATER)
    run_dry(poller)
    assert desk.originals == [mail("new"), mail("newer")]
    assert len(mailbox.uids()) == 1000
    assert mailbox.originals("&XfJZBHQG-") == [mail("new"), mail("newer")]
    assert len(mailbox.uids(criterion="UNSEEN")) == 1000


def test_a_new_uidvalidity_in_the_middle_loses_and_doubles_nothing(
    mailbox: ServedMailbox, poller: Poller, desk: Desk
) -> None:
    mailbox.append(*[mail("old")] * 20, received_at=FIRST_START - timedelta(hours=3))
    mailbox.append(mail("handled"), received_at=LATER)
    run_dry(poller)
    mailbox.append(mail("waiting"), received_at=LATER)
    mailbox.change_uidvalidity(4_000_000_000)
    for _ in range(2):  # Dovecot may cut the session that saw the old one.
        with contextlib.suppress(MailboxError):
            run_dry(poller)
    assert desk.originals == [mail("handled"), mail("waiting")]
    assert len(mailbox.uids()) == 20


def test_the_loop_takes_what_arrives_and_comes_back_when_it_is_cut(
    mailbox: ServedMailbox, poller: Poller, desk: Desk
) -> None:
    stop = threading.Event()
    loop = threading.Thread(target=poller.run, args=(stop, lambda: 0.9, desk))
    loop.start()
    try:
        mailbox.deliver(mail("one"))
        desk.wait_for(1)
        mailbox.kick()
        mailbox.deliver(mail("two"))
        desk.wait_for(2)
    finally:
        stop.set()
        loop.join(PATIENCE)
    assert not loop.is_alive()
    assert [b"Subject: one" in original for original in desk.originals] == [True, False]
    assert len(mailbox.originals("&XfJZBHQG-")) == 2
