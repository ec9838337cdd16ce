"""What was published about how others write and hand over mail, and does not happen here."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from outbound.channel import Outgoing, Refused, Sent, Unknown
from outbound.compose import compose
from outbound.letters import LetterError, render
from outbound.smtp import SmtpChannel, SmtpSettings
from tests.outbound.samples import MESSAGE_ID, NOW, SENDER, make_letter
from tests.servers.smtp import SmtpSink, Stall

if TYPE_CHECKING:
    from outbound.channel import Delivery
    from rules.letter import Letter


def _compose(letter: Letter) -> bytes:
    return compose(letter, render(letter), SENDER, MESSAGE_ID, NOW)


def _deliver(sink: SmtpSink, *outgoing: Outgoing, verdict_timeout: float = 60.0) -> list[Delivery]:
    settings = SmtpSettings(host="127.0.0.1", port=sink.port, security="plain", verdict_timeout=verdict_timeout)

    async def run() -> list[Delivery]:
        channel = SmtpChannel(settings)
        delivered = [await channel.deliver(one) for one in outgoing]
        await channel.close()
        return delivered

    return asyncio.run(run())


def _outgoing(recipient: str = "wang@example.com", message: bytes = b"Subject: x\r\n\r\nx\r\n") -> Outgoing:
    return Outgoing(letter_id=1, sender="desk@example.com", recipient=recipient, message=message)


@pytest.mark.parametrize(
    "name", ["x>, <root@victim.example", "x\r\nBcc: root@victim.example", '"x" <root@victim.example>, y']
)
def test_osticket_7c5c584_a_name_adds_no_recipient(name: str) -> None:
    message = message_from_bytes(_compose(replace(make_letter("answer"), name=name)), policy=default)
    assert [box.addr_spec for box in message["To"].addresses] == ["wang@example.com"]
    assert message["Bcc"] is None
    assert message["Cc"] is None


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028", "\u2029"])
def test_cve_2024_6923_and_cve_2026_1299_a_line_end_in_a_subject_starts_no_header(end: str) -> None:
    letter = make_letter("answer", ticket_subject=f"hello{end}Bcc: root@victim.example{end}{end}<b>body</b>")
    message = message_from_bytes(_compose(letter), policy=default)
    assert message["Bcc"] is None
    assert "Bcc: root@victim.example" in message["Subject"]


@pytest.mark.parametrize("end", ["\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r\n", "\r\n.\r"])
def test_cve_2023_51764_to_51766_no_letter_smuggles_another_behind_a_false_end(smtp_sink: SmtpSink, end: str) -> None:
    smuggled = "MAIL FROM:<a@evil.example>\r\nRCPT TO:<root@victim.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx"
    letter = make_letter("answer", "en", text=f"before{end}{smuggled}{end}after")
    assert _deliver(smtp_sink, _outgoing(message=_compose(letter))) == [Sent("250 2.0.0 OK")]
    (taken,) = smtp_sink.submissions
    assert taken.recipients == ("wang@example.com",)
    assert "after" in str(taken.message)


@pytest.mark.parametrize(
    "address",
    ["a@b.example>\r\nRCPT TO:<root@victim.example", "a@b.example\r\nDATA", "a@b.example> SIZE=1\r\nRSET", "a@b\n"],
)
def test_aiosmtplib_ghsa_v3q9_hj7j_63hq_no_address_becomes_a_command(smtp_sink: SmtpSink, address: str) -> None:
    assert isinstance(_deliver(smtp_sink, _outgoing(address))[0], Refused)
    assert smtp_sink.steps["RCPT"] == 0
    with pytest.raises(LetterError):
        _compose(replace(make_letter("answer"), to=address))


def test_aiosmtplib_ghsa_vxj7_4xrp_5vr4_the_library_forgets_what_came_before_tls() -> None:
    assert tuple(int(part) for part in version("aiosmtplib").split(".")[:3]) >= (5, 1, 2)


def test_aiosmtplib_345_after_a_timeout_the_next_letter_has_its_own_verdict(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail("BODY", Stall(kept=True))
    first, second = _deliver(smtp_sink, _outgoing(), _outgoing("lin@example.com"), verdict_timeout=0.5)
    assert isinstance(first, Unknown)
    assert second == Sent("250 2.0.0 OK")
    assert smtp_sink.submissions[-1].recipients == ("lin@example.com",)


@pytest.mark.slow
def test_aiosmtplib_345_a_server_that_ignores_quit_holds_nothing_up(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail("QUIT", Stall())
    assert _deliver(smtp_sink, _outgoing()) == [Sent("250 2.0.0 OK")]
