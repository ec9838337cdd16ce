"""`deskd tickets save` gets mails and attachments out, whatever they are called."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from daemon.__main__ import main
from daemon.config.read import read_config
from daemon.store import schema
from daemon.store.database import Database, transaction
from tests.daemon.cli.desks import receive_mails, write_desk

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
NUMBER = "202611-001"


def a_mail(*names: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "wang.fang@corp.example", "打印机坏了"
    mail.set_content("三楼打印机坏了。")
    for name in names:
        mail.add_attachment(PNG, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return write_desk(tmp_path)


def save(desk: Path, folder: Path, *more: str) -> int:
    return main(["tickets", "-c", str(desk), "save", NUMBER, str(folder), *more])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_mail_and_what_was_taken_are_saved(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    original = a_mail("截图.png", "setup.exe")
    receive_mails(desk, original)
    folder = tmp_path / "made" / "out"
    assert save(desk, folder) == 0
    assert names(folder) == ["01-support 1.1.eml", "01.01-截图.png"]
    assert (folder / "01-support 1.1.eml").read_bytes() == original
    assert (folder / "01.01-截图.png").read_bytes() == PNG
    assert capsys.readouterr().out.splitlines()[-2:] == [str(folder / name) for name in names(folder)]


def test_what_was_refused_is_saved_only_when_asked_for(desk: Path, tmp_path: Path) -> None:
    receive_mails(desk, a_mail("setup.exe"))
    assert save(desk, tmp_path / "out", "--refused") == 0
    assert names(tmp_path / "out") == ["01-support 1.1.eml", "01.01-setup.exe"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/evil",
        "..\\..\\evil.bat.txt",
        "/etc/passwd",
        "a\0b.txt",
        "..",
        ".bashrc",
        "图" * 150 + ".png",
        "\u202egnp.exe.txt",
    ],
)
def test_no_name_leaves_the_folder(desk: Path, tmp_path: Path, name: str) -> None:
    receive_mails(desk, a_mail(name))
    folder = tmp_path / "a" / "out"
    assert save(desk, folder) == 0
    assert len(names(folder)) == 2
    assert names(folder)[1].startswith("01.01-")
    assert names(folder.parent) == ["out"]


def test_two_of_one_name_are_two_files_and_nothing_is_written_over(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receive_mails(desk, a_mail("a.png", "a.png"))
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "01.02-a.png").symlink_to(tmp_path / "elsewhere")
    assert save(desk, folder) == 1
    assert names(folder) == ["01-support 1.1.eml", "01.01-a.png", "01.02-a.png"]
    assert not (tmp_path / "elsewhere").exists()
    assert "is there already" in capsys.readouterr().err


def test_it_says_what_is_no_longer_kept(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receive_mails(desk, a_mail("a.png"))
    engine = Database.at(read_config(desk).database.url.reveal()).open_writer()
    with transaction(engine) as connection:
        connection.execute(delete(schema.originals))
    engine.dispose()
    assert save(desk, tmp_path / "out") == 1
    assert "01-support 1.1.eml: no longer kept" in capsys.readouterr().err


def test_a_ticket_that_is_not_there_is_said_so(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receive_mails(desk, a_mail())
    assert main(["tickets", "-c", str(desk), "save", "202611-999", str(tmp_path / "out")]) == 1
    assert "there is no ticket 202611-999" in capsys.readouterr().err


def test_the_story_lists_what_came_and_what_was_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receive_mails(desk, a_mail("截图.png", "setup.exe"))
    assert main(["tickets", "-c", str(desk), "show", NUMBER]) == 0
    told = capsys.readouterr().out
    assert "attachments  截图.png (264 B); setup.exe (264 B, refused: program)" in told
