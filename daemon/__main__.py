"""The command line. Only the subcommand that is used gets imported, so that `deskd --help` answers at once."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from daemon.config.problems import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

BROKEN_CONFIG = 2


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A word of the command line, and the module that answers to it."""

    name: str
    summary: str
    module: str
    """A `SubcommandModule`, imported when it is used."""


class SubcommandModule(Protocol):
    """What a module of a subcommand offers. Its top imports little: `run` imports what it needs."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what may stand behind the subcommand."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it, and return the exit status. A ConfigError is told here, with status 2."""


SUBCOMMANDS: tuple[Subcommand, ...] = (
    Subcommand("run", "run the daemon", "daemon.cli.run"),
    Subcommand("check", "say in one screen whether everything that is configured works", "daemon.cli.check"),
    Subcommand("explain", "say what the desk would do with a mail or a webhook body, and why", "daemon.cli.explain"),
    Subcommand("due", "say when a promise falls due by a calendar, and what was counted", "daemon.cli.due"),
    Subcommand("rulebook", "list, show or check rulebooks", "daemon.cli.rulebook"),
    Subcommand("mail", "hand mails out of files to the desk", "daemon.cli.mail"),
    Subcommand("quarantine", "list, show, release or drop what could not be decided", "daemon.cli.quarantine"),
    Subcommand("reimport", "take in mails of a mailbox that the ledger does not have", "daemon.cli.reimport"),
    Subcommand("oauth", "log in to a mailbox that takes access tokens", "daemon.cli.oauth"),
    Subcommand("tickets", "list the tickets, or tell the whole story of one", "daemon.cli.tickets"),
    Subcommand("keys", "change the key that signs letters", "daemon.cli.keys"),
    Subcommand("verify", "compare every ticket with its events", "daemon.cli.verify"),
    Subcommand("demo", "play a short working day on this machine", "daemon.cli.demo"),
    Subcommand("init", "write a commented deskd.toml to fill in", "daemon.cli.init"),
    Subcommand("healthcheck", "ask a running daemon whether it is healthy", "daemon.cli.healthcheck"),
    Subcommand("version", "print the versions of deskd and what it runs on", "daemon.cli.version"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns its exit status, 2 for a wrong command line or a broken configuration."""
    words = sys.argv[1:] if argv is None else list(argv)
    arguments = _parser(words).parse_args(words)
    module = _module(next(command for command in SUBCOMMANDS if command.name == arguments.subcommand))
    try:
        return module.run(arguments)
    except ConfigError as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        return BROKEN_CONFIG


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of this command line: the arguments of a subcommand are declared where its name occurs."""
    parser = argparse.ArgumentParser("deskd", description="A support desk that runs itself.")
    subparsers = parser.add_subparsers(dest="subcommand", metavar="COMMAND", required=True)
    for command in SUBCOMMANDS:
        subparser = subparsers.add_parser(command.name, help=command.summary, description=command.summary)
        if command.name in words:
            _module(command).add_arguments(subparser)
    return parser


def _module(command: Subcommand) -> SubcommandModule:
    return cast("SubcommandModule", import_module(command.module))


if __name__ == "__main__":
    sys.exit(main())
