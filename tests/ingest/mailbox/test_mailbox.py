"""The mailbox client against a real Dovecot."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ingest.mailbox.error import MailboxError
from ingest.mailbox.mailbox import Mailbox
from ingest.mailbox.settings import MailboxSettings
from tests.servers.dovecot import DovecotServer, ServedMailbox
from tests.servers.process import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def mail(subject: str, size: int = 0) -> bytes:
    head = f"From: Wang Fang <wang.fang@example.com>\r\nTo: support@desk.example\r\nSubject: {subject}\r\n\r\n"
    return head.encode() + b"The printer on floor 3 is dead.\r\n" + b"x" * 70 * (size // 70)


def settings_of(served: ServedMailbox, **changes: Any) -> MailboxSettings:
    usual: dict[str, Any] = {
        "name": "support",
        "host": "127.0.0.1",
        "port": served.server.imap_port,
        "security": "plain",
        "user": served.user,
        "password": served.password,
        "since": NOW,
        "read_seconds": 10.0,
    }
    return MailboxSettings(**(usual | changes))


@pytest.fixture
def client(mailbox: ServedMailbox) -> Iterator[Mailbox]:
    client = Mailbox(settings_of(mailbox))
    client.connect()
    yield client
    client.log_out()


def connected(served: ServedMailbox, **changes: Any) -> Mailbox:
    client = Mailbox(settings_of(served, **changes))
    client.connect()
    return client


@pytest.fixture(scope="module")
def without_move() -> Iterator[DovecotServer]:
    with DovecotServer({"imap_capability": "IMAP4rev1 UIDPLUS ID"}) as server:
        yield server


@pytest.fixture(scope="module")
def without_uidplus() -> Iterator[DovecotServer]:
    with DovecotServer({"imap_capability": "IMAP4rev1"}) as server:
        yield server


# connecting


@pytest.mark.parametrize(("security", "port"), [("tls", "imaps_port"), ("starttls", "imap_port")])
def test_mail_is_read_over_verified_tls(mailbox: ServedMailbox, security: str, port: str) -> None:
    mailbox.append(mail("VPN"))
    server = mailbox.server
    client = connected(mailbox, security=security, port=getattr(server, port), cafile=server.cafile)
    assert client.list_uids() == (1,)
    client.log_out()


@pytest.mark.parametrize(("security", "port"), [("tls", "imaps_port"), ("starttls", "imap_port")])
def test_a_certificate_nobody_vouches_for_is_refused(mailbox: ServedMailbox, security: str, port: str) -> None:
    with pytest.raises(MailboxError) as refused:
        connected(mailbox, security=security, port=getattr(mailbox.server, port))
    assert refused.value.kind == "tls"


def test_a_wrong_password_is_told_from_a_lost_connection(mailbox: ServedMailbox) -> None:
    with pytest.raises(MailboxError) as refused:
        connected(mailbox, password="guess")
    assert refused.value.kind == "auth"
    assert "guess" not in refused.value.reason


def test_a_password_may_be_written_in_chinese() -> None:
    with DovecotServer(users={"zhang": "密码"}) as server:
        client = connected(server.mailbox_of("zhang"))
        assert client.list_uids() == ()
        client.log_out()


def test_nobody_at_the_port_is_a_lost_connection(mailbox: ServedMailbox) -> None:
    with pytest.raises(MailboxError) as refused:
        connected(mailbox, port=1)
    assert refused.value.kind == "connection"


def test_the_server_is_told_who_asks(mailbox: ServedMailbox) -> None:
    connected(mailbox).log_out()
    assert "name=deskd" in mailbox.server.log()


def test_a_folder_that_is_not_there_is_refused(mailbox: ServedMailbox) -> None:
    with pytest.raises(MailboxError, match="open Support") as refused:
        connected(mailbox, folder="Support")
    assert refused.value.kind == "refused"


# looking


def test_uids_come_oldest_first_and_above_a_given_one(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("one"), mail("two"), mail("three"))
    client.refresh()
    assert client.list_uids() == (1, 2, 3)
    assert client.list_uids(above=1) == (2, 3)
    assert client.list_uids(up_to=2) == (1, 2)
    assert client.list_uids(above=3) == ()


def test_a_mail_somebody_has_read_is_still_there(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("read by a colleague"), flags="\\Seen")
    client.refresh()
    assert client.list_uids() == (1,)


def test_mails_are_told_apart_by_when_the_server_took_them(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("last year"), received_at=NOW - timedelta(days=400))
    mailbox.append(mail("an hour before"), received_at=NOW - timedelta(hours=1))
    mailbox.append(mail("a minute after"), received_at=NOW + timedelta(minutes=1))
    client.refresh()
    near = client.list_uids(received_since=NOW)
    assert near == (2, 3)
    assert client.received_after(near, NOW, NOW) == (3,)


def test_uidvalidity_is_looked_up_again(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("before the restore"))
    before = client.uidvalidity
    mailbox.change_uidvalidity(before + 1000)
    client.close()
    client.connect()
    assert client.uidvalidity == before + 1000


# fetching


def test_a_page_holds_the_bytes_the_time_and_the_key(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("打印机"), received_at=NOW)
    client.refresh()
    (fetched,) = client.fetch_page([1], NOW).fetched
    assert fetched.original == mail("打印机")
    assert fetched.received_at == NOW
    assert fetched.key == f"{client.uidvalidity}.1"


def test_fetching_does_not_mark_a_mail_as_read(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("unread"))
    client.refresh()
    assert len(client.fetch_page([1], NOW).fetched) == 1
    assert mailbox.uids(criterion="UNSEEN") == [1]


def test_a_mail_that_vanished_keeps_nobody_else(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("one"), mail("two"), mail("three"))
    client.refresh()
    mailbox.expunge(2)
    page = client.fetch_page([1, 2, 3], NOW)
    assert [fetched.uid for fetched in page.fetched] == [1, 3]
    assert page.vanished == (2,)


def test_a_page_is_bounded_by_messages_and_by_bytes(mailbox: ServedMailbox) -> None:
    mailbox.append(mail("1", 7000), mail("2", 7000), mail("3"), mail("4"), mail("5"))
    client = connected(mailbox, page_messages=3, page_bytes=10_000)
    page = client.fetch_page([1, 2, 3, 4, 5], NOW)
    assert [fetched.uid for fetched in page.fetched] == [1]
    assert page.rest == (2, 3, 4, 5)
    page = client.fetch_page(page.rest, NOW)
    assert [fetched.uid for fetched in page.fetched] == [2, 3, 4]
    client.log_out()


def test_a_mail_larger_than_allowed_gives_its_header_only(mailbox: ServedMailbox) -> None:
    mailbox.append(mail("huge", 70_000), mail("small"))
    client = connected(mailbox, largest_mail=10_000)
    huge, small = client.fetch_page([1, 2], NOW).fetched
    assert huge.original is None
    assert "more than the 10000 allowed" in huge.trouble
    assert b"Subject: huge" in huge.header
    assert small.original == mail("small")
    client.log_out()


# filing


def test_filed_mail_lies_in_a_folder_made_for_it(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("one"), mail("two"))
    client.refresh()
    client.file_away([1], "Processed")
    assert mailbox.uids() == [2]
    assert mailbox.originals("Processed") == [mail("one")]


def test_a_folder_may_have_a_chinese_name(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("one"))
    client.refresh()
    client.file_away([1], "已处理")
    assert "&XfJZBHQG-" in mailbox.folders()
    assert mailbox.originals("&XfJZBHQG-") == [mail("one")]


def test_moving_what_is_gone_is_no_error(mailbox: ServedMailbox, client: Mailbox) -> None:
    mailbox.append(mail("one"), mail("two"))
    client.refresh()
    mailbox.expunge(1)
    client.file_away([1, 2], "Processed")
    assert mailbox.originals("Processed") == [mail("two")]


def test_without_move_only_the_copied_mail_is_removed(without_move: DovecotServer) -> None:
    mailbox = without_move.new_mailbox()
    mailbox.append(mail("ours"), mail("marked by a colleague"))
    mailbox.flag(2, "\\Deleted")
    client = connected(mailbox)
    client.file_away([1], "Processed")
    assert mailbox.uids() == [2]
    assert mailbox.originals("Processed") == [mail("ours")]
    client.log_out()


def test_with_neither_move_nor_uidplus_mail_stays_where_it_is(without_uidplus: DovecotServer) -> None:
    mailbox = without_uidplus.new_mailbox()
    mailbox.append(mail("ours"))
    client = connected(mailbox)
    with pytest.raises(MailboxError, match="UIDPLUS") as refused:
        client.file_away([1], "Processed")
    assert refused.value.kind == "refused"
    assert client.list_uids() == (1,)
    client.log_out()


# waiting


def wake_of(client: Mailbox, seconds: float, stop: threading.Event) -> tuple[threading.Thread, list[str]]:
    """Let the client wait in a thread of its own; the list then holds what woke it."""
    wakes: list[str] = []

    def wait() -> None:
        try:
            wakes.append(client.wait(seconds, stop))
        except MailboxError as error:
            wakes.append(error.kind)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread, wakes


def test_idle_wakes_when_mail_arrives(mailbox: ServedMailbox, client: Mailbox) -> None:
    thread, wakes = wake_of(client, 30.0, threading.Event())
    mailbox.deliver(mail("news"))
    thread.join(PATIENCE)
    assert wakes == ["news"]
    client.refresh()
    assert client.list_uids() == (1,)


def test_a_quiet_wait_ends_at_its_time(client: Mailbox) -> None:
    assert client.wait(0.05, threading.Event()) == "quiet"


def test_a_stop_ends_the_wait(client: Mailbox) -> None:
    stop = threading.Event()
    thread, wakes = wake_of(client, 60.0, stop)
    stop.set()
    thread.join(PATIENCE)
    assert wakes == ["stopped"]


def test_without_idle_the_clock_alone_wakes(without_move: DovecotServer) -> None:
    client = connected(without_move.new_mailbox())
    stop = threading.Event()
    assert client.wait(0.01, stop) == "quiet"
    stop.set()
    assert client.wait(60.0, stop) == "stopped"
    client.log_out()


def test_a_session_that_is_cut_ends_the_wait_and_comes_back(mailbox: ServedMailbox, client: Mailbox) -> None:
    thread, wakes = wake_of(client, 60.0, threading.Event())
    mailbox.kick()
    thread.join(PATIENCE)
    assert wakes == ["connection"]
    assert not client.connected
    client.connect()
    assert client.list_uids() == ()


def test_a_server_that_died_is_noticed_at_the_next_command(tmp_path: Path) -> None:
    with DovecotServer() as server:
        client = connected(server.new_mailbox())
        server.stop()
        with pytest.raises(MailboxError) as lost:
            client.refresh()
        assert lost.value.kind == "connection"
        server.start()
        client.connect()
        client.log_out()
