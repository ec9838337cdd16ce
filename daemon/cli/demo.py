"""`deskd demo`: a short working day on loopback, played through the real daemon."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how long it stays, how fast it plays and how it tells."""
    parser.add_argument("--once", action="store_true", help="end after the day; 1 where something came out otherwise")
    parser.add_argument("--json", action="store_true", help="end after the day, and print only its summary, as JSON")
    parser.add_argument(
        "--speed", type=_speed, metavar="X", help="X times as fast as one can read along; 0: without pauses"
    )


def run(arguments: argparse.Namespace) -> int:
    """Play the day, then stay up until Ctrl-C; 1 where it did not come out as it should or cannot be played."""
    try:
        from daemon.demo.run import Wishes, run_demo
    except ModuleNotFoundError as error:
        sys.stderr.write(f"the demo needs the module {error.name}: install deskd[demo], or use `make demo`\n")
        return 1
    once = arguments.once or arguments.json
    usual = 0.0 if once or not sys.stdout.isatty() else 1.0
    speed = usual if arguments.speed is None else arguments.speed
    return run_demo(Wishes(once=once, as_json=arguments.json, speed=speed))


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 <= speed <= 1000:
        raise argparse.ArgumentTypeError("write a number from 0 to 1000")
    return speed
