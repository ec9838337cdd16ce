from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ingest.mailbox.check import look_at_mailbox
from ingest.mailbox.error import MailboxError
from ingest.mailbox.settings import MailboxSettings

if TYPE_CHECKING:
    from tests.servers.dovecot import ServedMailbox

pytestmark = pytest.mark.slow

MAIL = b"From: lin@example.com\r\nSubject: printer\r\n\r\nIt is broken.\r\n"


def settings_of(mailbox: ServedMailbox, folder: str = "INBOX") -> MailboxSettings:
    return MailboxSettings(
        name="support",
        host="127.0.0.1",
        port=mailbox.server.imap_port,
        security="plain",
        user=mailbox.user,
        password=mailbox.password,
        since=datetime(2026, 11, 23, tzinfo=UTC),
        folder=folder,
    )


def test_a_look_tells_what_lies_there_and_what_the_server_offers(mailbox: ServedMailbox) -> None:
    mailbox.append(MAIL, MAIL)
    look = look_at_mailbox(settings_of(mailbox))
    assert (look.mails, look.can_move, look.can_expunge_one, look.can_idle) == (2, True, True, True)


def test_after_a_look_everything_is_as_it_was(mailbox: ServedMailbox) -> None:
    mailbox.append(MAIL)
    look_at_mailbox(settings_of(mailbox))
    assert mailbox.uids(criterion="RECENT UNSEEN") == [1]
    assert mailbox.folders() == ["INBOX"]


def test_a_folder_that_is_not_there_is_refused(mailbox: ServedMailbox) -> None:
    with pytest.raises(MailboxError) as error:
        look_at_mailbox(settings_of(mailbox, "Missing"))
    assert error.value.kind == "refused"
