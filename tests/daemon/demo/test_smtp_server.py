"""The SMTP server of the demo keeps what it is given, where it should."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from daemon.demo.smtp_server import Delivered, SmtpServer, send_mail

if TYPE_CHECKING:
    from pathlib import Path

DESK = "support@desk.example"
MAIL = b"Subject: hello\r\n\r\nhello\r\n"


def deliver(folder: Path, recipient: str) -> tuple[list[bytes], list[Delivered]]:
    """What came to the desk and what to others when one mail was handed over."""
    to_desk: list[bytes] = []
    to_people: list[Delivered] = []

    async def keep(original: bytes) -> None:
        to_desk.append(original)

    async def play() -> None:
        async with AsyncExitStack() as stack:
            server = SmtpServer(DESK, folder, to_desk=keep, to_people=to_people.append)
            await server.start(stack)
            await asyncio.to_thread(send_mail, server.port, "alice@corp.example", recipient, MAIL)

    asyncio.run(play())
    return to_desk, to_people


def test_mail_to_the_desk_goes_into_its_mailbox(tmp_path: Path) -> None:
    assert deliver(tmp_path, "Support@desk.example") == ([MAIL], [])


def test_a_letter_becomes_a_file_with_its_bytes(tmp_path: Path) -> None:
    to_desk, (letter,) = deliver(tmp_path, "wang.fang@corp.example")
    assert to_desk == []
    assert letter.file == tmp_path / "001-wang.fang_corp.example.eml"
    assert letter.file.read_bytes() == MAIL


def test_no_recipient_can_name_a_path(tmp_path: Path) -> None:
    _, (letter,) = deliver(tmp_path, '"../../escaped"@corp.example')
    assert letter.file.parent == tmp_path
