"""Every mail of every collection through a real Dovecot into the real daemon: none may vanish, none may stop it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

from tests.corpora.reading import samples
from tests.corpora.score import Score
from tests.servers.desk import DONE_FOLDER, DeskProcess
from tests.servers.dovecot import DovecotServer
from tests.servers.process import ServerAbsentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.servers.dovecot import ServedMailbox

COLLECTION: Final = "through the desk"
COLLECTIONS: Final = ("mail-*", "bounce-sisimai", "reply-*")
LONGEST_SECONDS: Final = 600
#: Between two commits lies at most the slowest mail of a page.
SLOWEST_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.2


def score_through_the_desk(corpora: Path) -> Iterator[Score]:
    """What came of all mails: in the ledger, out of the INBOX, the daemon still the one that was started."""
    originals = [each.path.read_bytes() for pattern in COLLECTIONS for each in samples(corpora, pattern)]
    try:
        with DovecotServer() as server:
            mailbox = server.new_mailbox()
            with DeskProcess(mailbox, checked=False) as desk:
                yield from _play(originals, mailbox, desk)
    except ServerAbsentError as absent:
        print(f"{absent}: no mail went through the desk")


def _play(originals: Sequence[bytes], mailbox: ServedMailbox, desk: DeskProcess) -> Iterator[Score]:
    began = time.monotonic()
    _lay_into(mailbox, originals)
    longest_pause = _wait_until_decided(desk, len(originals), began + LONGEST_SECONDS)
    seconds = time.monotonic() - began
    rows, ended = desk.rows("SELECT verdict FROM ledger"), _has_ended(desk)
    quarantined = sum(verdict == "quarantined" for (verdict,) in rows)
    desk.wait_for(lambda: not mailbox.uids())
    filed = len(mailbox.uids(DONE_FOLDER)) + quarantined
    yield Score(
        collection=COLLECTION,
        what="mails, seconds, in quarantine",
        reached=f"{len(rows):,}, {seconds:.0f} s, {quarantined}",
    )
    yield _none("vanished", max(len(originals) - len(rows), len(originals) - filed))
    yield _none("ends of the daemon", int(ended))
    yield _none("failures in its log", _failures(desk))
    yield _none("tickets that are not what their events add up to", _disagreements(desk))
    yield Score(
        collection=COLLECTION,
        what="longest time without a commit",
        reached=f"{longest_pause:.1f} s",
        goal=f"< {SLOWEST_SECONDS:g} s",
        is_kept=longest_pause < SLOWEST_SECONDS,
        must=True,
    )


def _lay_into(mailbox: ServedMailbox, originals: Sequence[bytes]) -> None:
    """Write them into the Maildir: over IMAP and LMTP a server refuses or mends what it finds wrong."""
    with mailbox.session():
        pass  # the first login makes the Maildir
    new = mailbox.server.base / "home" / mailbox.user / "Maildir" / "new"
    owner = new.stat()
    for number, original in enumerate(originals):
        path = new.parent / "tmp" / f"{1_700_000_000 + number}.{number}.corpora"
        path.write_bytes(original)
        os.chown(path, owner.st_uid, owner.st_gid)
        path.rename(new / path.name)


def _wait_until_decided(desk: DeskProcess, total: int, until: float) -> float:
    """Wait until the ledger has them all, or the time is over; returns the longest pause of its growth, in seconds."""
    known, since, longest = 0, time.monotonic(), 0.0
    while known < total and time.monotonic() < until and not _has_ended(desk):
        time.sleep(LOOK_SECONDS)
        count = int(desk.rows("SELECT count(*) FROM ledger")[0][0])
        if count > known:
            known, longest, since = count, max(longest, time.monotonic() - since), time.monotonic()
    return max(longest, time.monotonic() - since if known < total else 0.0)


def _has_ended(desk: DeskProcess) -> bool:
    return desk.get("/-/healthy")[0] == 0


def _failures(desk: DeskProcess) -> int:
    """Lines of the log that tell of an exception."""
    return sum('"level": "error"' in line or "Traceback" in line for line in desk.log().splitlines())


def _disagreements(desk: DeskProcess) -> int:
    command = [sys.executable, "-m", "daemon", "verify", "-c", str(desk.config)]
    verified = subprocess.run(command, check=False, capture_output=True, text=True)
    return 0 if verified.returncode == 0 else max(1, len(verified.stdout.splitlines()) - 1)


def _none(what: str, count: int) -> Score:
    return Score(collection=COLLECTION, what=what, reached=str(count), goal="0", is_kept=count == 0, must=True)
