"""A mail server hands mail over: what it is told, and what is taken for one mail. On the loop of the daemon."""

from __future__ import annotations

import asyncio
import re
import smtplib
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.sockets import listen, listen_at
from ingest.listener.delivery import Delivery, ListenerSettings, NotTakenError
from ingest.listener.listener import Listener
from tests.servers.mail_client import MailClient
from tests.servers.process import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

DESK = "support@desk.example"
LMTP = ListenerSettings(
    name="mx",
    protocol="lmtp",
    host_name="desk.example",
    recipients=frozenset({DESK}),
    peers=(ip_network("127.0.0.0/8"),),
    largest_mail=100_000,
)
SMTP = replace(LMTP, protocol="smtp")
MAIL = b"Subject: VPN\r\n\r\nIt is down.\r\n"

#: What other servers have taken for the end of a mail (CVE-2023-51764, -51765, -51766, CVE-2024-27305).
NO_END = [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\r\n\0.\r\n", b"\n.\r", b"\r\n.\r\r\n"]


@dataclass
class Desk:
    """Whoever takes the mails, and notes what it is told."""

    taken: list[Delivery] = field(default_factory=list)
    told: list[tuple[Any, ...]] = field(default_factory=list)
    trouble: Exception | None = None
    commit: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    def __post_init__(self) -> None:
        self.commit.set()

    async def take(self, delivery: Delivery) -> None:
        self.taken.append(delivery)
        self.reached.set()
        await self.commit.wait()
        if self.trouble is not None:
            raise self.trouble

    def connected(self, connections: int) -> None:
        self.told.append(("connected", connections))

    def turned_away(self, peer: str, reason: str) -> None:
        self.told.append(("turned away", peer, reason))

    def answered(self, outcome: str, reason: str, seconds: float) -> None:
        self.told.append((outcome, reason))

    def failed(self, error: Exception) -> None:
        self.told.append(("failed", repr(error)))


@asynccontextmanager
async def listening(settings: ListenerSettings, desk: Desk | None = None) -> AsyncIterator[tuple[Listener, Desk]]:
    desk = desk or Desk()
    listener = Listener(settings, desk.take, desk)
    opened = listen("127.0.0.1", 0)
    desk.port = opened.getsockname()[1]
    await listener.start(opened)
    try:
        yield listener, desk
    finally:
        await listener.stop(1.0)


def with_client(
    play: Callable[[MailClient, Desk], Awaitable[None]], settings: ListenerSettings = LMTP, desk: Desk | None = None
) -> Desk:
    """Play one connection, greeted already; returns the desk behind it."""

    async def run() -> Desk:
        async with listening(settings, desk) as (_, at), MailClient(at.port) as client:
            await client.say("LHLO mx" if settings.protocol == "lmtp" else "EHLO mx")
            await play(client, at)
            return at

    return uvloop.run(asyncio.wait_for(run(), PATIENCE))


def test_a_mail_is_answered_after_it_is_recorded() -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        desk.commit.clear()
        handing = asyncio.create_task(client.hand_over(MAIL, DESK))
        done, _ = await asyncio.wait([handing], timeout=0.2)
        assert not done
        assert desk.taken == [Delivery(MAIL, "wang@corp.example", (DESK,))]
        desk.commit.set()
        assert await handing == ["250 2.0.0 recorded"]

    desk = with_client(play)
    assert ("taken", "") in desk.told


def test_lmtp_answers_once_for_each_recipient() -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        assert await client.hand_over(MAIL, DESK, "Support+42@Desk.Example") == ["250 2.0.0 recorded"] * 2
        assert (await client.say("NOOP")).startswith("250")

    assert [len(delivery.recipients) for delivery in with_client(play).taken] == [2]


def test_smtp_answers_once() -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        await client.say("MAIL FROM:<wang@corp.example> SIZE=2000 BODY=8BITMIME SMTPUTF8")
        await client.say(f"RCPT TO:<{DESK}>")
        await client.say("RCPT TO:<support+1@desk.example>")
        await client.say("DATA")
        client.send(MAIL + b".\r\nNOOP\r\n")
        assert await client.answer() == "250 2.0.0 recorded"
        assert (await client.answer()).startswith("250")

    with_client(play, SMTP)


def test_the_greeting_offers_what_is_meant() -> None:
    async def run() -> str:
        async with listening(LMTP) as (_, desk), MailClient(desk.port) as client:
            assert client.greeting == "220 desk.example LMTP deskd"
            return await client.say("LHLO mx")

    offered = uvloop.run(run())
    assert {"250-SIZE 100000", "250-8BITMIME", "250-SMTPUTF8"} <= set(offered.splitlines())
    assert "STARTTLS" not in offered
    assert "AUTH" not in offered


@pytest.mark.parametrize(
    ("trouble", "answer"),
    [
        pytest.param(
            NotTakenError("the desk is stopping"), "451 4.3.0 not recorded, come again: the desk is stopping", id="desk"
        ),
        pytest.param(ZeroDivisionError(), "451 4.3.0 not recorded, come again: a mistake of ours", id="a mistake"),
    ],
)
def test_our_trouble_is_a_reason_to_come_again(trouble: Exception, answer: str) -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        assert await client.hand_over(MAIL, DESK) == [answer]

    with_client(play, desk=Desk(trouble=trouble))


def test_a_mistake_of_ours_is_answered_for_each_recipient() -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        answers = await client.hand_over(MAIL, DESK, "support+1@desk.example")
        assert {answer[:3] for answer in answers} == {"451"}
        assert (await client.say("NOOP")).startswith("250")

    with_client(play, desk=Desk(trouble=ZeroDivisionError()))


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        pytest.param("support@desk.example", "250", id="ours"),
        pytest.param("SUPPORT@Desk.Example", "250", id="in another case"),
        pytest.param("support+ticket-7@desk.example", "250", id="a plus-address of ours"),
        pytest.param("sales@desk.example", "550", id="somebody else at our domain"),
        pytest.param("support@corp.example", "550", id="our name elsewhere"),
        pytest.param("support", "550", id="without a domain"),
        pytest.param("+support@desk.example", "550", id="nobody with a plus"),
        pytest.param('"a b>c"@desk.example', "550", id="a quoted local part"),
    ],
)
def test_only_our_recipients_are_taken(recipient: str, code: str) -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        await client.say("MAIL FROM:<wang@corp.example>")
        assert (await client.say(f"RCPT TO:<{recipient}>")).startswith(code)

    with_client(play)


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        pytest.param("<>", "", id="a bounce has none"),
        pytest.param("<a..b@docomo.example>", "a..b@docomo.example", id="what no grammar allows"),
        pytest.param("<@relay.example:wang@corp.example>", "wang@corp.example", id="a route before it"),
        pytest.param("<" + "v" * 600 + "@corp.example> SIZE=99", "v" * 600 + "@corp.example", id="a long signed one"),
        pytest.param("<王芳@例子.公司> SMTPUTF8", "王芳@例子.公司", id="in Chinese"),
    ],
)
def test_no_sender_is_refused(written: str, sender: str) -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        assert (await client.say(f"MAIL FROM:{written}")).startswith("250")
        await client.say(f"RCPT TO:<{DESK}>")
        await client.say("DATA")
        client.send(MAIL + b".\r\n")
        assert (await client.answer()).startswith("250")

    assert [delivery.sender for delivery in with_client(play).taken] == [sender]


