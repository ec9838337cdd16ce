from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from outbound.channel import Delivery, Outgoing, Refused, Sent, TryAgain, Unknown
from outbound.compose import compose
from outbound.letters import render
from outbound.smtp import SmtpChannel, SmtpSettings, greet_server
from tests.outbound.samples import MESSAGE_ID, NOW, SENDER, make_letter
from tests.servers.smtp import Cut, Fault, Reply, SmtpSink, Stall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from outbound.smtp import Security
    from tests.servers.smtp import Step

MESSAGE = compose(make_letter("answer"), render(make_letter("answer")), SENDER, MESSAGE_ID, NOW)


def _outgoing(
    recipient: str = "wang@example.com", message: bytes = MESSAGE, sender: str = "bounce@example.com"
) -> Outgoing:
    return Outgoing(letter_id=7, sender=sender, recipient=recipient, message=message)


def _settings(sink: SmtpSink, *, timeout: float = 60.0, user: str | None = None, password: str = "") -> SmtpSettings:
    return SmtpSettings(
        host="localhost" if sink.security != "plain" else "127.0.0.1",
        port=sink.port,
        security=sink.security,
        cafile=str(sink.cafile) if sink.security != "plain" else None,
        timeout=timeout,
        verdict_timeout=timeout,
        user=user,
        password=password,
    )


@asynccontextmanager
async def _open(settings: SmtpSettings) -> AsyncIterator[SmtpChannel]:
    channel = SmtpChannel(settings)
    try:
        yield channel
    finally:
        await channel.close()


def _deliver(settings: SmtpSettings, *letters: Outgoing) -> list[Delivery]:
    """Deliver one letter after the other over one channel."""

    async def run() -> list[Delivery]:
        async with _open(settings) as channel:
            return [await channel.deliver(letter) for letter in letters]

    return asyncio.run(run())


def test_a_letter_arrives_byte_for_byte(smtp_sink: SmtpSink) -> None:
    message = MESSAGE + b".\r\n..\r\n.hidden\r\n"
    assert _deliver(_settings(smtp_sink), _outgoing(message=message)) == [Sent("250 2.0.0 OK")]
    [submission] = smtp_sink.submissions
    assert submission.original == message
    assert (submission.sender, submission.recipients) == ("bounce@example.com", ("wang@example.com",))


def test_a_letter_without_a_last_line_end_is_ended(smtp_sink: SmtpSink) -> None:
    assert _deliver(_settings(smtp_sink), _outgoing(message=b".dot\r\nend")) == [Sent("250 2.0.0 OK")]
    assert smtp_sink.submissions[0].original == b".dot\r\nend\r\n"


def test_one_connection_serves_many_letters(smtp_sink: SmtpSink) -> None:
    verdicts = _deliver(_settings(smtp_sink), *[_outgoing()] * 20)
    assert {type(verdict) for verdict in verdicts} == {Sent}
    assert smtp_sink.steps["CONNECT"] == 1
    assert smtp_sink.steps["QUIT"] == 1


def test_a_letter_nobody_may_answer_has_the_null_sender(smtp_sink: SmtpSink) -> None:
    _deliver(_settings(smtp_sink), _outgoing(sender=""))
    assert smtp_sink.submissions[0].sender == ""


