"""`deskd version`: what to name in a question or a bug report."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing stands behind it."""


def run(_arguments: argparse.Namespace) -> int:
    """Print one line; always 0."""
    import platform
    import sqlite3
    from importlib.metadata import version

    python = platform.python_version()
    sys.stdout.write(f"deskd {version('deskd')} (Python {python}, SQLite {sqlite3.sqlite_version})\n")
    return 0
