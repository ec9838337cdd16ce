"""`deskd tickets`: the tickets of the desk, and `deskd tickets show NUMBER`: the whole story of one.

`deskd tickets save NUMBER FOLDER` saves its mails as they came, and their attachments.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to list, and `show`."""
    _add_common(parser, config=Path("deskd.toml"), as_json=False)
    parser.add_argument("--all", action="store_true", help="closed tickets too")
    parser.add_argument("--team", metavar="TEAM", help="of this team only")
    parser.set_defaults(numbers=[], number=None)
    one = parser.add_subparsers(metavar="show, save", title="one ticket")
    show = one.add_parser("show", help="tell its story")
    show.add_argument("numbers", nargs="+", metavar="NUMBER", help="such as 202611-001")
    show.add_argument("--whole", action="store_true", help="all of a long story, such as that of a storm of alerts")
    # What stands before `show` must not be overwritten by a default of what stands behind it.
    _add_common(show, config=argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    save = one.add_parser("save", help="save its mails as they came, and what was attached")
    save.add_argument("number", metavar="NUMBER", help="such as 202611-001")
    save.add_argument("folder", type=Path, metavar="FOLDER", help="where to; nothing in it is written over")
    save.add_argument("--refused", action="store_true", help="what the rulebook refuses too, such as programs")
    save.add_argument("-c", "--config", type=Path, default=argparse.SUPPRESS, metavar="FILE", help="the configuration")


def run(arguments: argparse.Namespace) -> int:
    """Print the list or the stories; 1 where a ticket or the database is not there, 2 for a broken configuration."""
    from daemon.cli.ticket_save import save_ticket
    from daemon.cli.ticket_views import View, print_list, print_stories
    from daemon.config.read import read_config
    from daemon.config.secrets import SecretError
    from daemon.store.database import DatabaseError

    view = View(config=read_config(arguments.config), as_json=arguments.json)
    try:
        if arguments.number is not None:
            return save_ticket(view, arguments.number, arguments.folder, refused=arguments.refused)
        if arguments.numbers:
            return print_stories(view, arguments.numbers, whole=arguments.whole)
        return print_list(view, closed=arguments.all, team=arguments.team, now=datetime.now(UTC))
    except (DatabaseError, SecretError) as error:
        sys.stderr.write(f"the database cannot be read: {error}\n")
        return 1


def _add_common(parser: argparse.ArgumentParser, *, config: Any, as_json: Any) -> None:
    parser.add_argument("-c", "--config", type=Path, default=config, metavar="FILE", help="the configuration")
    parser.add_argument("--json", action="store_true", default=as_json, help="one JSON object a line for each ticket")