@pytest.mark.parametrize(
    ("step", "fault", "verdict"),
    [
        pytest.param("CONNECT", Reply("421 busy"), TryAgain, id="421 in the greeting"),
        pytest.param("CONNECT", Reply("554 go away"), TryAgain, id="554 in the greeting is about us"),
        pytest.param("EHLO", Reply("421 busy"), TryAgain, id="421 to EHLO"),
        pytest.param("MAIL", Reply("451 later"), TryAgain, id="451 to MAIL"),
        pytest.param("MAIL", Reply("550 not your address"), TryAgain, id="550 to MAIL is about us"),
        pytest.param("MAIL", Reply("552 too big"), Refused, id="552 to MAIL is about the letter"),
        pytest.param("RCPT", Reply("450 greylisted"), TryAgain, id="450 to RCPT"),
        pytest.param("RCPT", Reply("550 no such user"), Refused, id="550 to RCPT"),
        pytest.param("DATA", Reply("451 later"), TryAgain, id="451 to DATA"),
        pytest.param("DATA", Reply("554 no"), Refused, id="554 to DATA"),
        pytest.param("BODY", Reply("452 disk full"), TryAgain, id="452 to the final dot"),
        pytest.param("BODY", Reply("550 spam"), Refused, id="550 to the final dot"),
        pytest.param("MAIL", Cut(), TryAgain, id="cut at MAIL"),
        pytest.param("DATA", Cut(), TryAgain, id="cut before the mail is written"),
        pytest.param("BODY", Cut(), Unknown, id="cut after the final dot"),
        pytest.param("BODY", Cut(kept=True), Unknown, id="cut after the final dot, and the mail was taken"),
    ],
)
def test_what_a_fault_means_and_the_next_letter_has_its_own_verdict(
    smtp_sink: SmtpSink, step: Step, fault: Fault, verdict: type[Delivery]
) -> None:
    smtp_sink.fail(step, fault)
    first, second = _deliver(_settings(smtp_sink), _outgoing(), _outgoing("lin@example.com"))
    assert type(first) is verdict
    assert second == Sent("250 2.0.0 OK")
    assert smtp_sink.submissions[-1].recipients == ("lin@example.com",)
    assert smtp_sink.steps["CONNECT"] == 2


def test_a_refusal_carries_the_code_and_the_words_of_the_server(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail("RCPT", Reply("550 5.1.1 no such user"))
    assert _deliver(_settings(smtp_sink), _outgoing()) == [Refused("recipient: 550 5.1.1 no such user", 550)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "verdict"),
    [
        pytest.param("CONNECT", TryAgain, id="no greeting"),
        pytest.param("EHLO", TryAgain, id="no answer to EHLO"),
        pytest.param("MAIL", TryAgain, id="no answer to MAIL"),
        pytest.param("RCPT", TryAgain, id="no answer to RCPT"),
        pytest.param("DATA", TryAgain, id="no answer to DATA: nothing was written yet"),
        pytest.param("BODY", Unknown, id="no answer to the final dot"),
    ],
)
def test_a_silent_server_costs_no_more_than_the_timeout(
    smtp_sink: SmtpSink, step: Step, verdict: type[Delivery]
) -> None:
    smtp_sink.fail(step, Stall(kept=True))
    first, second = _deliver(_settings(smtp_sink, timeout=1.0), _outgoing(), _outgoing("lin@example.com"))
    assert type(first) is verdict
    assert getattr(first, "reason", "").endswith("no answer in 1 s")
    assert type(second) is Sent


def test_a_server_that_is_away_is_a_reason_to_try_again() -> None:
    with SmtpSink() as sink:
        settings = _settings(sink)
    [verdict] = _deliver(settings, _outgoing())
    assert isinstance(verdict, TryAgain)
    assert verdict.reason.startswith("connect: ")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_goes_encrypted_and_logged_in(security: Security) -> None:
    with SmtpSink(security=security, users={"desk": "secret"}) as sink:
        verdicts = _deliver(_settings(sink, user="desk", password="secret"), _outgoing(), _outgoing())
        assert {type(verdict) for verdict in verdicts} == {Sent}
        assert [(one.encrypted, one.login) for one in sink.submissions] == [(True, "desk")] * 2
        assert sink.steps["AUTH"] == 1


def test_a_wrong_password_loses_no_letter() -> None:
    with SmtpSink(security="starttls", users={"desk": "secret"}) as sink:
        [verdict] = _deliver(_settings(sink, user="desk", password="wrong"), _outgoing())
        assert isinstance(verdict, TryAgain)
        assert verdict.code == 535


