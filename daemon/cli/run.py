"""`deskd run`: the daemon itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the configuration file."""
    parser.add_argument("-c", "--config", type=Path, default=Path("deskd.toml"), help="the configuration file")


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM; returns 0 after an orderly stop, 1 where the daemon cannot start or had to give up."""
    from daemon.config.read import read_config
    from daemon.logs import set_up_logging
    from daemon.service import StartError, run_daemon

    config = read_config(arguments.config)
    set_up_logging(config.log.format, config.log.level)
    for warning in config.warnings:
        sys.stderr.write(f"{warning}\n")
    try:
        return run_daemon(config)
    except StartError as error:
        sys.stderr.write(f"deskd: {error}\n")
        return 1
