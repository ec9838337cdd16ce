"""The thread of a mailbox goes on whatever it meets."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Never

from daemon.config.read import read_config
from daemon.counter import Counter
from daemon.mailroom import DeskSide, Mailroom
from daemon.watch import Watch
from tests.daemon.config.samples import write_config
from tests.samples import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from ingest.raw_mail import RawMail


@dataclass(frozen=True, slots=True)
class OddDesk(DeskSide):
    """Fails in a way that nobody has thought of."""

    asked: threading.Event = field(default_factory=threading.Event)

    def first_start(self) -> datetime:
        self.asked.set()
        raise RuntimeError("as planned")


@dataclass(slots=True)
class SeenWatch(Watch):
    """Tells when a part fails for another reason than that it starts."""

    failed: threading.Event = field(default_factory=threading.Event)

    def fails(self, part: str, reason: str) -> None:
        Watch.fails(self, part, reason)
        self.failed.set()


def test_what_nobody_has_thought_of_is_told_and_tried_again(tmp_path: Path) -> None:
    (account,) = read_config(write_config(tmp_path)).mailboxes
    desk, watch = OddDesk(Counter(), lambda: NOW), SeenWatch()
    room = Mailroom(account, desk=desk, read=_nothing, watch=watch, random=lambda: 0.5)
    room.start()
    assert desk.asked.wait(10)
    assert watch.failed.wait(10)
    assert watch.conditions()["mailbox support"].reason == "RuntimeError('as planned')"
    assert room.is_alive()
    room.stop()
    room.join(10)
    assert not room.is_alive()


def _nothing(page: Sequence[RawMail]) -> Never:
    raise AssertionError("there is nothing to read")
