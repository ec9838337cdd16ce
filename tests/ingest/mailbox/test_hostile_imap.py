"""The mailbox client against answers no honest server gives."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ingest.mailbox.error import MailboxError
from ingest.mailbox.mailbox import Mailbox
from ingest.mailbox.settings import MailboxSettings
from tests.servers.imap import ScriptedImap, ThenCut

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BOTH = b"* 1 FETCH (UID 1 BODY[] {5}\r\nfirst)\r\n* 2 FETCH (UID 2 BODY[] {5}\r\nother)\r\n{tag} OK done\r\n"


@contextmanager
def connected(server: ScriptedImap, **changes: Any) -> Iterator[Mailbox]:
    usual: dict[str, Any] = {
        "name": "support",
        "host": "127.0.0.1",
        "port": server.port,
        "security": "plain",
        "user": "support",
        "password": "secret",
        "since": NOW,
        "read_seconds": 0.5,
    }
    with closing(Mailbox(MailboxSettings(**(usual | changes)))) as client:
        client.connect()
        yield client


def trouble_of(server: ScriptedImap, **changes: Any) -> MailboxError:
    with pytest.raises(MailboxError) as trouble, connected(server, **changes):
        pass
    return trouble.value


def test_one_mail_the_server_will_not_give_keeps_nobody_else() -> None:
    first = b"* 1 FETCH (UID 1 BODY[] {5}\r\nfirst)\r\n{tag} OK done\r\n"
    rules: dict[str, bytes | ThenCut] = {
        "FETCH 1,2 (BODY": b"{tag} NO [SERVERBUG] internal error\r\n",
        "FETCH 1 (BODY": first,
        "FETCH 2 (BODY": b"{tag} NO [SERVERBUG] internal error\r\n",
    }
    with ScriptedImap(rules) as server, connected(server) as client:
        one, two = client.fetch_page([1, 2], NOW).fetched
    assert (one.original, one.refused) == (b"first", False)
    assert (two.original, two.refused) == (None, True)
    assert "SERVERBUG" in two.trouble


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(ThenCut(b"* 1 FETCH (UID 1 BODY[] {500}\r\nfir"), id="cut in the middle of a mail"),
        pytest.param(ThenCut(b"* 1 FETCH (UID 1 BODY[] {5}\r\nfirst)\r\n"), id="cut before the tagged answer"),
        pytest.param(ThenCut(b"* BYE too many connections\r\n"), id="a goodbye"),
        pytest.param(b"* 1 FETCH (UID 1 BODY[] {500}\r\nfirst", id="silence in the middle of a mail"),
        pytest.param(b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\nfirst", id="a mail of 100 gigabytes"),
        pytest.param(b"* 1 FETCH (UID 1 BODY[] {" + b"9" * 2_000_000, id="a line without end"),
        pytest.param((b"* OK " + b"x" * 90_000 + b"\r\n") * 60, id="lines without end"),
        pytest.param(b"* 1 FETCH (UID 1 BODY[] {" + b"9" * 5000 + b"}\r\n", id="a size of 5,000 digits"),
    ],
)
def test_half_an_answer_is_discarded_whole(answer: bytes | ThenCut) -> None:
    bounds = {"largest_mail": 100_000, "page_bytes": 100_000}
    with ScriptedImap({"BODY.PEEK": answer}) as server, connected(server, **bounds) as client:
        with pytest.raises(MailboxError) as lost:
            client.fetch_page([1, 2], NOW)
        assert lost.value.kind == "connection"
        assert not client.connected


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b'* 1 FETCH (UID 1 BODY[] "first\r\n{tag} OK done\r\n', id="a string without an end"),
        pytest.param(b"* 1 FETCH UID\r\n{tag} OK done\r\n", id="no list"),
        pytest.param(b"* 1 FETCH (UID x BODY[] NIL)\r\n{tag} OK done\r\n", id="a UID that is no number"),
    ],
)
def test_an_answer_that_is_no_imap_costs_the_page_and_not_the_connection(answer: bytes) -> None:
    with ScriptedImap({"BODY.PEEK": answer}) as server, connected(server) as client:
        page = client.fetch_page([1, 2], NOW)
        assert [fetched.refused for fetched in page.fetched] == [True, True]
        assert client.connected


def test_a_colleagues_flag_in_the_answer_is_passed_over() -> None:
    noise = b"* 2 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (UID 3 FLAGS (\\Seen))\r\n"
    with ScriptedImap({"BODY.PEEK": noise + BOTH}) as server, connected(server) as client:
        page = client.fetch_page([1, 2], NOW)
    assert [(fetched.uid, fetched.original) for fetched in page.fetched] == [(1, b"first"), (2, b"other")]


def test_a_date_nobody_can_read_counts_as_now() -> None:
    sizes = b'* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE "yesterday")\r\n{tag} OK done\r\n'
    with ScriptedImap({"RFC822.SIZE": sizes, "BODY.PEEK": BOTH}) as server, connected(server) as client:
        (fetched,) = client.fetch_page([1], NOW).fetched
    assert fetched.received_at == NOW


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"{tag} NO [AUTHENTICATIONFAILED] wrong\r\n", "auth"),
        (b"{tag} NO wrong\r\n", "auth"),
        (b"{tag} NO [UNAVAILABLE] the directory is away\r\n", "connection"),
        (b"{tag} NO [LIMIT] too many connections\r\n", "connection"),
        (ThenCut(b""), "connection"),
    ],
)
def test_a_refused_login_is_told_from_a_busy_server(answer: bytes | ThenCut, kind: str) -> None:
    with ScriptedImap({"LOGIN": answer}) as server:
        assert trouble_of(server).kind == kind


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_refusal_is_told_in_the_words_of_the_server(charset: str) -> None:
    with ScriptedImap({"LOGIN": b"{tag} NO " + "登录失败: 请使用授权码".encode(charset) + b"\r\n"}) as server:
        assert trouble_of(server).reason.endswith(": 登录失败: 请使用授权码")


def test_no_password_is_sent_where_starttls_is_not_offered() -> None:
    with ScriptedImap({}) as server:
        trouble_of(server, security="starttls")
        assert not [line for line in server.transcript if b"LOGIN" in line]


def test_no_password_is_sent_to_who_claims_we_are_known_already() -> None:
    with ScriptedImap({}, greeting=b"* PREAUTH welcome\r\n") as server:
        trouble_of(server, security="starttls")
        assert not [line for line in server.transcript if b"LOGIN" in line]


def test_a_read_only_folder_is_refused_before_anything_is_promised() -> None:
    selected = b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 1] n\r\n{tag} OK [READ-ONLY] done\r\n"
    with ScriptedImap({"SELECT": selected}) as server:
        trouble = trouble_of(server)
    assert trouble.kind == "refused"
    assert "read-only" in trouble.reason


def test_a_server_that_falls_silent_is_given_up() -> None:
    with ScriptedImap({"SELECT": b""}) as server:
        assert trouble_of(server).kind == "connection"


def test_a_connection_that_ends_during_idle_is_noticed() -> None:
    with ScriptedImap({"IDLE": ThenCut(b"+ idling\r\n")}) as server, connected(server) as client:
        with pytest.raises(MailboxError) as lost:
            client.wait(60.0, threading.Event())
        assert lost.value.kind == "connection"
        assert not client.connected


def test_what_a_server_says_is_told_on_one_clean_line() -> None:
    with ScriptedImap({"SELECT": b"{tag} NO \x1b[31mred\x07 " + b"x" * 5000 + b"\r\n"}) as server:
        reason = trouble_of(server).reason
    assert reason.isprintable()
    assert len(reason) <= 300


@pytest.mark.parametrize("login", [b"{tag} OK logged in\r\n", b"* CAPABILITY IMAP4rev1 ID\r\n{tag} OK logged in\r\n"])
def test_a_server_that_wants_to_know_us_is_told_before_the_login_and_after(login: bytes) -> None:
    """163 and 126 answer "Unsafe Login" to a client that has not said who it is."""
    rules: dict[str, bytes | ThenCut] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 ID UIDPLUS MOVE\r\n{tag} OK done\r\n",
        "ID (": b'* ID ("name" "strict")\r\n{tag} OK done\r\n',
        "LOGIN": login,
    }
    with ScriptedImap(rules) as server, connected(server):
        words = [line.split()[1] for line in server.transcript]
    order = [word for word in words if word in (b"ID", b"LOGIN", b"SELECT")]
    assert order[:4] == [b"ID", b"LOGIN", b"ID", b"SELECT"]
