"""What this machine gives to a program that does nothing else: the floors beside which the desk is measured."""

from __future__ import annotations

import sqlite3
import time
from email import message_from_bytes
from typing import TYPE_CHECKING

from tests.bench.results import Line, middle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RUNS = 3
COMMITS = 300


def measure_commits(folder: Path) -> Line:
    """One row in each commit, on SQLite as the desk opens it."""
    connection = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, value TEXT)")
    try:
        rates = [_commit_rows(connection) for _ in range(RUNS)]
    finally:
        connection.close()
    return Line(name="floor: SQLite commits of one row", value=middle(rates))


def measure_parsing(mails: Sequence[bytes]) -> Line:
    """The standard library's plain parser over the corpus, in one process: no body decoded, nothing decided."""
    rates = []
    for _ in range(RUNS):
        started = time.perf_counter()
        for mail in mails:
            message_from_bytes(mail)
        rates.append(len(mails) / (time.perf_counter() - started))
    return Line(name="floor: mails parsed by the standard library", value=middle(rates), cpu=1000 / middle(rates))


def _commit_rows(connection: sqlite3.Connection) -> float:
    started = time.perf_counter()
    for _ in range(COMMITS):
        connection.execute("INSERT INTO rows (value) VALUES ('one report')")
    return COMMITS / (time.perf_counter() - started)
