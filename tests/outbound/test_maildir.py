from __future__ import annotations

import asyncio
import mailbox
from typing import TYPE_CHECKING

from outbound.channel import Delivery, Outgoing, Sent, TryAgain
from outbound.maildir import MaildirChannel

if TYPE_CHECKING:
    from pathlib import Path


def _deliver(folder: Path, letter_id: int, message: bytes = b"Subject: x\r\n\r\nx\r\n") -> Delivery:
    outgoing = Outgoing(letter_id=letter_id, sender="", recipient="wang@example.com", message=message)
    return asyncio.run(MaildirChannel(folder).deliver(outgoing))


def test_a_letter_lies_in_new_byte_for_byte(tmp_path: Path) -> None:
    assert isinstance(_deliver(tmp_path / "letters", 7, b"Subject: x\r\n\r\nhello\r\n"), Sent)
    [file] = (tmp_path / "letters" / "new").iterdir()
    assert file.read_bytes() == b"Subject: x\r\n\r\nhello\r\n"
    assert not list((tmp_path / "letters" / "tmp").iterdir())


def test_a_mail_reader_finds_the_letters(tmp_path: Path) -> None:
    _deliver(tmp_path / "letters", 7)
    _deliver(tmp_path / "letters", 8)
    assert len(mailbox.Maildir(tmp_path / "letters", create=False)) == 2


def test_a_resend_adds_no_second_letter(tmp_path: Path) -> None:
    _deliver(tmp_path, 7)
    assert isinstance(_deliver(tmp_path, 7), Sent)
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_a_resend_adds_none_after_the_letter_was_read(tmp_path: Path) -> None:
    _deliver(tmp_path, 7)
    [file] = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "cur" / f"{file.name}:2,S")
    assert isinstance(_deliver(tmp_path, 7), Sent)
    assert not list((tmp_path / "new").iterdir())


def test_what_a_crash_left_in_tmp_is_written_anew(tmp_path: Path) -> None:
    _deliver(tmp_path, 6)
    (tmp_path / "tmp" / "000000000007.deskd").write_bytes(b"half")
    _deliver(tmp_path, 7, b"Subject: whole\r\n\r\n")
    assert (tmp_path / "new" / "000000000007.deskd").read_bytes() == b"Subject: whole\r\n\r\n"


def test_a_folder_that_cannot_be_written_is_a_reason_to_try_again(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("a file where the folder should be")
    assert isinstance(_deliver(tmp_path / "letters", 7), TryAgain)