def test_a_certificate_nobody_vouches_for_gets_no_letter() -> None:
    with SmtpSink(security="starttls") as sink:
        settings = SmtpSettings(host="localhost", port=sink.port, security="starttls", timeout=60.0)
        [verdict] = _deliver(settings, _outgoing())
        assert isinstance(verdict, TryAgain)
        assert "certificate verify failed" in verdict.reason
        assert sink.submissions == []


@pytest.mark.parametrize("content", [pytest.param(None, id="gone"), pytest.param("half of it", id="no certificate")])
def test_certificates_that_cannot_be_read_any_more_are_told_of(tmp_path: Path, content: str | None) -> None:
    cafile = tmp_path / "ca.pem"
    if content is not None:
        cafile.write_text(content)
    settings = SmtpSettings(host="localhost", port=9, security="tls", cafile=str(cafile))
    why = asyncio.run(greet_server(settings))
    assert why is not None
    assert why.startswith("certificates: those to trust cannot be read: ")


def test_a_server_without_starttls_gets_no_letter(smtp_sink: SmtpSink) -> None:
    settings = SmtpSettings(host="localhost", port=smtp_sink.port, security="starttls", timeout=60.0)
    [verdict] = _deliver(settings, _outgoing())
    assert isinstance(verdict, TryAgain)
    assert verdict.reason.startswith("starttls: ")
    assert smtp_sink.steps["MAIL"] == 0


def test_plain_smtp_is_for_this_machine_only() -> None:
    with pytest.raises(ValueError, match="loopback"):
        SmtpSettings(host="mail.example.com", port=25, security="plain")


@pytest.mark.parametrize("recipient", ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "a@b.example\x00", ""])
def test_an_address_that_is_not_plain_never_reaches_the_wire(smtp_sink: SmtpSink, recipient: str) -> None:
    [verdict] = _deliver(_settings(smtp_sink), _outgoing(recipient))
    assert isinstance(verdict, Refused)
    assert smtp_sink.steps["CONNECT"] == 0


def test_an_address_in_chinese_goes_where_the_server_takes_it(smtp_sink: SmtpSink) -> None:
    assert _deliver(_settings(smtp_sink), _outgoing("王芳@example.com")) == [Sent("250 2.0.0 OK")]
    assert smtp_sink.submissions[0].recipients == ("王芳@example.com",)


def test_an_address_in_chinese_is_refused_where_the_server_does_not_take_it(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail("EHLO", Reply("250 old.example"))
    [verdict] = _deliver(_settings(smtp_sink), _outgoing("王芳@example.com"))
    assert isinstance(verdict, Refused)
    assert "SMTPUTF8" in verdict.reason
    assert smtp_sink.steps["MAIL"] == 0


def test_a_connection_is_changed_after_a_hundred_letters(smtp_sink: SmtpSink) -> None:
    verdicts = _deliver(_settings(smtp_sink), *[_outgoing()] * 101)
    assert {type(verdict) for verdict in verdicts} == {Sent}
    assert smtp_sink.steps["CONNECT"] == 2


def test_letters_under_way_at_once_use_connections_of_their_own(smtp_sink: SmtpSink) -> None:
    async def run() -> None:
        async with _open(_settings(smtp_sink)) as channel:
            for _ in range(2):
                verdicts = await asyncio.gather(*(channel.deliver(_outgoing()) for _ in range(4)))
                assert {type(verdict) for verdict in verdicts} == {Sent}

    asyncio.run(run())
    assert smtp_sink.steps["CONNECT"] == 4
    assert len(smtp_sink.submissions) == 8


def test_a_password_never_shows_in_the_settings() -> None:
    settings = SmtpSettings(host="127.0.0.1", port=25, security="plain", user="desk", password="a secret word")
    assert "a secret word" not in repr(settings)