@pytest.mark.parametrize("no_end", NO_END, ids=repr)
def test_only_a_dot_between_two_crlf_ends_a_mail(no_end: bytes) -> None:
    smuggled = b"it goes on" + no_end + b"MAIL FROM:<evil@corp.example>\r\n"

    async def play(client: MailClient, desk: Desk) -> None:
        assert await client.hand_over(smuggled, DESK) == ["250 2.0.0 recorded"]
        assert (await client.say("NOOP")).startswith("250")

    (delivery,) = with_client(play).taken
    unstuffed = smuggled.replace(b"\r\n.", b"\r\n")
    assert delivery.content == unstuffed


def test_dots_are_unstuffed_and_nothing_else_is_changed() -> None:
    sent = b"..one\r\n...\r\nbare\nlines\rstay\r\n\x00\xff\r\n"

    async def play(client: MailClient, desk: Desk) -> None:
        await client.hand_over(sent, DESK)

    (delivery,) = with_client(play).taken
    assert delivery.content == b".one\r\n..\r\nbare\nlines\rstay\r\n\x00\xff\r\n"


@pytest.mark.parametrize("length", [998, 65_533, 65_534, 65_535, 65_536, 65_537, 90_000])
def test_no_line_is_too_long(length: int) -> None:
    line = b"x" * length + b"\r\n"

    async def play(client: MailClient, desk: Desk) -> None:
        assert await client.hand_over(line + b"..y\r\n", DESK) == ["250 2.0.0 recorded"]

    (delivery,) = with_client(play).taken
    assert delivery.content == line + b".y\r\n"


LINES = st.lists(
    st.one_of(
        st.sampled_from([b"\r\n", b".", b"..", b"\r", b"\n", b".\r", b"\r\n.", b"\n.\n", b"\0", b"\r\r\n"]),
        st.binary(max_size=5),
        st.integers(min_value=65_520, max_value=65_550).map(lambda length: b"x" * length),
    ),
    max_size=12,
).map(b"".join)


