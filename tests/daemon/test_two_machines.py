"""Two desks that answer each other, through a relay that takes away what says that machines wrote, fall silent."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from typing import TYPE_CHECKING, Self

import pytest
from immutables import Map

from daemon.counter import Counter
from daemon.desk import Desk
from daemon.store.database import transaction
from daemon.store.letters.letters import Settlement, claim_letters, settle_letters
from daemon.watch import Watch
from ingest.mail.read import read_mail
from ingest.ourselves import Ourselves
from outbound.compose import Sender, compose
from outbound.letters import render
from rules.token import TokenKeys
from tests.daemon.desks import STANDING, MovedClock
from tests.databases import open_fresh
from tests.samples import HOUR, MINUTE, NOW, RULEBOOK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from sqlalchemy import Connection, Engine

pytestmark = pytest.mark.slow

#: What a careless relay or a mailing list takes away.
MACHINE = ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "X-Deskd-Instance")
THREAD = ("In-Reply-To", "References", "Reply-To")


@dataclass(slots=True)
class Machine:
    """One desk with its address; what it writes to the other is taken from it as finished bytes."""

    address: str
    desk: Desk
    clock: MovedClock
    stripped: tuple[str, ...]
    verified: bool
    sent: int = 0
    received: int = 0

    @classmethod
    def on(cls, engine: Engine, name: str, clock: MovedClock, *, stripped: tuple[str, ...], verified: bool) -> Self:
        """One with its tables in a database."""
        address = f"support@{name}.example"
        keys = TokenKeys("k1", Map({"k1": name.encode() * 32}))
        standing = replace(STANDING, domain=f"{name}.example", own=frozenset({address}), desk_name=name, keys=keys)
        desk = Desk(engine, Counter(), RULEBOOK, standing, clock=clock, watch=Watch())
        return cls(address, desk, clock, stripped, verified)

    def take(self, message: bytes) -> None:
        """Let a mail come, through the relay."""
        parsed = _relayed(message, self.stripped)
        self.received += 1
        ourselves = Ourselves(addresses=frozenset({self.address}), senders_are_checked=self.verified)
        key, now = f"1.{self.received}", self.clock()
        self.desk.receive([read_mail(parsed.as_bytes(), source="inbox", key=key, received_at=now, ourselves=ourselves)])

    def write_to(self, other: Machine) -> int:
        """Do what is due, and hand over the letters to the other one; returns how many there were."""
        with transaction(self.desk._engine) as connection:
            self.desk.tick(connection)
            mails = list(self._finished(connection))
        for to, message in mails:
            if to == other.address:
                self.sent += 1
                other.take(message)
        return sum(to == other.address for to, _ in mails)

    def _finished(self, connection: Connection) -> list[tuple[str, bytes]]:
        claimed = claim_letters(connection, limit=500, claim="test", lease=HOUR, now=self.clock())
        settled = [Settlement(id=one.id, attempted_at=self.clock(), reply="250", sent=True) for one in claimed]
        settle_letters(connection, settled, claim="test")
        sender = Sender(address=self.address, name="Desk", instance=self.address)
        return [
            (one.letter.to, compose(one.letter, render(one.letter), sender, one.message_id, one.written_at))
            for one in claimed
        ]


def _relayed(message: bytes, stripped: tuple[str, ...]) -> EmailMessage:
    """The mail as it comes: without these headers, and where threads are cut without marks and numbers too."""
    parsed = message_from_bytes(message, policy=SMTP)
    for name in stripped:
        del parsed[name]
    if "References" in stripped:
        subject = re.sub(r" *\[[^]]*\]", "", str(parsed["Subject"]))
        del parsed["Subject"]
        parsed["Subject"] = subject
    if "References" in stripped and (text := parsed.get_body(("plain",))) is not None:
        kept = [line for line in text.get_content().splitlines() if "[" not in line]
        parsed.clear_content()
        parsed.set_content("\n".join(kept))
    return parsed


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    engines = open_fresh(tmp_path / "a.sqlite3"), open_fresh(tmp_path / "b.sqlite3")
    yield engines
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("verified", [pytest.param(True, id="verified"), pytest.param(False, id="nobody verifies")])
@pytest.mark.parametrize(
    "stripped", [pytest.param(MACHINE, id="threads stay"), pytest.param((*MACHINE, *THREAD), id="threads are cut")]
)
def test_two_desks_without_their_headers_fall_silent_after_five_mails_each_way(
    engines: tuple[Engine, Engine], stripped: tuple[str, ...], verified: bool
) -> None:
    clock = MovedClock(NOW)
    ours = Machine.on(engines[0], "a", clock, stripped=stripped, verified=verified)
    theirs = Machine.on(engines[1], "b", clock, stripped=stripped, verified=verified)
    ours.take(f"From: {theirs.address}\r\nTo: {ours.address}\r\nSubject: VPN down\r\n\r\nThe VPN is down.\r\n".encode())
    for _ in range(40):
        ours.write_to(theirs)
        theirs.write_to(ours)
        clock.move(MINUTE)
    assert max(ours.sent, theirs.sent) <= 5
    for _ in range(5 * 24):
        clock.move(timedelta(hours=1))
        ours.write_to(theirs)
        theirs.write_to(ours)
    assert max(ours.sent, theirs.sent) <= 5, (ours.sent, theirs.sent)


def test_with_their_headers_two_desks_write_once(engines: tuple[Engine, Engine]) -> None:
    clock = MovedClock(NOW)
    ours = Machine.on(engines[0], "a", clock, stripped=(), verified=True)
    theirs = Machine.on(engines[1], "b", clock, stripped=(), verified=True)
    ours.take(f"From: {theirs.address}\r\nTo: {ours.address}\r\nSubject: VPN down\r\n\r\nThe VPN is down.\r\n".encode())
    for _ in range(20):
        ours.write_to(theirs)
        theirs.write_to(ours)
        clock.move(MINUTE)
    assert (ours.sent, theirs.sent) == (1, 0)
