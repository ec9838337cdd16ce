"""`deskd check`: in one screen, whether everything that a configuration names works."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from daemon.check.finding import Finding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the configuration."""
    parser.add_argument(
        "-c", "--config", type=Path, default=Path("deskd.toml"), metavar="FILE", help="the configuration"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check and print; 0 where nothing fails, 1 where something does, 2 where the configuration is broken."""
    from daemon.check.everything import check_everything
    from daemon.check.finding import Finding
    from daemon.config.problems import ConfigError
    from daemon.config.read import read_config

    try:
        config = read_config(arguments.config)
    except ConfigError as error:
        _print(
            Finding("warn" if problem.severity == "warning" else "FAIL", "config", problem.told, problem.where)
            for problem in error.problems
        )
        return 2
    return int(_print(check_everything(config)))


def _print(findings: Iterable[Finding]) -> bool:
    """Print the findings; returns whether one of them is a failure."""
    from daemon.cli.layout import align, fit, one_line, terminal_width, write

    found = list(findings)
    rows = [(one.grade, one.part, one_line(f"{one.where}: {one.says}" if one.where else one.says)) for one in found]
    write("".join(f"{line}\n" for line in fit(align(rows), terminal_width())))
    return any(one.grade == "FAIL" for one in found)
