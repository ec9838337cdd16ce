"""systemd is told by one datagram, and nobody misses it where there is none."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from daemon.notify import notify_systemd
from tests.servers.process import short_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", ["a path", "an abstract name"])
def test_the_lines_come_in_one_datagram(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    name = f"@deskd-test-{os.getpid()}" if kind == "an abstract name" else str(short_folder("sd-") / "socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name.replace("@", "\0", 1))
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        assert notify_systemd("READY=1", "STATUS=working")
        assert manager.recv(100) == b"READY=1\nSTATUS=working"


def test_without_a_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify_systemd("READY=1")


def test_a_manager_that_is_gone_is_no_trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    assert not notify_systemd("WATCHDOG=1")
