"""A desk in a folder: its configuration, its database, and the mails that have come to it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from daemon.config.read import read_config
from daemon.counter import Counter, Do, Receive
from daemon.desk import Desk
from daemon.keys import load_keys
from daemon.store.database import Database
from daemon.store.gather import Standing
from daemon.watch import Watch
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from tests.databases import open_fresh, open_unsynced
from tests.samples import RULEBOOK_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rules.decision import Decision

#: A Monday, 17:30 in the rulebook's zone.
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

CONFIG = """\
[desk]
name = "IT Service Desk"
address = "support@corp.example"
rulebook = "rulebook.toml"
state = "state"
senders_are_checked = true

[[alertmanagers]]
name = "prod"
token = "a-token-of-32-characters-for-tests"

[[people]]
address = "li.wei@corp.example"
name = "李伟"
teams = ["hardware"]
language = "zh-CN"
"""

PRINTER = """\
From: =?utf-8?b?546L6Iqz?= <wang.fang@corp.example>
To: support@corp.example
Subject: 三楼打印机坏了
Message-ID: <printer@corp.example>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

您好，三楼打印机坏了，屏幕上显示 E-203。
""".encode()


TRUSTING = Ourselves(senders_are_checked=True)


def write_desk(folder: Path, text: str = CONFIG) -> Path:
    """Write the configuration; returns its path."""
    path = folder / "deskd.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    (folder / "rulebook.toml").write_text(RULEBOOK_TEXT, "utf-8")
    return path


def receive_mails(config_file: Path, *originals: bytes, at: datetime = NOW) -> list[Decision]:
    """Let mails come to the desk, as the daemon would; returns what was decided."""
    mails = [
        read_mail(original, source="support", key=f"1.{uid}", received_at=at, ourselves=TRUSTING)
        for uid, original in enumerate(originals, 1)
    ]
    with open_desk(config_file, at) as desk:
        return desk.receive(mails)


def set_aside(config_file: Path, original: bytes, *, key: str = "1.1") -> None:
    """Let a mail lie in quarantine, as one does that could not be decided."""
    mail = read_mail(original, source="support", key=key, received_at=NOW, ourselves=TRUSTING)
    with open_desk(config_file, NOW) as desk:
        desk._set_aside(Receive([mail]), "ZeroDivisionError: division by zero")


def let_clocks_run_out(config_file: Path, *, at: datetime) -> None:
    """Let the desk look at its clocks at that moment."""
    with open_desk(config_file, at) as desk:
        desk._counter.lay_down(Do(desk.tick))
        desk.step(0)


@contextmanager
def open_desk(config_file: Path, at: datetime) -> Iterator[Desk]:
    """The desk of a configuration at one moment, with its database."""
    config = read_config(config_file)
    config.desk.state.mkdir(exist_ok=True)
    database = Database.at(config.database.url.reveal())
    path = database.path
    engine = open_fresh(path) if path and not path.exists() else open_unsynced(database)
    standing = Standing(
        staff=config.staff, keys=load_keys(config.desk.state), desk_name=config.desk.name, domain=config.desk.domain
    )
    yield Desk(engine, Counter(), config.rulebook, standing, clock=lambda: at, watch=Watch())
    engine.dispose()
