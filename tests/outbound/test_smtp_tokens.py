from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outbound.channel import Outgoing, TryAgain
from outbound.smtp import SmtpChannel, SmtpSettings, greet_server
from outbound.token_error import LoginTokenError
from tests.servers.process import free_port
from tests.servers.token_smtp import BearerHandler, ForerunnerHandler, TokenHandler, token_smtp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


pytestmark = pytest.mark.asyncio


async def greet(handler: TokenHandler, access_token: Callable[[str], Awaitable[str]]) -> str | None:
    """Why the server does not take us, if it does not."""
    server = token_smtp(handler, free_port())
    server.start()
    try:
        return await greet_server(settings(server.port, access_token))
    finally:
        server.stop()


def settings(port: int, access_token: Callable[[str], Awaitable[str]]) -> SmtpSettings:
    return SmtpSettings(
        host="127.0.0.1",
        port=port,
        security="plain",
        user="li=wei,@corp.example",
        access_token=access_token,
        timeout=60,
    )


async def old_then_new(rejected: str) -> str:
    return "new" if rejected == "old" else "old"


@pytest.mark.parametrize(
    ("handler", "shown"),
    [
        pytest.param(
            BearerHandler({"old"}), "n,a=li=3Dwei=2C@corp.example,\x01auth=Bearer old\x01\x01", id="the standard"
        ),
        pytest.param(
            ForerunnerHandler({"old"}), "user=li=wei,@corp.example\x01auth=Bearer old\x01\x01", id="its forerunner"
        ),
    ],
)
async def test_a_token_is_shown_in_the_words_of_the_mechanism(handler: TokenHandler, shown: str) -> None:
    assert await greet(handler, old_then_new) is None
    assert handler.shown == [shown]


@pytest.mark.parametrize(
    ("handler", "answer"),
    [
        pytest.param(BearerHandler({"new"}), b"\x01", id="the standard ends with one byte"),
        pytest.param(ForerunnerHandler({"new"}), b"", id="its forerunner with an empty line"),
    ],
)
async def test_a_refused_token_is_replaced_once(handler: TokenHandler, answer: bytes) -> None:
    assert await greet(handler, old_then_new) is None
    assert handler.answers == [answer]


async def test_a_second_refusal_is_the_last_word() -> None:
    handler = ForerunnerHandler(set())
    why = await greet(handler, old_then_new)
    assert why is not None
    assert why.startswith("login: 535")
    assert len(handler.shown) == 2


async def test_without_a_token_the_reason_is_told() -> None:
    async def none(_rejected: str) -> str:
        raise LoginTokenError("no access token: invalid_grant")

    handler = BearerHandler({"old"})
    assert await greet(handler, none) == "login: no access token: invalid_grant"
    assert not handler.shown


@pytest.mark.parametrize(
    ("passes", "code"),
    [
        pytest.param(True, None, id="the authorisation server is away: soon again, as with a mail server"),
        pytest.param(False, 535, id="it refuses: less and less often, as with a wrong password"),
    ],
)
async def test_a_letter_without_a_token_waits_and_a_refusal_is_told_apart(passes: bool, code: int | None) -> None:
    async def none(_rejected: str) -> str:
        raise LoginTokenError("no access token", passes=passes)

    server = token_smtp(BearerHandler({"old"}), free_port())
    server.start()
    try:
        letter = Outgoing(letter_id=1, sender="", recipient="li@corp.example", message=b"Hello\r\n")
        delivery = await SmtpChannel(settings(server.port, none)).deliver(letter)
    finally:
        server.stop()
    assert delivery == TryAgain("login: no access token", code, away=True)
