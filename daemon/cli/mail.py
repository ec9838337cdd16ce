"""`deskd mail replay`: mails out of files, decided and recorded by the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `replay`, its files, and how loud it is."""
    replay = parser.add_subparsers(metavar="replay", required=True).add_parser(
        "replay",
        help="hand mails out of files to the desk",
        description="Hand mails out of files to the desk: through the running daemon, or where none runs with its "
        "lock. A mail that the desk has already changes nothing. Nobody is written to, unless --letters says so.",
    )
    replay.add_argument(
        "paths", nargs="+", type=Path, metavar="FILE|FOLDER", help="a mail, an mbox, a Maildir, a folder of .eml"
    )
    replay.add_argument("-c", "--config", type=Path, default=Path("deskd.toml"), metavar="FILE", help="whose desk")
    replay.add_argument("--source", metavar="NAME", help="the mailbox they are from; left out: the first one")
    replay.add_argument("--letters", action="store_true", help="write letters about them, as if they came now")
    replay.add_argument("--dry-run", action="store_true", help="only say what would become of each by itself")
    replay.add_argument("--json", action="store_true", help="one JSON object a line for each mail")


def run(arguments: argparse.Namespace) -> int:
    """Replay them in order; 1 where one could not be read or recorded or lies in quarantine, 2 as for `deskd check`."""
    from daemon.cli.outcomes import Teller
    from daemon.config.read import read_config
    from daemon.errands.replay import Replay, rehearse, replay
    from daemon.logs import without_log

    asked = Replay(
        config=read_config(arguments.config),
        source=arguments.source,
        silent=not arguments.letters,
        now=lambda: datetime.now(UTC),
    )
    do = rehearse if arguments.dry_run else replay
    with without_log():
        return Teller(as_json=arguments.json).tell_all(do(asked, arguments.paths))