@settings(max_examples=60)
@given(contents=st.lists(LINES, min_size=1, max_size=4), cut=st.integers(min_value=1, max_value=9))
def test_whatever_is_sent_arrives_as_it_was(contents: list[bytes], cut: int) -> None:
    """Mails one after the other, dots stuffed as RFC 5321, 4.5.2 asks, in packets that end anywhere."""
    mails = [content if content.endswith(b"\r\n") or not content else content + b"\r\n" for content in contents]

    async def play(client: MailClient, desk: Desk) -> None:
        for mail in mails:
            stuffed = re.sub(rb"(^|\r\n)\.", rb"\1..", mail)
            at = len(stuffed) * cut // 10
            assert await client.hand_over(stuffed, DESK, cut_at=at) == ["250 2.0.0 recorded"]

    taken = with_client(play, replace(LMTP, largest_mail=1 << 20)).taken
    assert [delivery.content for delivery in taken] == mails


def test_an_empty_mail_is_a_mail() -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        assert await client.hand_over(b"", DESK) == ["250 2.0.0 recorded"]

    assert [delivery.content for delivery in with_client(play).taken] == [b""]


def test_a_mail_that_is_too_large_is_refused_to_each_recipient_and_the_session_goes_on() -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        answers = await client.hand_over((b"x" * 98 + b"\r\n") * 1001, DESK, "support+1@desk.example")
        assert {answer[:9] for answer in answers} == {"552 5.3.4"}
        assert await client.hand_over((b"x" * 98 + b"\r\n") * 1000, DESK) == ["250 2.0.0 recorded"]
        assert (await client.say("MAIL FROM:<wang@corp.example> SIZE=100001")).startswith("552")

    assert len(with_client(play).taken) == 1


def test_a_silent_mail_server_is_hung_up_on() -> None:
    async def play(client: MailClient, desk: Desk) -> None:
        await client.say("MAIL FROM:<wang@corp.example>")
        await client.say(f"RCPT TO:<{DESK}>")
        await client.say("DATA")
        client.send(b"half a li")
        assert await client.answer() == ""

    assert with_client(play, replace(LMTP, patience=0.3)).taken == []


def test_only_so_many_connections_are_let_in() -> None:
    async def run() -> None:
        async with listening(replace(LMTP, connections=1)) as (_, desk):
            async with MailClient(desk.port) as first:
                async with MailClient(desk.port) as second:
                    assert second.greeting == "421 4.3.2 too many connections, come again"
                assert (await first.say("QUIT")).startswith("221")
                assert await first.answer() == ""
            async with MailClient(desk.port) as third:
                assert third.greeting.startswith("220")
            assert desk.told.count(("connected", 1)) == 2

    uvloop.run(run())


def test_a_host_that_is_no_peer_is_asked_to_come_again() -> None:
    async def run() -> str:
        strangers = replace(LMTP, peers=(ip_network("10.0.0.0/8"),))
        async with listening(strangers) as (_, desk), MailClient(desk.port) as client:
            assert desk.told == [("turned away", "127.0.0.1", "it is none of the peers")]
            return client.greeting

    assert uvloop.run(run()).startswith("421 4.7.1")


def test_stopping_answers_what_lies_with_the_desk_and_sends_the_rest_away() -> None:
    async def run() -> None:
        desk = Desk()
        desk.commit.clear()
        async with (
            listening(LMTP, desk) as (listener, _),
            MailClient(desk.port) as waiting,
            MailClient(desk.port) as idle,
        ):
            await waiting.say("LHLO mx")
            handing = asyncio.create_task(waiting.hand_over(MAIL, DESK))
            await desk.reached.wait()
            stopping = asyncio.create_task(listener.stop(5.0))
            assert await idle.answer() == "421 4.3.2 shutting down, come again"
            assert not handing.done()
            desk.commit.set()
            assert await handing == ["250 2.0.0 recorded"]
            await stopping
            with pytest.raises(OSError, match="Connect"):
                await MailClient(desk.port).__aenter__()

    uvloop.run(asyncio.wait_for(run(), PATIENCE))


def test_python_s_own_client_hands_over(tmp_path: Path) -> None:
    """At a Unix socket, where nobody is asked where he comes from."""
    path = tmp_path / "lmtp.sock"

    def send() -> None:
        with smtplib.LMTP(str(path)) as client:
            client.sendmail("wang@corp.example", [DESK], MAIL + b".dot\r\n")

    async def run() -> list[Delivery]:
        desk = Desk()
        listener = Listener(replace(LMTP, peers=()), desk.take, desk)
        await listener.start(listen_at(path, mode=0o600))
        await asyncio.to_thread(send)
        await listener.stop(1.0)
        return desk.taken

    (delivery,) = uvloop.run(run())
    assert delivery.content == MAIL + b".dot\r\n"


def test_a_socket_that_nobody_listens_on_any_more_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    listen_at(path, mode=0o600).close()
    living = listen_at(path, mode=0o600)
    living.listen()
    with pytest.raises(OSError, match="in use"):
        listen_at(path, mode=0o600)
    living.close()
