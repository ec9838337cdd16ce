"""Through a real mail server into a real mailbox."""

from __future__ import annotations

import asyncio
import email
import email.policy
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from outbound.channel import Outgoing, Sent
from outbound.compose import compose
from outbound.letters import render
from outbound.smtp import SmtpChannel, SmtpSettings
from rules.letter import LETTER_LANGUAGES
from tests.outbound.samples import NOW, SENDER, make_letter
from tests.servers.process import PATIENCE

if TYPE_CHECKING:
    from outbound.channel import Delivery
    from tests.servers.dovecot import ServedMailbox
    from tests.servers.opensmtpd import OpenSmtpdServer

pytestmark = pytest.mark.slow


def _wait_for(mailbox: ServedMailbox, count: int) -> list[bytes]:
    end = time.monotonic() + PATIENCE
    while len(mailbox.uids()) < count:
        assert time.monotonic() < end, "the letters have not arrived"
    return mailbox.originals()


async def _deliver(settings: SmtpSettings, letters: list[Outgoing]) -> list[Delivery]:
    channel = SmtpChannel(settings)
    verdicts = [await channel.deliver(outgoing) for outgoing in letters]
    await channel.close()
    return verdicts


def test_letters_in_three_languages_arrive_as_they_were_written(
    opensmtpd: OpenSmtpdServer, mailbox: ServedMailbox
) -> None:
    recipient = f"{mailbox.user}@desk.example"
    letters = [replace(make_letter("assigned", language), to=recipient) for language in LETTER_LANGUAGES]
    outgoing = [
        Outgoing(
            letter_id=number,
            sender="desk@desk.example",
            recipient=recipient,
            message=compose(letter, render(letter), SENDER, f"<{number}@desk.example>", NOW),
        )
        for number, letter in enumerate(letters)
    ]
    settings = SmtpSettings(host="127.0.0.1", port=opensmtpd.port, security="plain")
    verdicts = asyncio.run(_deliver(settings, outgoing))
    assert {type(verdict) for verdict in verdicts} == {Sent}, opensmtpd.log()
    arrived = {
        message["Message-ID"]: message
        for message in (
            email.message_from_bytes(original, policy=email.policy.default) for original in _wait_for(mailbox, 3)
        )
    }
    for number, letter in enumerate(letters):
        message = arrived[f"<{number}@desk.example>"]
        body = message.get_body(("plain",))
        assert body is not None
        assert message["Subject"] == render(letter).subject
        assert body.get_content().replace("\r\n", "\n") == render(letter).text
