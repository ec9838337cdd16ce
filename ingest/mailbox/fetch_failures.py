"""Mails the server would not give: when each is asked for again, and when it is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: When a mail the server would not give is asked for again; after these it is reported as it is, without its text.
FETCH_DELAYS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


@dataclass(slots=True)
class _Failure:
    attempts: int
    due: datetime
    reason: str


class FetchFailures:
    """What is remembered of failed fetches, by UID, as long as the mailbox keeps its UIDVALIDITY.

    A mail is a suspect when the connection was lost while it was fetched: it may be why, so it is then fetched alone.
    """

    def __init__(self) -> None:
        self._failures: dict[int, _Failure] = {}
        self._suspects: set[int] = set()

    @property
    def reasons(self) -> dict[int, str]:
        """UIDs that wait for another attempt, with what the server said."""
        return {uid: failure.reason for uid, failure in self._failures.items()}

    def is_suspect(self, uid: int) -> bool:
        return uid in self._suspects

    def waiting(self, now: datetime) -> set[int]:
        """UIDs not to be asked for yet."""
        return {uid for uid, failure in self._failures.items() if failure.due > now}

    def count(self, uid: int, reason: str, now: datetime) -> bool:
        """Record that a mail was refused. True: it has been asked for often enough."""
        attempts = self._failures[uid].attempts + 1 if uid in self._failures else 1
        delay = FETCH_DELAYS[min(attempts, len(FETCH_DELAYS)) - 1]
        self._failures[uid] = _Failure(attempts, now + delay, reason)
        return attempts > len(FETCH_DELAYS)

    def connection_lost(self, uids: Sequence[int], reason: str, now: datetime) -> None:
        """Record that the connection was lost over these mails."""
        self._suspects.update(uids)
        if len(uids) == 1:
            self.count(uids[0], reason, now)

    def connection_kept(self, uids: Sequence[int]) -> None:
        """Record that the server answered for these mails, well or not."""
        self._suspects.difference_update(uids)

    def given_up(self, uid: int) -> str | None:
        """The reason not to fetch this mail any more: the connection was lost over it at every attempt."""
        failure = self._failures.get(uid)
        if failure is None or uid not in self._suspects or failure.attempts <= len(FETCH_DELAYS):
            return None
        return failure.reason

    def forget(self, uid: int) -> None:
        """The mail is done with."""
        self._failures.pop(uid, None)
        self._suspects.discard(uid)
