"""What the running daemon takes over from a changed configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.config.read import read_config
from daemon.service import Service, utc_now
from tests.daemon.config.samples import write_config

if TYPE_CHECKING:
    from pathlib import Path


def test_the_keys_stay_in_the_state_folder_of_the_start(tmp_path: Path) -> None:
    path = write_config(tmp_path, SMALL)
    service = Service(read_config(path), utc_now)
    (tmp_path / "elsewhere").mkdir()
    write_config(tmp_path, SMALL.replace('"state"', '"elsewhere"'))
    assert [service.reload() for _ in range(2)] == [None, None]
    assert list((tmp_path / "elsewhere").iterdir()) == []


SMALL = """
[desk]
name = "IT Service Desk"
address = "support@desk.example"
rulebook = "enterprise-itsm"
state = "state"
senders_are_checked = false
"""
