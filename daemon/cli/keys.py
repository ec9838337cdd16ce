"""`deskd keys rotate`: a new key for the tokens of letters, for when somebody may have read the old one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is to be done, and the configuration file."""
    parser.add_argument("action", choices=["rotate"], help="make a new key; the old ones are still accepted")
    parser.add_argument(
        "-c", "--config", type=Path, default=Path("deskd.toml"), metavar="FILE", help="the configuration"
    )


def run(arguments: argparse.Namespace) -> int:
    """Make a new key, and say what is still to do; 1 where the key file cannot be read or written."""
    from daemon.config.read import read_config
    from daemon.keys import FILE, KeysError, rotate_keys

    state = read_config(arguments.config).desk.state
    try:
        keys = rotate_keys(state)
    except (KeysError, OSError) as error:
        sys.stderr.write(f"the keys cannot be changed: {error}\n")
        return 1
    accepted = ", ".join(sorted(set(keys.secrets) - {keys.current}))
    sys.stdout.write(
        f"{keys.current} signs letters once the daemon is reloaded (SIGHUP); answers to letters of {accepted} still "
        f"count, until you remove the key from {state / FILE}\n"
    )
    return 0
