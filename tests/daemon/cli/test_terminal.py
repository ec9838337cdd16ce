"""What the commands print on a terminal of eighty columns, of a desk that is written to in Chinese."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import pytest

from daemon.__main__ import main
from daemon.cli.layout import columns_of
from tests.daemon.cli.desks import receive_mails, set_aside, write_desk

if TYPE_CHECKING:
    from pathlib import Path

SUBJECT = "三楼财务室打印机卡纸，重启以后还是没反应，没法打印发票，今天下午四点之前必须要用"
MAIL = f"""\
From: Wang Fang <wang.fang@corp.example>
To: support@corp.example
Subject: {SUBJECT}
Message-ID: <printer@corp.example>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

三楼财务室的打印机今天早上开始卡纸，重启以后还是没有反应，屏幕上一直显示 E-203，八个人都没法打印发票。
""".encode()


class Terminal(io.StringIO):
    """A standard output that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    path = write_desk(tmp_path)
    receive_mails(path, MAIL)
    set_aside(path, MAIL.replace(b"<printer@", b"<aside@"), key="1.2")
    (tmp_path / "printer.eml").write_bytes(MAIL.replace(b"<printer@", b"<another@"))
    return path


@pytest.mark.parametrize(
    "command",
    [
        ["tickets"],
        ["tickets", "show", "202611-001"],
        ["check"],
        ["explain", "printer.eml"],
        ["quarantine", "list"],
        ["quarantine", "show", "2"],
    ],
    ids=" ".join,
)
def test_no_line_is_wider_than_the_terminal_but_for_a_long_word(desk: Path, command: list[str]) -> None:
    with redirect_stdout(Terminal()) as screen:
        main([*command, "-c", str(desk)])
    lines = screen.getvalue().splitlines()
    assert len(lines) > 3
    assert [line for line in lines if columns_of(line) > 80 and len(line.split()) > 1] == []


def test_a_subject_beneath_its_row_has_the_whole_line(desk: Path) -> None:
    with redirect_stdout(Terminal()) as screen:
        main(["tickets", "-c", str(desk)])
    assert SUBJECT[:37] in screen.getvalue()
