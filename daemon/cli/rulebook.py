"""`deskd rulebook`: the shipped rulebooks, their text, and whether a rulebook does what its examples want."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three words and what may stand behind them."""
    words = parser.add_subparsers(dest="word", metavar="WORD", required=True)
    words.add_parser("list", help="name the shipped ones")
    show = words.add_parser("show", help="print one")
    check = words.add_parser("check", help="tell every mistake with its line, and try its examples")
    for subparser in (show, check):
        subparser.add_argument("rulebook", metavar="NAME-OR-FILE", help="a shipped one, or a file")


def run(arguments: argparse.Namespace) -> int:
    """Print what is asked for; 1 where a check finds a mistake or a miss. No such rulebook is a ConfigError."""
    from datetime import UTC, datetime

    from daemon.cli.layout import align, write
    from daemon.cli.rulebook_check import check_rulebook, shipped_titles
    from daemon.config.rulebooks import find_rulebook
    from daemon.config.toml_file import read_text

    if arguments.word == "list":
        write("".join(f"{line}\n" for line in align(shipped_titles())))
        return 0
    path = find_rulebook(arguments.rulebook, option=f"rulebook {arguments.word}")
    if arguments.word == "show":
        write(read_text(path))
        return 0
    checked = check_rulebook(path, datetime.now(UTC))
    write("".join(f"{line}\n" for line in checked.lines))
    return 0 if checked.passed else 1
