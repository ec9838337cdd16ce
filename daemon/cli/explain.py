"""`deskd explain`: what the desk would do with a mail or a webhook body, and why, touching nothing."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

_USUAL = Path("deskd.toml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the files, and which desk is asked at what time."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a mail, or the body of a webhook")
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="ask this desk; left out: an empty one")
    parser.add_argument("--rulebook", metavar="NAME-OR-FILE", help="decide by this rulebook")
    parser.add_argument("--at", type=_moment, metavar="TIME", help="as if it came then (RFC 3339); left out: now")
    parser.add_argument("--source", metavar="NAME", help="the mailbox, listener or Alertmanager that told it")
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each file")


def run(arguments: argparse.Namespace) -> int:
    """Explain each file in order; 1 where one could not be read, 2 where the desk itself cannot be asked."""
    from daemon.cli.layout import terminal_width, write
    from daemon.explain.as_json import tell_as_json
    from daemon.explain.as_text import tell_as_text
    from daemon.explain.asking import Question, find_desk
    from daemon.explain.deciding import explain_file
    from daemon.explain.knowledge import KnowledgeError

    question = Question(config=arguments.config, rulebook=arguments.rulebook, source=arguments.source, at=arguments.at)
    tell = tell_as_json if arguments.json else partial(tell_as_text, width=terminal_width())
    failed = False
    try:
        desk = find_desk(question, datetime.now(UTC))
        with closing(desk.knowledge):
            for file in arguments.files:
                explanation = explain_file(file, desk)
                failed |= explanation.error is not None
                write(tell(explanation, desk.rulebook))
        _tell_of_the_desk_at_hand(arguments)
    except KnowledgeError as error:
        sys.stderr.write(f"{arguments.config}: {error}\n")
        return 2
    return int(failed)


def _tell_of_the_desk_at_hand(arguments: argparse.Namespace) -> None:
    """Every other command takes the deskd.toml that lies here; an answer without its people would puzzle."""
    if arguments.config is None and _USUAL.exists():
        sys.stderr.write(f"This is what an empty desk would do; add -c {_USUAL} to ask yours.\n")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 2026-11-23T09:30:00+08:00") from error
