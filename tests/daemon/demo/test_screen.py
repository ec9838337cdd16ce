"""The demo's lines: columns that hold Chinese, and nothing that commands the terminal."""

from __future__ import annotations

import io
from email.message import EmailMessage

import pytest
from rich.cells import cell_len
from rich.console import Console

from daemon.demo.screen import Screen


def line_for(sender: str, subject: str, *, width: int = 100) -> str:
    """What the screen prints for a mail."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, subject
    out = io.StringIO()
    Screen(Console(file=out, width=width)).mail(mail)
    return out.getvalue().rstrip("\n")


@pytest.mark.parametrize("name", ["王芳", "Emma Clark", "林志豪", "A name that is longer than its column", "a王"])
def test_the_subject_begins_in_the_same_column_whoever_writes(name: str) -> None:
    line = line_for(f"{name} <someone@corp.example>", "SUBJECT")
    assert cell_len(line[: line.index("SUBJECT")]) == 40


def test_a_long_subject_ends_with_the_line() -> None:
    line = line_for("王芳 <wang.fang@corp.example>", "打印机" * 60, width=80)
    assert cell_len(line) <= 80
    assert line.endswith("…")


def test_a_subject_cannot_command_the_terminal() -> None:
    assert "\x1b" not in line_for("a@corp.example", "=?utf-8?q?=1B[2J=1B]0;owned=07?=")
