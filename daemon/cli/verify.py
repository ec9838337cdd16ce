"""`deskd verify`: whether every ticket is what its events add up to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the configuration file."""
    parser.add_argument(
        "-c", "--config", type=Path, default=Path("deskd.toml"), metavar="FILE", help="the configuration"
    )


def run(arguments: argparse.Namespace) -> int:
    """Look at the database of a desk, running or not; 1 where a ticket disagrees or the database cannot be read."""
    from daemon.config.read import read_config
    from daemon.config.secrets import SecretError
    from daemon.store.database import Database, DatabaseError, reading
    from daemon.store.tickets.verify import Verification, verify_tickets

    config, so_far, wrong = read_config(arguments.config), Verification(), 0
    try:
        engine = Database.at(config.database.url.reveal()).open_reader()
        with reading(engine) as connection:
            for disagreement in verify_tickets(connection, so_far):
                wrong += 1
                sys.stdout.write(f"{disagreement.number}: {disagreement.says}\n")
    except (DatabaseError, SecretError) as error:
        sys.stderr.write(f"the database cannot be read: {error}\n")
        return 1
    outcome = f"{wrong} do not agree" if wrong else "all agree"
    sys.stdout.write(f"{so_far.tickets} tickets, {so_far.events} events: {outcome}\n")
    return 1 if wrong else 0
