"""`deskd reimport`: mails of a mailbox that the ledger does not have, as after a backup is restored."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare since when, and of which mailbox."""
    parser.description = (
        "Take in the mails of a mailbox, of its folder and of the one where recorded mail goes, that were received "
        "since a moment and are not in the ledger, as after a backup of the database is restored. Nobody is written "
        "to, unless --letters says so; nothing is moved, and nothing is recorded twice."
    )
    parser.add_argument("--since", required=True, type=_moment, metavar="TIME", help="RFC 3339, with its offset")
    parser.add_argument("--mailbox", metavar="NAME", help="only this one; left out: all of them")
    parser.add_argument("-c", "--config", type=Path, default=Path("deskd.toml"), metavar="FILE", help="whose desk")
    parser.add_argument("--letters", action="store_true", help="write letters about them, as if they came now")
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each mail")


def run(arguments: argparse.Namespace) -> int:
    """Take them in, oldest first; 1 where a mailbox or the desk failed, 2 for a broken configuration."""
    from daemon.cli.outcomes import Teller
    from daemon.config.read import read_config
    from daemon.errands.reimport import Reimport, reimport
    from daemon.logs import without_log

    asked = Reimport(
        config=read_config(arguments.config),
        since=arguments.since,
        mailbox=arguments.mailbox,
        silent=not arguments.letters,
        now=lambda: datetime.now(UTC),
    )
    with without_log():
        return Teller(as_json=arguments.json).tell_all(reimport(asked))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment: write 2026-11-23T09:30:00+08:00")
    return moment
