"""`deskd quarantine`: what could not be decided, and what to do with it."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `list`, `show`, `release` and `drop`."""
    verbs = parser.add_subparsers(dest="verb", metavar="list|show|release|drop", required=True)
    _add(verbs, "list", "what lies there, the oldest first")
    show = _add(verbs, "show", "why it lies there, and how it begins")
    show.add_argument("entries", nargs="+", type=int, metavar="ID", help="a number of the list")
    release = _add(verbs, "release", "decide it once more, after what stood in the way is mended")
    release.add_argument("entries", nargs="+", type=int, metavar="ID", help="a number of the list")
    drop = _add(verbs, "drop", "do nothing about it; it stays in the ledger as ignored, with who and why")
    drop.add_argument("entries", nargs="+", type=int, metavar="ID", help="a number of the list")
    drop.add_argument("--why", required=True, metavar="TEXT", help="for the ledger")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 1 where something is not there or could not be done, 2 for a broken configuration."""
    from daemon.cli.quarantine_views import print_entries, print_list
    from daemon.config.read import read_config
    from daemon.config.secrets import SecretError
    from daemon.errands.errand import ErrandError
    from daemon.store.database import DatabaseError

    config = read_config(arguments.config)
    try:
        match arguments.verb:
            case "list":
                return print_list(config, as_json=arguments.json)
            case "show":
                return print_entries(config, arguments.entries, as_json=arguments.json)
            case _:
                return _change(config, arguments)
    except (DatabaseError, SecretError) as error:
        sys.stderr.write(f"the database cannot be read: {error}\n")
    except ErrandError as error:
        sys.stderr.write(f"{error}\n")
    return 1


def _change(config: Any, arguments: argparse.Namespace) -> int:
    from daemon.cli.outcomes import Teller
    from daemon.errands.alone import asking
    from daemon.errands.errand import Drop, ErrandError, Release
    from daemon.logs import without_log

    def told() -> Any:
        with asking(config, lambda: datetime.now(UTC)) as ask:
            for entry in arguments.entries:
                errand = (
                    Release(entry) if arguments.verb == "release" else Drop(entry=entry, by=_who(), why=arguments.why)
                )
                try:
                    yield str(entry), ask(errand)[0]
                except ErrandError as error:
                    yield str(entry), str(error)

    with without_log():
        return Teller(as_json=arguments.json).tell_all(told())


def _who() -> str:
    """Who sits at the terminal, through sudo too."""
    return os.environ.get("SUDO_USER") or getpass.getuser()


def _add(verbs: Any, name: str, summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=summary, description=summary)
    parser.add_argument("-c", "--config", type=Path, default=Path("deskd.toml"), metavar="FILE", help="whose desk")
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each")
    return parser
